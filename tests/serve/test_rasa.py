"""The REST channel of Rasa."""

from typing import Any

from starlette.testclient import TestClient

from tests.packs import bakery
from tests.serve.test_api import wire


def say(client: TestClient, sender: str, text: str) -> Any:
    (message,) = client.post("/webhooks/rest/webhook", json={"sender": sender, "message": text}).json()
    assert message["recipient_id"] == sender
    return message


def test_an_answer(client: TestClient) -> None:
    reply = bakery().ask("what is proofing")
    assert say(client, "ann", "what is proofing") == {"recipient_id": "ann", "text": reply.text, "custom": wire(reply)}


def test_options_are_buttons_and_pressing_one_answers(client: TestClient) -> None:
    buttons = say(client, "ann", "allergens?")["buttons"]
    assert [set(button) for button in buttons] == [{"title", "payload"}] * len(buttons)
    assert len(buttons) > 1
    assert say(client, "ann", buttons[1]["payload"])["custom"]["kind"] == "answer"


def test_every_sender_has_a_conversation(client: TestClient) -> None:
    say(client, "ann", "what is Rustino?")
    assert say(client, "bob", "how is it baked?")["custom"]["kind"] == "clarify"
    assert say(client, "ann", "how is it baked?")["custom"]["kind"] == "answer"


def test_a_restart_forgets(client: TestClient) -> None:
    say(client, "ann", "what is Rustino?")
    assert say(client, "ann", "/restart") == {"recipient_id": "ann", "text": bakery().pack.pack.greeting}
    assert say(client, "ann", "how is it baked?")["custom"]["kind"] == "clarify"


def test_a_sender_is_no_way_into_other_conversations(client: TestClient) -> None:
    id = client.post("/v1/conversations").json()["id"]
    client.post(f"/v1/conversations/{id}/messages", json={"text": "what is Rustino?"})
    assert say(client, id, "how is it baked?")["custom"]["kind"] == "clarify"


def test_the_channel_says_that_it_is_there(client: TestClient) -> None:
    assert client.get("/webhooks/rest/").json() == {"status": "ok"}
