"""Our own API, under /v1: questions, conversations, topics, and how the server is."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.serve import messages
from bot.serve.metrics import CONTENT_TYPE
from bot.serve.service import Service, json, of, owner_of
from bot.serve.store.interface import StoreError


async def ask(request: Request) -> Response:
    """One question, with no memory of others: the reply."""
    service = of(request)
    message = await service.read(request, messages.Message)
    reply = await service.ask(service.checked(message.text))
    return json(reply.to_dict(trace=message.explain))


async def begin(request: Request) -> Response:
    """A new conversation."""
    service = of(request)
    id = await service.conversations.begin(owner_of(request))
    return json(_conversation(service, id, 0), 201)


async def show(request: Request) -> Response:
    """A conversation: how many turns it has."""
    service, id = of(request), request.path_params["id"]
    return json(_conversation(service, id, await service.conversations.turns(id, owner_of(request))))


async def say(request: Request) -> Response:
    """The next message of a conversation: the reply."""
    service = of(request)
    message = await service.read(request, messages.Message)
    reply = await service.say(request.path_params["id"], owner_of(request), service.checked(message.text))
    return json(reply.to_dict(trace=message.explain))


async def end(request: Request) -> Response:
    """Forget a conversation."""
    await of(request).conversations.end(request.path_params["id"], owner_of(request))
    return Response(status_code=204)


async def topics(request: Request) -> Response:
    """What can be asked."""
    return json(messages.Topics.of(of(request).current.engine))


async def feedback(request: Request) -> Response:
    """What somebody thinks of a reply: counted, and noted in the question log if there is one."""
    service = of(request)
    given = await service.read(request, messages.Feedback)
    service.metrics.feedback.labels("yes" if given.helpful else "no").inc()
    await service.questions.add_feedback(given)
    return Response(status_code=204)


async def health(_request: Request) -> Response:
    """The process runs."""
    return json(messages.Health("ok"))


async def ready(request: Request) -> Response:
    """It can answer; 503 when it cannot."""
    service = of(request)
    try:
        await service.conversations.store.check()
        store = "ok"
    except StoreError as error:
        store = str(error)
    current = service.current
    status = "ready" if store == "ok" else "unavailable"
    loaded = current.loaded.isoformat(timespec="seconds")
    return json(messages.Ready(status, current.title, loaded, store, current.faults), 200 if store == "ok" else 503)


async def metrics(request: Request) -> Response:
    """The figures for Prometheus."""
    return Response(of(request).metrics.page(), headers={"Content-Type": CONTENT_TYPE})


def _conversation(service: Service, id: str, turns: int) -> messages.Conversation:
    about = service.current.engine.pack.pack
    expires = round(service.settings.ttl)
    return messages.Conversation(id, turns, expires, about.title, about.greeting, about.notice, tuple(about.starters))


ROUTES = [
    Route("/v1/ask", ask, methods=["POST"]),
    Route("/v1/conversations", begin, methods=["POST"]),
    Route("/v1/conversations/{id}", show, methods=["GET"]),
    Route("/v1/conversations/{id}", end, methods=["DELETE"]),
    Route("/v1/conversations/{id}/messages", say, methods=["POST"]),
    Route("/v1/topics", topics, methods=["GET"]),
    Route("/v1/feedback", feedback, methods=["POST"]),
    Route("/v1/health", health, methods=["GET"]),
    Route("/v1/ready", ready, methods=["GET"]),
    Route("/metrics", metrics, methods=["GET"]),
]
