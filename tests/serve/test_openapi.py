"""/openapi.json says what the server does: schemathesis makes requests from it and holds every response against it."""

import json
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)
from starlette.testclient import TestClient

from bot.serve import web
from bot.serve.app import ROUTES, create_app
from bot.serve.openapi import describe
from bot.serve.settings import Settings
from tests.serve.conftest import Open

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    response_headers_conformance,
    negative_data_rejection,
    unsupported_method,
]


@pytest.fixture(scope="module")
def api(bakery_folder: Path) -> Any:
    app = create_app(Settings(pack=str(bakery_folder), rate=0.0, largest_body=10_000_000))
    return schemathesis.openapi.from_asgi("/openapi.json", app)


OPERATIONS = [(path, method) for path, methods in describe(Settings())["paths"].items() for method in methods]
WITH_BODY = [(path, method) for path, method in OPERATIONS if "requestBody" in describe(Settings())["paths"][path][method]]


@pytest.mark.parametrize(
    ("path", "method", "mode"),
    [
        *((path, method, GenerationMode.POSITIVE) for path, method in OPERATIONS),
        *((path, method, GenerationMode.NEGATIVE) for path, method in WITH_BODY),
    ],
)
def test_every_response_is_as_described(api: Any, path: str, method: str, mode: GenerationMode) -> None:
    @given(case=api[path][method.upper()].as_strategy(generation_mode=mode))
    @settings(max_examples=25, derandomize=True, suppress_health_check=list(HealthCheck))
    def check(case: Any) -> None:
        case.call_and_validate(checks=CHECKS)

    check()


def test_every_address_is_described() -> None:
    described = {(method.upper(), path) for path, methods in describe(Settings())["paths"].items() for method in methods}
    served = {
        (method, route.path) for route in ROUTES if route not in web.ROUTES for method in route.methods or () if method != "HEAD"
    }
    assert described | {("GET", "/openapi.json")} == served


def test_the_limits_and_the_tokens_of_this_server_are_described() -> None:
    document = describe(Settings(longest_text=123, tokens=("a",)))
    assert document["components"]["schemas"]["Message"]["properties"]["text"]["maxLength"] == 123
    assert document["security"] == [{"token": []}]
    assert describe(Settings())["security"] == []


def test_the_examples_work(client: TestClient) -> None:
    for path, methods in client.get("/openapi.json").json()["paths"].items():
        for method, operation in methods.items():
            body = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
            if "example" in body:
                target = path.replace("{id}", client.post("/v1/conversations").json()["id"])
                response = client.request(method, target, json=body["example"])
                assert str(response.status_code) in operation["responses"]
                assert response.status_code < 300


ANY = st.recursive(st.none() | st.booleans() | st.floats() | st.text(max_size=40), lambda inner: st.lists(inner, max_size=4) |
                   st.dictionaries(st.sampled_from(["text", "message", "messages", "role", "content", "sender", "explain"]) |
                                   st.text(max_size=5), inner, max_size=5), max_leaves=12)  # fmt: skip
PATHS = st.sampled_from(
    ["/v1/ask", "/v1/conversations/x/messages", "/v1/feedback", "/v1/chat/completions", "/webhooks/rest/webhook"]
)


@given(path=PATHS, body=ANY.map(lambda value: json.dumps(value).encode()) | st.binary(max_size=60))
@settings(max_examples=300, derandomize=True, suppress_health_check=list(HealthCheck))
def test_no_body_breaks_the_server(shared: TestClient, path: str, body: bytes) -> None:
    response = shared.post(path, content=body, headers={"Content-Type": "application/json"})
    assert response.status_code < 500
    assert response.headers["content-type"] == "application/json" or response.status_code == 204


@pytest.fixture
def shared(serving: Open) -> TestClient:
    return serving()
