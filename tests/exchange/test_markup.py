import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.exchange.markup import as_text, page

SCRIPTED = [
    "<script>alert(1)</script>fine",
    "fine<script src=//evil.example>",
    "fine<SCRIPT\n>alert(1)</SCRIPT >",
    "&lt;script&gt;alert(1)&lt;/script&gt;<p>fine",
    "&amp;lt;script&amp;gt;alert(1)&amp;lt;/script&amp;gt;<b>fine</b>",
    "<img src=x onerror=alert(1)>fine",
    "<svg onload=alert(1)><text>no</text></svg>fine",
    "<a href='javascript:alert(1)' onclick=alert(2)>fine</a>",
    "[fine](javascript:alert(1))",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>fine",
    "<style>p{background:url(javascript:alert(1))}</style>fine",
    "fine<script",
    "<!-- <script>alert(1)</script> -->fine",
]


@pytest.mark.parametrize("text", SCRIPTED)
def test_scripts_are_never_kept(text: str) -> None:
    shown = as_text(text)
    assert "fine" in shown
    assert "alert" not in shown
    assert "<" not in shown
    assert "javascript" not in shown


@example("fine<scriptfine")  # no tag that a browser knows
@given(
    st.lists(st.sampled_from([*SCRIPTED, "<", ">", "script", "&lt;", "&amp;", "/", "<scr", "ipt>", "<p>", "a"]), max_size=8).map(
        "".join
    )
)
def test_no_pieces_make_a_script(text: str) -> None:
    assert re.search(r"</?(?:script|img)\b", as_text(text), re.IGNORECASE) is None


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("1 < 2 & 3 > 2, a <name> and x<y", "1 < 2 & 3 > 2, a <name> and x<y"),
        ("two\nlines", "two\nlines"),
        ("two\nlines, <b>one</b> bold", "two\nlines, **one** bold"),
        ("<p>One\nline.</p><p>Two<br>lines &amp; more.</p>", "One line.\n\nTwo\nlines & more."),
        ("<ul><li>one</li><li>two</li></ul>after", "- one\n- two\n\nafter"),
        ("<ol><li>one<li><p>two</p></ol>", "1. one\n2. two"),
        ("see <a href='https://a.example/x'>here</a> or <a href=https://b.example>https://b.example</a>",
         "see here (https://a.example/x) or https://b.example"),
    ],
)  # fmt: skip
def test_what_is_shown_of_markup(text: str, shown: str) -> None:
    assert as_text(text) == shown


def test_a_page_is_headings_and_texts() -> None:
    source = "<title>T</title><nav>menu</nav><h1>One</h1>\n<p>two<h2><button>Three?</button></h2>\n<div>four</div><dt>five<dd>six"
    blocks = [(block.level, block.text, block.line) for block in page(source).blocks]
    assert blocks == [(1, "One", 1), (0, "two", 2), (2, "Three?", 2), (0, "four", 3), (7, "five", 3), (0, "six", 3)]
