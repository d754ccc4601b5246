"""Every format read as others write it; what is written is read back."""

import json
from pathlib import Path

import pytest
import yaml

from bot.engine import Engine
from bot.exchange.exporting import export_pack
from bot.exchange.importing import import_files
from bot.pack.load import load, read
from tests.exchange.conftest import Import, entries, held
from tests.pack.conftest import ABOUT

MARKDOWN = """\
---
layout: page
---
# Mill Lane

Welcome.

## Opening

### When do you open?

We open at **7**.

- on Sundays at 8
- never at night

#### Holidays

Closed.

Do you deliver?
---------------
Within *five* miles.

```
# not a heading?
```
## Contact
Call us.
"""


def test_markdown_as_people_write_it(import_: Import) -> None:
    found = import_({"faq.md": MARKDOWN})
    assert held() == {
        "when-do-you-open": (
            "When do you open?",
            "We open at **7**.\n\n- on Sundays at 8\n- never at night\n\n**Holidays**\n\nClosed.",
            [],
        ),
        "do-you-deliver": ("Do you deliver?", "Within *five* miles.\n\n```\n# not a heading?\n```", []),
    }
    assert [str(fault) for fault in found.faults] == [
        "faq.md:6:1: warning: the text from here to the next heading belongs to no question",
        "faq.md:29:1: warning: the text from here to the next heading belongs to no question",
    ]
    pack = load(Path("my"))
    assert (pack.pack.title, [entry.section for entry in pack.entries.values()]) == ("Mill Lane", ["Opening", "Opening"])


@pytest.mark.parametrize(
    "source",
    [
        "# FAQ\n## Delivery\nWithin five miles.\n",
        "**Delivery?**\n\nWithin five miles.\n",
        "Q: Delivery?\nA: Within five miles.\n",
    ],
)
def test_questions_without_question_marks_or_headings(import_: Import, source: str) -> None:
    import_({"faq.md": source})
    assert [(question.rstrip("?"), answer) for question, answer, _ in held().values()] == [("Delivery", "Within five miles.")]


PAGE = {
    "dl": "<dl><dt>Do you deliver?<dd>Within <b>five</b> miles.</dl>",
    "details": "<details><summary>Do you deliver?</summary>Within <b>five</b> miles.</details>",
    "headings": "<h2>Shop</h2><h3>Do you deliver?</h3><p>Within <b>five</b> miles.</p><footer>Imprint</footer>",
    "microdata": "<div itemscope itemtype='https://schema.org/Question'><span itemprop=name>Do you deliver?</span>"
    "<div itemprop=acceptedAnswer itemscope itemtype='https://schema.org/Answer'>"
    "<p itemprop=text>Within <b>five</b> miles.</div></div>",
    "json": '<h1>x</h1><script type="application/ld+json">{"@type": "FAQPage", "mainEntity": {"@type": "Question", '
    '"name": "Do you deliver?", "acceptedAnswer": {"text": "Within <b>five</b> miles.<script>alert(1)<\\/script>"}}}</script>',
}


@pytest.mark.parametrize("page", PAGE.values(), ids=PAGE)
def test_pages_as_people_write_them(import_: Import, page: str) -> None:
    found = import_({"faq.html": f"<title>Mill Lane</title>{page}"})
    assert held() == {"do-you-deliver": ("Do you deliver?", "Within **five** miles.", [])}
    assert found.faults == []
    assert load(Path("my")).pack.title == "Mill Lane"


def test_json_ld_with_scripts_and_slips(import_: Import) -> None:
    questions = [
        {
            "@type": "Question",
            "name": "Ship?<script>x</script>",
            "acceptedAnswer": [{"text": "Yes.&lt;script&gt;alert(1)&lt;/script&gt;"}],
        },
        {"@type": ["Question"], "name": "No answer?"},
        {"@type": "Question", "acceptedAnswer": {"text": "no name"}},
    ]
    graph = {"@graph": [{"@type": ["WebPage", "FAQPage"], "name": "Shop", "publisher": {"name": "We"}, "mainEntity": questions}]}
    found = import_({"faq.json": json.dumps(graph, indent=1)})
    assert held() == {"ship": ("Ship?", "Yes.", [])}
    lines = json.dumps(graph, indent=1).splitlines()
    line = next(number for number, text in enumerate(lines, 1) if "No answer?" in text)
    assert [str(fault) for fault in found.faults] == [
        f"faq.json:{line}:1: a Question has no 'name'",
        f"faq.json:{line}:1: the question 'No answer?' has no answer",
    ]
    assert load(Path("my")).pack.source.publisher == "We"


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("{\n", "faq.json:2:1: not readable as JSON: Expecting property name enclosed in double quotes"),
        ("{}", "faq.json: holds no schema.org Question: an FAQPage has them in 'mainEntity'"),
        ("[" * 100_000, "faq.json:1:1: not readable as JSON: too deep, or a number too long"),
    ],
)
def test_json_that_is_no_faq(import_: Import, source: str, fault: str) -> None:
    found = import_({"faq.json": source})
    assert ([str(fault) for fault in found.faults], found.is_written) == ([fault], False)


def test_a_list_of_objects(import_: Import) -> None:
    import_({"faq.json": '[{"question": "Ship?", "answer": "Yes."}]'})
    assert held() == {"ship": ("Ship?", "Yes.", [])}


NLU = """\
version: "3.1"
nlu:
- intent: faq/ask_hours
  examples: |
    - when do you [open](action)
    - hours on [monday]{"entity": "day", "value": "mon"}
- intent: check balance?
  examples:
    - text: how much do I have
- intent: empty
  examples: |
- synonym: mon
  examples: |
    - monday
"""
DOMAIN = """\
intents: [faq]
responses:
  utter_faq/ask_hours:
  - text: At 7.
    buttons: []
  - text: At seven.
  utter_money: [{text: See the app.}]
rules:
- rule: r
  steps: [{intent: check balance?}, {action: utter_money}]
"""


def test_rasa_with_its_responses(import_: Import) -> None:
    found = import_({"nlu.yml": NLU, "domain.yml": DOMAIN})
    assert held() == {
        "faq/ask_hours": ("when do you open", "At 7.", ["hours on monday"]),
        "check balance?": ("how much do I have", "See the app.", []),
    }
    assert [str(fault) for fault in found.faults] == ["nlu.yml:10:11: intent 'empty' has no phrasing: nobody could ask it"]
    assert found.lost == {
        "marks of entities in examples": 2,
        "synonyms of entities": 1,
        "other wordings of a response": 1,
        "'buttons' of responses": 1,
    }


def test_rasa_without_responses_is_imported_to_be_filled_in(import_: Import) -> None:
    found = import_({"nlu.yml": NLU})
    assert found.stand_ins == 2
    assert held()["check balance?"] == ("how much do I have", "No answer to 'check balance?' has been written yet.", [])


def test_yaml_that_is_not_rasas(import_: Import) -> None:
    found = import_({"nlu.yml": "entries: {}\n"})
    assert [str(fault) for fault in found.faults] == ["nlu.yml:1:1: is no Rasa file: it has neither 'nlu' nor 'responses'"]


STRANGE = [
    "what is my balance?",
    "cancel_reservation",
    "a.b:c/d",
    "über 余额 😀",
    "no",
    "-- >",
    "1.5",
    "{x}",
    "a, \"b\" 'c'",
    "=1",
    "#x",
    "--force",
]
FULL = ABOUT + "entries:\n" + "".join(
    f"  {json.dumps(name, ensure_ascii=False)}:\n"
    f"    question: how is number{number} (of them) done\n"
    f"    section: Part {number}\n"
    f"    answer: |-\n      # This is {number}.\n\n      - one\n      - 'two' & <three>\n"
    f"    phrasings: ['way{number} of it', '(do|make) thing{number}']\n"
    f"    confirms: [is it so{number}]\n    denies: [is it not{number}]\n"
    for number, name in enumerate(STRANGE)
)  # fmt: skip


@pytest.mark.parametrize("name", ["o.csv", "o.tsv", "o.jsonl", "o.md", "o.html", "o.json", "o.yml"])
def test_what_is_exported_is_imported_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.chdir(tmp_path)
    Path("old").mkdir()
    Path("old", "pack.yaml").write_text(FULL, encoding="utf-8")
    lost = export_pack(Path("old"), Path(name))
    found = import_files([Path(name)], Path("new"))
    assert (found.faults, found.entries, found.is_written) == ([], len(STRANGE), True)
    old, new = entries(load(Path("old"))), entries(load(Path("new")))
    assert list(new) == STRANGE
    for number, id_ in enumerate(STRANGE):
        question, answer, phrasings = new[id_]
        assert (question.replace("(", "").replace(")", ""), answer) == (f"how is number{number} of them done", old[id_][1])
        ways = [f"way{number} of it", f"do thing{number}", f"make thing{number}", f"is it so{number}", f"is it not{number}"]
        assert [phrasing for phrasing in phrasings if "of them" not in phrasing] == ways
    assert all(fault.severity == "warning" for fault in read(Path("new"))[1])
    if name in {"o.csv", "o.tsv", "o.jsonl", "o.md"}:
        assert lost == {}
        assert load(Path("new")).entries[STRANGE[0]].denies == ["is it not0"]
        assert [str(entry.section) for entry in load(Path("new")).entries.values()][:2] == ["Part 0", "Part 1"]
    else:
        assert lost["whether the answer to a phrasing is yes or no"] == 2 * len(STRANGE)


def test_ids_of_any_characters_are_answered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("old").mkdir()
    Path("old", "pack.yaml").write_text(FULL, encoding="utf-8")
    engine = Engine.load("old", cache=False)
    assert [engine.ask(f"way{number} of it").intent for number in range(len(STRANGE))] == STRANGE


def test_what_no_format_holds_is_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("old").mkdir()
    many = "(a|b|c|d) (e|f|g|h)"
    source = f"""\
smalltalk: {{hi: {{phrasings: [hi], answer: Hi.}}}}
kinds: {{tea: {{name: tea, plural: teas, attributes: {{taste: {{name: taste}}}}}}}}
things: {{green: {{kind: tea, name: green tea, section: Teas, facts: {{taste: It is grassy.}}}}}}
entries:
  taste: {{question: What is it like?, fact: green.taste, phrasings: ["{many}", "how is {{tea}}"], so: [it * grassy], risk: low}}
"""
    Path("old", "pack.yaml").write_text(ABOUT + source)
    lost = export_pack(Path("old"), Path("o.csv"))
    assert Path("o.csv").read_text() == "intent,question,answer,section\ntaste,What is it like?,It is grassy.,Teas\n"
    assert lost == {
        "kinds of things": 1,
        "things with facts": 1,
        "courtesies": 1,
        "signs of what is so": 1,
        "entries with a risk": 1,
        "templates of phrasings": 2,
    }


def test_a_page_carries_no_way_out_of_its_script(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("old").mkdir()
    entry = "{question: q one, section: S, answer: 'a </script><script>alert(1)</script> <b>'}"
    Path("old", "pack.yaml").write_text(ABOUT + f"entries: {{e: {entry}}}\n")
    export_pack(Path("old"), Path("o.html"))
    assert Path("o.html").read_text().count("<script") == 1
    assert Path("o.html").read_text().count("</script") == 1


def test_rasa_reads_what_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("old").mkdir()
    Path("old", "pack.yaml").write_text(
        ABOUT + "entries: {ask it: {question: What?, section: S, answer: That., phrasings: [which]}}\n"
    )
    export_pack(Path("old"), Path("o.yml"))
    assert yaml.safe_load(Path("o.yml").read_text()) == {
        "version": "3.1",
        "intents": ["ask it"],
        "nlu": [{"intent": "ask it", "examples": "- What?\n- which\n"}],
        "responses": {"utter_ask it": [{"text": "That."}]},
        "rules": [{"rule": "ask it", "steps": [{"intent": "ask it"}, {"action": "utter_ask it"}]}],
    }
