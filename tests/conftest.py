from hypothesis import settings

settings.register_profile("faqbot", deadline=None)  # a busy machine is no fault
settings.load_profile("faqbot")
