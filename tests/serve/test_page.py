"""The chat page and the widget in a real browser, Debian's chromium, as a person uses them.

FAQBOT_SCREENSHOTS=DIR keeps pictures of the page in light, dark and phone size, to look at.
"""

import os
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from bot.serve.web import FOLDER
from tests.documents import ROOT, blocks
from tests.serve.servers import Server, server
from tests.serve.test_access import TOKEN
from tests.tools import library, tool

sync_api = library("playwright.sync_api", "faqbot[test]")
axe = library("axe_playwright_python.sync_playwright", "faqbot[test]")

QUESTION = "is Rustino sourdough"
PHONE: dict[str, Any] = {"viewport": {"width": 360, "height": 640}, "is_mobile": True, "has_touch": True}
SIZES: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "phone": PHONE,
    "phone-dark": {**PHONE, "color_scheme": "dark"},
}

Open = Callable[..., Any]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    path = tool("chromium", "chromium")
    with sync_api.sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield running
        running.close()


class Site:
    """Somebody else's web site, whose pages have the chat on them and allow next to nothing."""

    def __init__(self) -> None:
        site = self

        class Page(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body = site.page.encode() if self.path in {"/", "/other"} else b""
                self.send_response(200 if body else 404)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Security-Policy", site.policy)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                pass

        self.page = self.policy = ""
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def put(self, chat: str, attributes: str = "") -> None:
        """Let its pages have the widget of the server at `chat`."""
        self.policy = f"default-src 'none'; img-src 'self'; script-src {chat}; connect-src {chat}"
        self.page = f"""<!doctype html><html lang="en"><title>Shop</title><meta name="viewport" content="width=device-width">
            <body><main><h1>Shop</h1><div id="place"></div></main><script src="{chat}/widget.js" {attributes}></script>"""

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    site = Site()
    yield site
    site.close()


@pytest.fixture(scope="module")
def chat(bakery_folder: Path, site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    cache = tmp_path_factory.mktemp("cache")
    with server("--pack", str(bakery_folder), "--origin", site.url, "--rate", "0", cache=cache) as running:
        yield running


@contextmanager
def visit(browser: Any, url: str, **options: Any) -> Iterator[Any]:
    """A page of a new visitor. Nothing may go wrong on it, and it may load from nowhere but this machine."""
    context = browser.new_context(reduced_motion="reduce", **options)
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda message: wrong.append(message.text) if message.type in {"error", "warning"} else None)
    page.on("request", lambda request: None if "//127.0.0.1:" in request.url else wrong.append(request.url))
    try:
        page.goto(url)
        yield page
        assert [line for line in wrong if "Failed to load resource" not in line] == []
    finally:
        context.close()


def greeted(page: Any) -> Any:
    """The page, once the bot has said hello."""
    page.get_by_text("Hello. I answer questions about bread.").wait_for()
    return page


def ask(page: Any, text: str) -> Any:
    """Ask as a person does; the new reply, once it is there."""
    count = page.locator(".reply").count()
    page.get_by_role("textbox", name="Your question").fill(text)
    page.keyboard.press("Enter")
    reply = page.locator(".reply").nth(count)
    reply.wait_for()
    return reply


def faults(page: Any) -> list[str]:
    """What axe-core finds fault with, by the rules of WCAG 2.2 AA and its own best practices."""
    found = axe.Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [f"{fault['id']}: {[node['target'] for node in fault['nodes']]}" for fault in found]


def picture(page: Any, name: str) -> None:
    folder = os.environ.get("FAQBOT_SCREENSHOTS")
    if folder:
        page.screenshot(path=f"{folder}/{name}.png")


# ---- asking --------------------------------------------------------------------------------------------------------------


def test_a_question_gets_its_answer_with_source_suggestions_and_notice(browser: Any, chat: Server) -> None:
    with visit(browser, chat.url) as page:
        reply = ask(greeted(page), QUESTION)
        assert "Yes. Rustino (rye loaf) is made from sourdough." in reply.inner_text()
        source = reply.get_by_role("link", name="The bread book")
        assert source.get_attribute("href") == "https://crumb.example/book"
        assert "noopener" in str(source.get_attribute("rel"))
        assert "“Doughs”, reviewed 2026-03-31" in reply.inner_text()
        assert reply.get_by_role("button", name="Rustino: allergens?").is_visible()
        assert page.get_by_role("note").inner_text() == "I repeat what one book says."
        assert page.title() == "Bakery – questions about bread"


def test_a_choice_is_a_button_and_the_conversation_goes_on(browser: Any, chat: Server) -> None:
    with visit(browser, chat.url) as page:
        reply = ask(greeted(page), "how is it baked?")
        choices = reply.get_by_role("list", name="Which one do you mean?").get_by_role("button")
        assert choices.all_inner_texts() == ["Sourdough", "Yeast dough", "Puff pastry"]
        assert "1." not in reply.inner_text()  # the buttons are the list
        choices.nth(1).click()
        page.get_by_text("Yeast dough is baked").wait_for()
        assert "sesame" in ask(page, "and the allergens of sourdough?").inner_text()


def test_lists_are_lists(browser: Any, chat: Server) -> None:
    with visit(browser, chat.url) as page:
        reply = ask(greeted(page), "which bread?")
        assert reply.locator(".body li").first.inner_text() == "Rustino (rye loaf)"


def test_an_urgent_reply_stands_out_and_is_read_out_at_once(browser: Any, chat: Server) -> None:
    with visit(browser, chat.url) as page:
        reply = ask(greeted(page), "my throat is swelling")
        alert = reply.get_by_role("alert")
        assert alert.inner_text().startswith("Urgent")
        assert "Call now" in alert.inner_text()
        sync_api.expect(alert).to_be_in_viewport(ratio=0.9)
        assert alert.evaluate("e => getComputedStyle(e).borderTopWidth") == "2px"
        assert reply.get_by_role("group", name="Was this helpful?").count() == 0


def links(reply: Any) -> list[tuple[str, str]]:
    """The words of every link in a reply, and where it leads."""
    return [(str(link.inner_text()), str(link.get_attribute("href"))) for link in reply.locator("a").all()]


def test_the_numbers_of_an_urgent_reply_can_be_called(browser: Any, chat: Server) -> None:
    with visit(browser, chat.url, **PHONE) as page:
        reply = ask(greeted(page), "my throat is swelling")
        assert links(reply) == [("112", "tel:112"), ("911", "tel:911")]
        assert "Call now (Europe: 112; US: 911)." in reply.inner_text()
        page.reload()
        again = greeted(page).locator(".reply.urgent")
        again.wait_for()
        assert links(again) == [("112", "tel:112"), ("911", "tel:911")]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("In the US call or text 988, in the UK call Samaritans on **116 123**.", ["tel:988", "tel:116123"]),
        ("Phone +44 20-7946 0958 or 112", ["tel:+442079460958", "tel:112"]),
        ("Call 988 24 hours a day.", ["tel:988"]),
        ("Call 911 if it is over 101 or 100.4 °F; call 112-9111 not, but **911**", ["tel:911", "tel:1129111", "tel:911"]),
        ("Call within 120 minutes. Ring the 24-hour line, take no 500 mg. It is 2026, room 1911.", []),
        ("call <img src=x onerror=alert()> 999 <a href=javascript:alert()>911</a>", ["tel:999", "tel:911"]),
    ],
)
def test_what_is_a_number_to_call(browser: Any, chat: Server, text: str, numbers: list[str]) -> None:
    urgent = {"kind": "urgent", "markdown": text, "intent": "x", "suggestions": [], "options": [], "sources": []}
    with visit(browser, chat.url) as page:
        page.route("**/messages", lambda route: route.fulfill(json=urgent))
        reply = ask(greeted(page), "anything")
        assert [link for _, link in links(reply)] == numbers
        assert reply.locator(".body p:last-child").text_content() == text.replace("**", "")
        assert reply.locator("img").count() == 0
        page.route("**/messages", lambda route: route.fulfill(json={**urgent, "kind": "answer"}))
        assert links(ask(page, "anything")) == []


def test_feedback_reaches_the_server_once(browser: Any, chat: Server) -> None:
    def counted() -> float:
        lines = chat.get("/metrics").text.splitlines()
        return sum(float(line.split()[-1]) for line in lines if line.startswith("faqbot_feedback_total"))

    with visit(browser, chat.url) as page:
        before = counted()
        feedback = ask(greeted(page), QUESTION).get_by_role("group", name="Was this helpful?")
        feedback.get_by_role("button", name="No").click()
        feedback.get_by_text("Thank you.").wait_for()
        feedback.get_by_role("button", name="Yes").click(force=True)  # it looks and says disabled
        assert feedback.get_by_role("button", name="No").get_attribute("aria-pressed") == "true"
        assert ask(page, "hello")
        assert counted() == before + 1


@pytest.mark.parametrize(
    "text", ["<img src=x onerror=alert(1)>", "<script>alert(1)</script>", "**<b>x</b>** `y` &lt;", "\u202eabc"]
)
def test_text_is_never_html(browser: Any, chat: Server, text: str) -> None:
    with visit(browser, chat.url) as page:
        before = page.evaluate("document.querySelectorAll('img, script').length")
        ask(greeted(page), text)
        assert page.locator(".say").last.text_content() == f"You said: {text}"
        assert page.locator(".say *").count() == 1
        assert page.evaluate("document.querySelectorAll('img, script').length") == before


def test_a_reply_that_means_harm_stays_text(browser: Any, chat: Server) -> None:
    harm = {
        "kind": "answer", "markdown": "<img src=x onerror=alert(1)>\n- **<i>a</i>**", "intent": "x", "suggestions": ["<u>s</u>"],
        "options": [], "sources": [{"title": "<a>t</a>", "section": "<s>", "url": "javascript:alert(1)", "reviewed": None}],
    }  # fmt: skip
    with visit(browser, chat.url) as page:
        page.route("**/messages", lambda route: route.fulfill(json=harm))
        reply = ask(greeted(page), "anything")
        assert "<img src=x onerror=alert(1)>" in reply.inner_text()
        assert reply.locator("strong").inner_text() == "<i>a</i>"
        assert (reply.locator("img, i, u, s").count(), reply.locator("a").count()) == (0, 0)


# ---- when things go wrong ------------------------------------------------------------------------------------------------


def test_a_question_that_could_not_be_sent_can_be_sent_again(browser: Any, chat: Server) -> None:
    with visit(browser, chat.url) as page:
        greeted(page)
        page.context.set_offline(True)
        problem = ask(page, QUESTION)
        assert "could not be sent" in problem.inner_text()
        page.context.set_offline(False)
        problem.get_by_role("button", name="Try again").click()
        page.get_by_text("Yes. Rustino").wait_for()
        assert page.locator(".say").count() == 1


def test_a_busy_server_is_told_of(browser: Any, chat: Server) -> None:
    with visit(browser, chat.url) as page:
        busy = {"error": {"code": "busy", "message": "too many", "param": None, "type": "server_error"}}
        page.route("**/messages", lambda route: route.fulfill(status=503, json=busy))
        assert "Too many questions at the moment" in ask(greeted(page), QUESTION).inner_text()


def test_a_conversation_that_expired_begins_anew(browser: Any, chat: Server) -> None:
    with visit(browser, chat.url) as page:
        ask(greeted(page), QUESTION)
        id = page.evaluate("JSON.parse(Object.values(sessionStorage)[0]).id")
        chat._client.delete(f"{chat.url}/v1/conversations/{id}")
        assert "last rise" in ask(page, "what is proofing").inner_text()
        assert page.get_by_text("The conversation before this had ended").is_visible()


def test_the_page_of_a_server_with_tokens_asks_for_one(browser: Any, bakery_folder: Path, site: Site, tmp_path: Path) -> None:
    environment = {"FAQBOT_TOKENS": TOKEN}
    with server("--pack", str(bakery_folder), cache=tmp_path, **environment) as guarded, visit(browser, guarded.url) as page:
        page.get_by_label("Access token").fill("wrong-horse-battery")
        page.keyboard.press("Enter")
        page.get_by_label("Access token").fill(TOKEN)
        page.keyboard.press("Enter")
        assert "Yes. Rustino" in ask(greeted(page), QUESTION).inner_text()


# ---- keyboard, screen reader, eyes ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", SIZES)
def test_axe_finds_no_fault_with_the_page(browser: Any, chat: Server, size: str) -> None:
    with visit(browser, chat.url, **SIZES[size]) as page:
        greeted(page)
        picture(page, f"page-{size}-begin")
        assert faults(page) == []
        ask(page, QUESTION)
        ask(page, "how is it baked?")
        picture(page, f"page-{size}-choices")
        ask(page, "should I eat bread?")
        ask(page, "my throat is swelling")
        picture(page, f"page-{size}-urgent")
        page.get_by_text("What can I ask?").click()
        assert faults(page) == []


@pytest.mark.parametrize("size", SIZES)
def test_axe_finds_no_fault_with_the_widget(browser: Any, chat: Server, site: Site, size: str) -> None:
    site.put(chat.url, "defer")
    with visit(browser, site.url, **SIZES[size]) as page:
        assert faults(page) == []
        page.get_by_role("button", name="Ask a question").click()
        ask(greeted(page), QUESTION)
        picture(page, f"widget-{size}")
        assert faults(page) == []


def test_nothing_sticks_out_sideways_on_a_phone(browser: Any, chat: Server) -> None:
    with visit(browser, chat.url, **PHONE) as page:
        ask(greeted(page), "what is " + "x" * 300)
        assert page.evaluate("document.documentElement.scrollWidth") == 360
        assert page.locator(".log").evaluate("e => e.scrollWidth - e.clientWidth") == 0
        assert page.locator("textarea").evaluate("e => parseFloat(getComputedStyle(e).fontSize)") >= 16  # else phones zoom in
        send = page.get_by_role("button", name="Send").bounding_box()
        assert send["y"] + send["height"] <= 640


def test_everything_is_done_by_keyboard_alone(browser: Any, chat: Server, site: Site) -> None:
    site.put(chat.url, "defer")
    with visit(browser, site.url) as page:
        focus = "document.querySelector('faqbot-chat').shadowRoot.activeElement"
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        greeted(page)
        assert page.evaluate(f"{focus}.localName") == "textarea"
        page.keyboard.type("how is it baked?")
        page.keyboard.press("Enter")
        page.get_by_role("button", name="Puff pastry").wait_for()
        page.keyboard.press("Shift+Tab")
        assert page.evaluate(f"{focus}.textContent") == "Puff pastry"
        page.keyboard.press("Space")
        page.get_by_text("Puff pastry is baked").wait_for()
        assert page.evaluate(f"{focus}.textContent") == "Puff pastry"  # it stays, and what is new comes next
        page.keyboard.press("Tab")
        assert page.evaluate(f"{focus}.textContent") != "Puff pastry"
        page.keyboard.press("Escape")
        assert page.get_by_role("dialog").count() == 0
        assert page.evaluate(f"{focus}.textContent") == "Ask a question"


def test_new_lines_are_typed_with_shift(browser: Any, chat: Server) -> None:
    with visit(browser, chat.url) as page:
        box = greeted(page).get_by_role("textbox")
        box.fill("hello")
        low = box.bounding_box()["height"]
        box.press("Shift+Enter")
        box.press_sequentially("what is proofing?")
        assert box.bounding_box()["height"] > low
        box.press("Enter")
        page.get_by_text("Proofing is the last rise").wait_for()


def test_screen_readers_know_who_said_what_and_hear_what_is_new(browser: Any, chat: Server) -> None:
    with visit(browser, chat.url) as page:
        ask(greeted(page), "what is proofing")
        tree = page.locator("main").aria_snapshot()
        assert '- heading "Bakery – questions about bread" [level=1]' in tree
        assert '- log "Bakery – questions about bread":' in tree
        assert "You said: what is proofing" in tree
        assert "Reply:" in tree


# ---- on somebody's page --------------------------------------------------------------------------------------------------


def test_nothing_is_asked_of_the_server_before_the_widget_is_opened(browser: Any, chat: Server, site: Site) -> None:
    site.put(chat.url, "defer")
    context = browser.new_context()
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.removeprefix(chat.url)))
    page.goto(site.url)
    page.get_by_role("button", name="Ask a question").click()
    greeted(page)
    assert [path for path in asked if path.startswith("/")] == ["/widget.js", "/v1/topics"]
    context.close()


def test_the_conversation_outlasts_a_change_of_page(browser: Any, chat: Server, site: Site) -> None:
    site.put(chat.url, "defer")
    with visit(browser, site.url) as page:
        page.get_by_role("button", name="Ask a question").click()
        ask(greeted(page), "what is Rustino made of?")
        page.goto(f"{site.url}/other")
        page.get_by_text("You said: what is Rustino made of?").wait_for()
        assert "sesame" in ask(page, "and its traces?").inner_text()
        page.get_by_role("button", name="Start again").click()
        page.get_by_text("What was said before is forgotten.").wait_for()
        assert page.locator(".say").count() == 0


def test_a_page_that_remembers_nothing_leaves_nothing(browser: Any, chat: Server, site: Site) -> None:
    site.put(chat.url, 'defer data-remember="no"')
    with visit(browser, site.url) as page:
        page.get_by_role("button", name="Ask a question").click()
        ask(greeted(page), QUESTION)
        assert page.evaluate("sessionStorage.length + localStorage.length + document.cookie.length") == 0


def test_its_settings_are_attributes(browser: Any, chat: Server, site: Site) -> None:
    settings = 'data-title="Ask the baker" data-label="Bread?" data-position="left" data-theme="dark" data-color="#5b1a8a"'
    site.put(chat.url, f"defer {settings}")
    with visit(browser, site.url) as page:
        launch = page.get_by_role("button", name="Bread?")
        assert launch.evaluate("e => getComputedStyle(e).backgroundColor") == "rgb(91, 26, 138)"
        assert launch.bounding_box()["x"] < 100
        launch.click()
        greeted(page).get_by_role("heading", name="Ask the baker").wait_for()
        assert page.locator(".panel").evaluate("e => getComputedStyle(e).backgroundColor") == "rgb(22, 27, 33)"


def test_the_line_in_the_documents_is_all_that_it_takes(browser: Any, chat: Server, site: Site) -> None:
    (block,) = [block for block in blocks(ROOT / "docs" / "embedding.md") if block.language == "html"]
    site.put(chat.url)
    site.page = f'<!doctype html><html lang="en"><title>Shop</title><body>{block.text}</body>'.replace(
        "http://localhost:8000", chat.url
    )
    with visit(browser, site.url) as page:
        page.get_by_role("button", name="Questions?").click()
        assert "Yes. Rustino" in ask(greeted(page), QUESTION).inner_text()


def test_every_attribute_is_described() -> None:
    script = (FOLDER / "widget.js").read_text(encoding="utf-8")
    page = (ROOT / "docs" / "embedding.md").read_text(encoding="utf-8")
    used = set(re.findall(r"(?:settings|#set)\.(\w+)", script)) | {"theme", "position"}
    assert sorted(name for name in used if f"data-{name}" not in page or f"data-{name}" not in script) == []


def test_it_fills_the_element_that_it_is_given(browser: Any, chat: Server, site: Site) -> None:
    site.put(chat.url, 'data-target="#place"')
    with visit(browser, site.url) as page:
        greeted(page)
        assert page.locator("#place .panel").is_visible()


def test_the_page_around_it_can_ask_and_hears_of_replies(browser: Any, chat: Server, site: Site) -> None:
    site.put(chat.url, 'data-target="#place"')
    with visit(browser, site.url) as page:
        greeted(page)
        heard = page.evaluate("""() => new Promise((resolve) => {
            document.addEventListener("faqbot-reply", (event) => resolve(event.detail));
            document.querySelector("faqbot-chat").ask("what is proofing");
        })""")
        assert (heard["text"], heard["reply"]["kind"]) == ("what is proofing", "answer")


def test_a_site_that_the_server_does_not_know_may_not_ask(browser: Any, bakery_folder: Path, site: Site, tmp_path: Path) -> None:
    with server("--pack", str(bakery_folder), cache=tmp_path) as strict:
        site.put(strict.url, "defer")
        context = browser.new_context()
        page = context.new_page()
        told: list[str] = []
        page.on("console", lambda message: told.append(message.text))
        page.goto(site.url)
        page.get_by_role("button", name="Ask a question").click()
        page.get_by_text("could not be sent").or_(page.get_by_text("may not ask here")).wait_for()
        assert page.get_by_text("Hello. I answer questions about bread.").count() == 0
        assert f"faqbot: the server at {strict.url}/ has to run, and to be started with --origin {site.url}" in told
        context.close()
