"""Reports: the table, CSV, JUnit XML and the page say what was measured, and nothing in them can do harm."""

import csv
import io
import json
import re
import shutil
import subprocess
import xml.etree.ElementTree as ET
from html.parser import HTMLParser
from pathlib import Path

import pytest

from bot.coverage import export, page, report, table
from bot.coverage.cases import Case, Expectation, Turn
from bot.coverage.facts import fact_cases
from bot.coverage.gate import Verdict
from bot.coverage.judge import Mark, marks_of
from bot.coverage.measure import measure
from bot.coverage.perturb import Perturber
from bot.coverage.selftest import self_test
from tests.packs import bakery, bakery_pack
from tests.tools import tool

NASTY = "<script>alert('1')</script> \x1b[31m & ]]> \ud800 \u202e \x00 milk?"


@pytest.fixture(scope="module")
def marks() -> list[Mark]:
    parents = [*fact_cases(bakery_pack()), *self_test(bakery_pack())]
    expect = Expectation(kind=("fallback",), has=(("<b>",),))
    odd = [Case("odd <id>", (Turn(NASTY, expect), Turn("Which breads contain milk?", expect), Turn("milk?")), ("<tag>",), "odd")]
    cases = [*parents, *Perturber(bakery_pack()).cases(parents, 5), *odd]
    return [mark for case in cases for mark in marks_of(case, bakery().conversation())]


@pytest.fixture(scope="module")
def made(marks: list[Mark]) -> report.Report:
    verdict = Verdict(("facts: 1% right",), ("a <note>",))
    return report.make(measure(marks), title="Bakery <1>", faqbot="1", digest="abc", entries=["zzz"], gate=verdict)


def test_the_table_has_a_row_for_every_source_and_no_control_characters(made: report.Report) -> None:
    text = table.as_text(made, failures=1000)
    rows = re.findall(r"^(facts|self-test|perturbed|odd|all) +(\d+) ", text, re.MULTILINE)
    assert dict(rows) == {name: str(share.questions) for name, share in {**made.sources, "all": made.all}.items()}
    assert all(char.isprintable() or char == "\n" for char in text)
    assert "gate: 1 below the floor\n  facts: 1% right\n  note: a <note>" in text
    assert "entries that no question reached (1)\n  zzz" in text


def test_the_table_fits_a_terminal(made: report.Report) -> None:
    assert max(len(line) for line in table.as_text(made, failures=50).splitlines()) <= 100


def test_no_figure_is_rounded_up_to_all() -> None:
    assert [page.percent(share) for share in (None, 0.0, 0.0001, 0.5, 0.99999, 1.0)] == [
        "–", "0.0 %", "0.1 %", "50.0 %", "99.9 %", "100.0 %",
    ]  # fmt: skip


def test_json_is_the_report(made: report.Report) -> None:
    read = json.loads(report.as_json(made, ascii=True))
    assert read["all"]["questions"] == made.all.questions
    assert read["failures"][0]["faults"] == list(made.failures[0].faults)
    assert {"sources", "tags", "intents", "confusions", "bins", "risk_coverage", "robustness", "matrix", "timing"} <= read.keys()


def test_csv_has_every_question(marks: list[Mark]) -> None:
    file = io.BytesIO()
    export.write_csv(marks, file)
    rows = list(csv.DictReader(io.StringIO(file.getvalue().decode())))
    assert [(row["id"], int(row["turn"]), row["outcome"]) for row in rows] == [(m.case, m.turn, m.outcome) for m in marks]
    assert rows[-1]["ask"] == "milk?"


def test_junit_is_xml_with_a_failure_for_every_reply_that_is_not_right(marks: list[Mark]) -> None:
    file = io.BytesIO()
    export.write_junit(((mark, 0.5) for mark in marks), measure(marks), file)
    root = ET.fromstring(file.getvalue())
    assert int(root.attrib["tests"]) == len(root.findall(".//testcase")) == len(marks)
    failed = [mark for mark in marks if mark.outcome not in {"right", "unjudged"}]
    assert int(root.attrib["failures"]) == len(root.findall(".//failure")) == len(failed)
    assert len(root.findall(".//skipped")) == sum(mark.outcome == "unjudged" for mark in marks)
    suites = {suite.attrib["name"]: int(suite.attrib["tests"]) for suite in root}
    assert suites == {name: tally.questions for name, tally in measure(marks).sources.items()}


# ---- the page -----------------------------------------------------------------------------------------------------------


class Page(HTMLParser):
    """What a page is made of."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.links: list[str] = []
        self.ids: list[str] = []
        self.labels: list[str] = []
        self.count: dict[str, int] = {}
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        self.count[tag] = self.count.get(tag, 0) + 1
        self.links += [value for name in ("src", "href", "action") if (value := named.get(name))]
        self.ids += [value for name in ("id",) if (value := named.get(name))]
        self.labels += [value for name in ("aria-labelledby", "for") if (value := named.get(name))]
        if tag == "svg":
            assert named.get("aria-label") or named.get("aria-hidden"), "a picture says what it shows, or that it adds nothing"
        if tag not in {"meta", "input", "br"}:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.count[tag] = self.count.get(tag, 0) + 1

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_is_whole_needs_no_network_and_runs_nothing_of_what_was_asked(made: report.Report) -> None:
    text = page.as_html(made, bakery_pack()).decode()
    read = Page(text)
    assert [link for link in read.links if not link.startswith("#")] == []
    assert not re.search(r"url\(|@import|https?://", text)
    assert read.count["script"] == 1
    assert "&lt;script&gt;alert" in text
    assert set(read.labels) <= set(read.ids)
    assert len(set(read.ids)) == len(read.ids)
    assert read.count["svg"] >= 3
    assert read.count["h1"] == 1
    for name in ("light dark", "prefers-color-scheme: dark", "@media print", 'lang="en"'):
        assert name in text


def test_the_page_shows_every_form_and_thing(made: report.Report) -> None:
    text = page.as_html(made, bakery_pack()).decode()
    for form in {cell.form for cell in made.matrix}:
        assert f"<summary>{form}, by thing</summary>" in text
    things = {cell.thing for cell in made.matrix} & set(bakery_pack().things)
    assert len(things) > 10
    assert all(f">{bakery_pack().things[thing].name}</th>" in text for thing in things)


def test_a_page_of_ten_thousand_cases_is_small(marks: list[Mark]) -> None:
    wrong = [mark for mark in marks if mark.outcome == "wrong"]
    many = [*marks, *(wrong * (10_000 // len(wrong)))]
    found = report.make(measure(many), title="t", faqbot="1", digest="d")
    assert found.failure_count > 9_000
    assert len(page.as_html(found, bakery_pack())) < 3_000_000


def test_a_browser_opens_the_page(made: report.Report, tmp_path: Path) -> None:
    chromium = tool("chromium", "chromium")
    (tmp_path / "report.html").write_bytes(page.as_html(made, bakery_pack()))
    address = (tmp_path / "report.html").as_uri()
    flags = ["--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path / 'profile'}", "--enable-logging=stderr"]
    done = subprocess.run([chromium, *flags, "--dump-dom", address], capture_output=True, text=True, timeout=120, check=True)
    assert "CONSOLE" not in done.stderr
    assert done.stdout.count("<details") == len(made.failures) + len({cell.form for cell in made.matrix})
    printed = tmp_path / "report.pdf"
    subprocess.run([chromium, *flags, f"--print-to-pdf={printed}", address], capture_output=True, timeout=120, check=True)
    assert printed.read_bytes().startswith(b"%PDF")
    shutil.rmtree(tmp_path / "profile", ignore_errors=True)
