import signal
import threading

from hypothesis import settings

settings.register_profile("faqbot", deadline=None)  # a busy machine is no fault
settings.load_profile("faqbot")

# Whoever runs the tests in the background of a script hands down that these are ignored, and a program started from here would
# wait for ever for the interrupt that a test sends it. What has a handler here begins with the default there.
if threading.current_thread() is threading.main_thread():
    for number in (signal.SIGINT, signal.SIGHUP):
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, signal.default_int_handler)
