"""Who may ask: tokens, web sites, and how often."""

import pytest

from bot.serve.rate import Rate, client_of
from bot.serve.settings import fingerprint
from tests.serve.conftest import Open
from tests.serve.test_api import begin, error, say

TOKEN, OTHER, ADMIN = "correct-horse-battery", "another-horse-battery", "the-keeper-of-horses"
BEARER = {"Authorization": f"Bearer {TOKEN}"}
WITH_TOKENS = {"tokens": (fingerprint(TOKEN), fingerprint(OTHER)), "admin_tokens": (fingerprint(ADMIN),)}
QUESTION = {"text": "what is proofing"}


# ---- tokens --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("value", [None, "", "Bearer", "Bearer ", "Bearer wrong", f"Basic {TOKEN}", TOKEN, f"Bearer {TOKEN}x"])
def test_without_a_known_token_nothing_is_answered(serving: Open, value: str | None) -> None:
    client = serving(**WITH_TOKENS)
    headers = {} if value is None else {"Authorization": value}
    response = client.post("/v1/ask", json=QUESTION, headers=headers)
    assert error(response) == (401, "unauthorized")
    assert response.headers["www-authenticate"] == "Bearer"
    assert error(client.get("/v1/topics", headers=headers)) == (401, "unauthorized")


@pytest.mark.parametrize("token", [TOKEN, OTHER])
def test_every_known_token_may_ask(serving: Open, token: str) -> None:
    response = serving(**WITH_TOKENS).post("/v1/ask", json=QUESTION, headers={"Authorization": f"bearer {token}"})
    assert response.status_code == 200


def test_health_needs_no_token(serving: Open) -> None:
    client = serving(**WITH_TOKENS)
    assert [client.get(path).status_code for path in ("/v1/health", "/v1/ready", "/openapi.json")] == [200, 200, 200]


def test_the_conversation_of_another_client_is_unknown(serving: Open) -> None:
    client = serving(**WITH_TOKENS)
    client.headers = {"Authorization": f"Bearer {OTHER}"}
    id = begin(client)
    assert say(client, id, "hello").status_code == 200
    client.headers = dict(BEARER)
    assert error(say(client, id, "hello")) == (404, "unknown_conversation")
    assert error(client.delete(f"/v1/conversations/{id}")) == (404, "unknown_conversation")


def test_only_the_administrator_reloads_and_sees_the_figures(serving: Open) -> None:
    client = serving(**WITH_TOKENS)
    admin = {"Authorization": f"Bearer {ADMIN}"}
    assert error(client.get("/metrics", headers=BEARER)) == (401, "unauthorized")
    assert error(client.post("/v1/reload", headers=BEARER)) == (401, "unauthorized")
    assert client.get("/metrics", headers=admin).status_code == 200
    assert client.post("/v1/reload", headers=admin).status_code == 200
    assert error(client.post("/v1/ask", json=QUESTION, headers=admin)) == (401, "unauthorized")


def test_without_an_administrator_nobody_reloads(serving: Open) -> None:
    assert error(serving().post("/v1/reload")) == (403, "no_admin_token")


# ---- web sites -----------------------------------------------------------------------------------------------------------

SHOP = "https://shop.example"


def test_a_page_of_another_web_site_may_not_ask(serving: Open) -> None:
    client = serving(origins=(SHOP,))
    for origin in (
        "https://evil.example",
        "null",
        "http://shop.example",
        "https://shop.example.evil.example",
        "http://127.0.0.1:99",
    ):
        response = client.post("/v1/ask", json=QUESTION, headers={"Origin": origin})
        assert error(response) == (403, "origin_not_allowed")
        assert "access-control-allow-origin" not in response.headers


def test_a_page_of_a_listed_web_site_may(serving: Open) -> None:
    client = serving(origins=(SHOP,), **WITH_TOKENS)
    asks = {
        "Origin": SHOP,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization, content-type",
    }
    preflight = client.options("/v1/ask", headers=asks)
    assert (preflight.status_code, preflight.headers["access-control-allow-origin"]) == (200, SHOP)
    response = client.post("/v1/ask", json=QUESTION, headers={"Origin": SHOP, **BEARER})
    assert (response.status_code, response.headers["access-control-allow-origin"]) == (200, SHOP)
    assert "access-control-allow-credentials" not in response.headers


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"Access-Control-Request-Method": "PUT"}, "a page may not send this: Disallowed CORS method"),
        (
            {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "x-own"},
            "a page may not send this: Disallowed CORS headers",
        ),
    ],
)
def test_a_preflight_that_is_refused_is_an_error_like_any_other(serving: Open, asked: dict[str, str], message: str) -> None:
    client = serving(origins=(SHOP,))
    response = client.options("/v1/ask", headers={"Origin": SHOP, **asked})
    assert error(response) == (400, "preflight_refused")
    assert response.json()["error"]["message"] == message
    assert response.headers["content-type"] == "application/json"
    assert response.headers["access-control-allow-methods"] == "GET, POST, DELETE"
    assert 'faqbot_refused_total{code="preflight_refused"} 1.0' in client.get("/metrics").text


def test_errors_can_be_read_by_the_page_too(serving: Open) -> None:
    client = serving(origins=(SHOP,), **WITH_TOKENS)
    response = client.post("/v1/ask", json=QUESTION, headers={"Origin": SHOP})
    assert error(response) == (401, "unauthorized")
    assert response.headers["access-control-allow-origin"] == SHOP


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost:8000", "localhost", "[::1]:8000", "192.168.0.7"])
def test_our_own_page_may_ask(serving: Open, host: str) -> None:
    response = serving().post("/v1/ask", json=QUESTION, headers={"Origin": f"http://{host}", "Host": host})
    assert response.status_code == 200


def test_a_name_that_was_made_to_point_here_is_not_our_own(serving: Open) -> None:
    headers = {"Origin": "http://rebound.example:8000", "Host": "rebound.example:8000"}
    assert error(serving().post("/v1/ask", json=QUESTION, headers=headers)) == (403, "origin_not_allowed")
    assert serving(origins=("http://rebound.example:8000",)).post("/v1/ask", json=QUESTION, headers=headers).status_code == 200


# ---- how often -----------------------------------------------------------------------------------------------------------


def test_a_client_that_asks_too_often_is_told_when_to_come_back(serving: Open) -> None:
    client = serving(rate=0.01, burst=3)
    assert [client.post("/v1/ask", json=QUESTION).status_code for _ in range(3)] == [200] * 3
    response = client.post("/v1/ask", json=QUESTION)
    assert error(response) == (429, "too_many_requests")
    assert 90 <= int(response.headers["retry-after"]) <= 100
    assert client.get("/v1/health").status_code == 200


def test_every_token_has_its_own_measure(serving: Open) -> None:
    client = serving(rate=0.01, burst=1, **WITH_TOKENS)
    statuses = [
        client.post("/v1/ask", json=QUESTION, headers={"Authorization": f"Bearer {token}"}).status_code
        for token in (TOKEN, OTHER, TOKEN, OTHER)
    ]
    assert statuses == [200, 200, 429, 429]


def test_a_bucket_fills_again() -> None:
    now = 100.0
    rate = Rate(2.0, 3, lambda: now)
    assert [rate.take("a") for _ in range(4)] == [0, 0, 0, 0.5]
    assert rate.take("b") == 0
    now += 0.5
    assert [rate.take("a"), rate.take("a")] == [0, 0.5]
    now += 1000
    assert [rate.take("a") for _ in range(4)] == [0, 0, 0, 0.5]


def test_clients_are_forgotten_before_they_fill_the_memory() -> None:
    rate = Rate(1.0, 1, lambda: 0.0)
    rate.take("first")
    for number in range(50_000):
        rate.take(str(number))
    assert rate.take("first") == 0


def test_who_is_behind_an_address() -> None:
    assert client_of("192.0.2.1") == "192.0.2.1"
    assert client_of("2001:db8:1:2:3:4:5:6") == client_of("2001:db8:1:2:ffff::1") != client_of("2001:db8:1:3::1")
    assert client_of("2001:db8::1") == client_of("2001:db8::ffff:1") != client_of("2001:db8:0:1::1")
