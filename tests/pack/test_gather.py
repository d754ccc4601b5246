from bot.errors import Fault
from bot.pack.gather import Gathered, gather, slug
from bot.pack.rows import read_rows


def gathered(source: str, *, is_whole: bool = True) -> tuple[Gathered, list[str]]:
    faults: list[Fault] = []
    found = gather(list(read_rows(source, "a.csv", faults)), faults, is_whole=is_whole)
    return found, [str(fault) for fault in faults]


def test_rows_of_one_intent_are_one_entry() -> None:
    found, faults = gathered("intent,question,answer\nHours?,When?,At 7\nHours?,opening hours,\nHours?,opening  Hours?,At 7\n")
    entry = found.entries["Hours?"]  # type: ignore[index]
    assert (entry.question, entry.answer, entry.phrasings, found.repeated) == ("When?", "At 7", ["opening hours"], 1)
    assert faults == []


def test_without_an_intent_rows_of_one_answer_are_one_entry() -> None:
    found, faults = gathered('question,answer\nWhen do you open?,At 7\nopening hours,At 7\n"When, do you open",At 9\n')
    assert [(str(id_), entry.phrasings) for id_, entry in found.entries.items()] == [
        ("when-do-you-open", ["opening hours"]),
        ("when-do-you-open-2", []),
    ]
    assert faults == []


def test_brackets_are_no_templates() -> None:
    found, _ = gathered("intent,question,answer\na,What is APR (yearly)?,x\na,the [rate] :),\nb,is {it} <so>|no,y\n")
    a, b = found.entries.values()
    assert (a.question, a.phrasings) == ("What is APR (yearly)?", ["What is APR yearly ?", "the rate :"])
    assert b.question == "is it so no"


def test_what_cannot_be_used_is_told_and_the_rest_kept() -> None:
    source = """\
intent,question,answer
a,one,x
a,two,y
b,One?,z
c,,only an answer
d,only a question,
,neither,
e,?!,x
a,three,
"""
    found, faults = gathered(source)
    assert {str(id_): [entry.question, *entry.phrasings] for id_, entry in found.entries.items()} == {"a": ["one", "three"]}
    assert sorted(faults) == [
        "a.csv:3:1: another answer of 'a' stands on line 2: it can have one only",
        "a.csv:4:1: 'One?' is a phrasing of 'a' and of 'b': it can have one answer only",
        "a.csv:4:1: intent 'b' has no phrasing: nobody could ask it",
        "a.csv:5:1: intent 'c' has no phrasing: nobody could ask it",
        "a.csv:6:1: intent 'd' has no answer in any row",
        "a.csv:7:1: the row has neither an intent nor an answer: to what does it belong?",
        "a.csv:8:1: '?!' holds no word",
    ]


def test_a_question_of_too_many_words() -> None:
    _, faults = gathered(f"intent,question,answer\na,{'word ' * 101},x\n")
    assert faults == ["a.csv:2:1: the question has more than 100 words: shorten it"]


def test_in_a_pack_the_answer_may_stand_elsewhere() -> None:
    found, faults = gathered("intent,question,verdict\na,one,\na,two,yes\n", is_whole=False)
    assert ({str(id_): (p.asks, p.confirms) for id_, p in found.phrasings.items()}, faults) == ({"a": (["one"], ["two"])}, [])


def test_ids_made_from_questions() -> None:
    assert slug("What's the “best” way to pay, if I may ask you that today?") == "whats-the-best-way-to-pay-if-i"
    assert (slug("Öffnungszeiten?"), slug("余额 是多少"), slug("?")) == ("öffnungszeiten", "余额-是多少", "entry")
