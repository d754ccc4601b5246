"""Whether any input makes the server fail: random bodies, paths and headers, and requests made from /openapi.json.

usage: python -m benchmarks.inputs [--inputs N] [--seed N] [--processes N]

Nine of ten are made by hypothesis from texts, bytes and odd JSON, one by schemathesis from the description of the API. They go to
the application itself, without a socket. A status of 500 or more, an error in another shape, or an exception is a failure; the
first of each process is shown with the request that caused it. The exit code is 0 when there is none.
"""

import argparse
import asyncio
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any

from benchmarks.machine import describe, stop

_CHUNK = 2000
"""Inputs of one run of hypothesis, which slows down in long runs."""


def run(seed: int, inputs: int) -> tuple[Counter[int], str]:
    """What became of so many inputs: status -> how many, and the first failure; empty when there is none."""
    from bot.serve.app import create_app
    from bot.serve.settings import Settings

    app = create_app(Settings(rate=0.0))
    statuses: Counter[int] = Counter()
    try:
        for done in range(0, inputs, _CHUNK):
            number = min(_CHUNK, inputs - done)
            made = number // 10
            with asyncio.Runner() as runner:
                _bodies(app, runner, f"{seed}:{done}", number - made, statuses)
            _described(app, f"{seed}:{done}", made, statuses)
    except Exception as error:
        return statuses, f"{type(error).__name__}: {error}"
    return statuses, ""


async def request(app: Any, method: str, path: str, headers: list[tuple[bytes, bytes]], body: bytes) -> tuple[int, bytes]:
    """Status and body of the response of the application."""
    status, content = 0, b""
    is_sent = False

    async def receive() -> dict[str, Any]:
        nonlocal is_sent
        if is_sent:
            await asyncio.Event().wait()  # the client stays
        is_sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        nonlocal status, content
        status = message.get("status", status)
        content += message.get("body", b"")

    raw = path.encode("utf-8", "replace")
    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": raw,
        "query_string": b"",
        "root_path": "",
        "headers": headers,
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 8000),
    }
    await app(scope, receive, send)
    return status, content


def _bodies(app: Any, runner: asyncio.Runner, name: str, number: int, statuses: Counter[int]) -> None:
    """Texts and odd JSON for every address that takes a body; now and then another path, method or header."""
    from hypothesis import HealthCheck, Phase, given, seed, settings
    from hypothesis import strategies as st

    words = st.sampled_from(["what is Velcade", "side effects", "not", "?", "and", "compare", "the first one", "more", "both"])
    text = st.lists(words | st.text(max_size=8), min_size=1, max_size=12).map(" ".join) | st.text(max_size=80)
    keys = st.sampled_from(["text", "explain", "message", "sender", "messages", "role", "content", "stream", "helpful", "intent"])
    odd = st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | text,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys | st.text(max_size=4), inner, max_size=5),
        max_leaves=10,
    )
    user = text.map(lambda said: {"role": "user", "content": said})
    right = st.one_of(
        st.tuples(st.just("/v1/ask"), st.fixed_dictionaries({"text": text}, optional={"explain": st.booleans()})),
        st.tuples(st.just("/webhooks/rest/webhook"), st.fixed_dictionaries({"message": text, "sender": st.sampled_from("ab")})),
        st.tuples(
            st.just("/v1/chat/completions"),
            st.fixed_dictionaries({"messages": st.lists(user, min_size=1, max_size=4)}, optional={"stream": st.booleans()}),
        ),
        st.tuples(st.just("/v1/feedback"), st.fixed_dictionaries({"helpful": st.booleans()}, optional={"text": text})),
    )
    posts = ["/v1/ask", "/v1/feedback", "/v1/chat/completions", "/webhooks/rest/webhook", "/v1/conversations/x/messages"]
    paths = st.sampled_from(posts) | st.text(max_size=30).map(lambda rest: f"/v1/{rest}")
    written = right.map(lambda made: (made[0], json.dumps(made[1]).encode()))
    wrong = st.tuples(paths, odd.map(lambda made: json.dumps(made).encode()) | st.binary(max_size=100))
    header = st.tuples(st.sampled_from([b"origin", b"authorization", b"host", b"content-length", b"x-a"]), st.binary(max_size=20))
    headers = st.sampled_from([0] * 9 + [1]).flatmap(lambda number: st.lists(header, min_size=number, max_size=3 * number))
    method = st.sampled_from(["POST"] * 40 + ["GET", "DELETE", "PUT", "OPTIONS", "HEAD"])
    kind = st.sampled_from([b"application/json"] * 40 + [b"text/plain", b"\xff"])

    @seed(name)
    @settings(max_examples=number, database=None, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(method, written | written | wrong, headers, kind)
    def check(method: str, target: tuple[str, bytes], more: list[tuple[bytes, bytes]], kind: bytes) -> None:
        path, body = target
        status, content = runner.run(request(app, method, path, [(b"content-type", kind), *more], body))
        statuses[status] += 1
        told = f"{method} {path!r} {more!r} {body!r} -> {status} {content[:300]!r}"
        assert 200 <= status < 500, told
        if status >= 400 and method != "HEAD" and b"access-control" not in content and content != b"Disallowed CORS origin":
            assert set(json.loads(content)["error"]) == {"code", "message", "param", "type"}, told

    check()


def _described(app: Any, name: str, number: int, statuses: Counter[int]) -> None:
    """Requests that the description of the API allows, and such that it does not."""
    import schemathesis
    from hypothesis import HealthCheck, Phase, given, seed, settings
    from hypothesis import strategies as st
    from schemathesis.checks import not_a_server_error

    api = schemathesis.openapi.from_asgi("/openapi.json", app)
    operations: list[st.SearchStrategy[Any]] = []
    for found in api.get_all_operations():
        operation: Any = found
        operations.append(operation.ok().as_strategy())

    @seed(name)
    @settings(max_examples=number, database=None, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(st.one_of(operations))
    def check(case: Any) -> None:
        response = case.call_and_validate(checks=[not_a_server_error])
        statuses[response.status_code] += 1

    check()


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--inputs", metavar="N", type=int, default=1_000_000, help="how many (default: %(default)s)")
    parser.add_argument("--seed", metavar="N", type=int, default=1, help="another seed makes other inputs (default: %(default)s)")
    parser.add_argument("--processes", metavar="N", type=int, default=os.cpu_count() or 1, help="(default: all cores)")
    args = parser.parse_args(argv)
    if args.inputs < 1 or args.processes < 1:
        stop("there must be one input and one process at least")
    print(describe())
    begin = time.perf_counter()
    statuses: Counter[int] = Counter()
    failures: list[str] = []
    with ProcessPoolExecutor(args.processes, mp_context=get_context("spawn")) as pool:
        share = -(-args.inputs // args.processes)
        for found, failure in pool.map(run, range(args.seed * 1000, args.seed * 1000 + args.processes), [share] * args.processes):
            statuses += found
            failures += [failure] * bool(failure)
    for failure in failures:
        print(failure)
    told = ", ".join(f"{count} times {status}" for status, count in sorted(statuses.items()))
    print(f"{sum(statuses.values())} inputs in {time.perf_counter() - begin:.0f} s: {told}")
    print(f"{len(failures)} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
