"""The REST channel of Rasa: front ends made for it can talk to the bot.

The sender is a name that the front end chooses; whoever knows it goes on with that conversation. So this shape is for servers
that speak for their users, and for names that cannot be guessed.
"""

import hashlib
from typing import Annotated, Any

from msgspec import Meta, Struct
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.serve.service import json, of, owner_of

_COMMANDS = {"/restart", "/session_start"}
"""What these front ends send by themselves; to begin anew is all that they can ask for here."""


class RasaRequest(Struct, frozen=True):
    """What is read of a request; a client may send more."""

    message: Annotated[str, Meta(min_length=1)]
    sender: Annotated[str, Meta(min_length=1, max_length=300)] = "default"


class Button(Struct, frozen=True):
    title: str
    payload: str
    """what to send when it is pressed"""


class RasaReply(Struct, frozen=True, omit_defaults=True):
    recipient_id: str
    text: str
    buttons: tuple[Button, ...] = ()
    """the options of a clarification"""
    custom: dict[str, Any] = {}
    """the whole reply, as /v1/ask gives it"""


async def webhook(request: Request) -> Response:
    """The next message of a sender: a list of one reply."""
    service = of(request)
    message = await service.read(request, RasaRequest)
    text = service.checked(message.message, "message")
    owner = owner_of(request)
    id = "rasa:" + hashlib.sha256(f"{owner}\n{message.sender}".encode(errors="replace")).hexdigest()
    if text.strip() in _COMMANDS:
        await service.conversations.store.drop(id)
        return json([RasaReply(message.sender, service.current.engine.pack.pack.greeting)])
    reply = await service.say(id, owner, text, renew=True)
    buttons = tuple(Button(option.title, option.question) for option in reply.options)
    return json([RasaReply(message.sender, reply.text, buttons, reply.to_dict())])


async def status(_request: Request) -> Response:
    """The channel is there."""
    return json({"status": "ok"})


ROUTES = [
    Route("/webhooks/rest/webhook", webhook, methods=["POST"]),
    Route("/webhooks/rest/", status, methods=["GET"]),
]
