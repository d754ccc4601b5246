"""The bot over HTTP. `bot.serve.app.create_app(settings)` is a plain ASGI application; `faqbot serve` runs it."""
