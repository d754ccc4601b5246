"""The files of the chat page: small, complete, public, and allowed to do little."""

import re
from pathlib import Path

import pytest

from bot.serve.web import FOLDER
from tests.packs import BAKERY
from tests.serve.conftest import Open
from tests.serve.test_access import WITH_TOKENS

FILES = ["/", "/widget.js", "/page.css", "/icon.svg"]


def test_all_together_are_under_40_kb(serving: Open) -> None:
    client = serving()
    assert sum(len(client.get(path).content) for path in FILES) < 40_000


@pytest.mark.parametrize("path", FILES)
def test_nothing_is_loaded_from_elsewhere(serving: Open, path: str) -> None:
    text = serving().get(path).text
    assert (
        re.findall(r"""(?:src|href|url|from|import)\s*[=(]?\s*["']?(?:https?:)?//""", re.sub(r"/\*.*?\*/", "", text, flags=re.S))
        == []
    )


@pytest.mark.parametrize("path", FILES)
def test_a_browser_that_has_it_is_told_so(serving: Open, path: str) -> None:
    client = serving()
    first = client.get(path)
    again = client.get(path, headers={"If-None-Match": first.headers["etag"]})
    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")
    assert first.headers["cache-control"] == again.headers["cache-control"] == "no-cache"
    changed = {name for name, value in again.headers.items() if first.headers.get(name) != value}
    assert changed == {"x-request-id"}  # a browser takes the headers of a 304 for those of what it has


def test_the_page_may_load_from_its_own_server_alone_and_make_no_html_of_text(serving: Open) -> None:
    policy = dict(part.split(" ", 1) for part in serving().get("/").headers["content-security-policy"].split("; "))
    assert policy["default-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
    assert policy["require-trusted-types-for"] == "'script'"


def test_no_way_to_make_html_of_text_stands_in_the_script() -> None:
    script = (FOLDER / "widget.js").read_text(encoding="utf-8")
    assert re.findall(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|DOMParser|setHTML", script) == []


def test_what_the_pack_says_stands_in_the_page_before_any_script_runs(serving: Open, tmp_path: Path) -> None:
    risky = BAKERY.replace("Bakery – questions about bread", '"Bread <b> & \\"butter\\""')
    (tmp_path / "bakery.yaml").write_text(risky, encoding="utf-8")
    page = serving(pack=str(tmp_path)).get("/").text
    assert "<title>Bread &lt;b&gt; &amp; &quot;butter&quot;</title>" in page
    assert "<p>I repeat what one book says.</p>" in page
    assert '<html lang="en">' in page


def test_a_server_with_tokens_shows_the_page_and_nothing_more(serving: Open) -> None:
    client = serving(**WITH_TOKENS)
    assert [client.get(path).status_code for path in [*FILES, "/v1/topics"]] == [200, 200, 200, 200, 401]


def test_pages_of_other_sites_may_load_the_widget(serving: Open) -> None:
    assert serving().get("/widget.js").headers["cross-origin-resource-policy"] == "cross-origin"
