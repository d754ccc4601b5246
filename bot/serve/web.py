"""The chat page at `/`, and `widget.js`, which puts the same chat on anybody's page. Static files, read once; no build step."""

import hashlib
from functools import cache
from html import escape
from pathlib import Path
from string import Template

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.serve.service import of

FOLDER = Path(__file__).parent / "page"

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    )
)
"""What the page may do: load from this server alone, and make no HTML of text."""

_CSP = "content-security-policy"

_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


async def page(request: Request) -> Response:
    """The chat page. What the pack says of itself stands in it before the script has run."""
    about = of(request).current.engine.pack.pack
    words = {"language": about.language, "title": about.title, "greeting": about.greeting, "notice": about.notice}
    html = Template(_text("index.html")).substitute({name: escape(str(word)) for name, word in words.items()})
    return _tagged(request, Response(html, media_type="text/html", headers={"Content-Security-Policy": POLICY}))


async def file(request: Request) -> Response:
    """One of the files that the page is made of. Pages of other sites may load the widget."""
    name = request.url.path.rpartition("/")[2]
    response = Response(_text(name), media_type=_TYPES[Path(name).suffix])
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return _tagged(request, response)


def _tagged(request: Request, response: Response) -> Response:
    """`response`, or the news that the browser has it already. A browser asks every time: an upgrade shows at once.

    The news has the same headers: the browser takes them for those of what it has.
    """
    tag = f'"{hashlib.sha256(response.body).hexdigest()[:16]}"'
    response.headers["ETag"] = tag
    response.headers["Cache-Control"] = "no-cache"
    if tag in request.headers.get("if-none-match", ""):
        kept = {name: value for name, value in response.headers.items() if not name.startswith("content-") or name == _CSP}
        return Response(status_code=304, headers=kept)
    return response


@cache
def _text(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")


ROUTES = [
    Route("/", page, methods=["GET"]),
    *(Route(f"/{name}", file, methods=["GET"]) for name in ("widget.js", "page.css", "icon.svg")),
]
