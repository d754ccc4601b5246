"""The shipped pack: no faults, and every fact in it can be asked for from every side."""

import re
from itertools import combinations
from pathlib import Path

import pytest

from bot.language.template import expand, parse
from bot.pack.files import shipped_pack
from bot.pack.format import Entry
from bot.pack.knowledge import Knowledge
from bot.pack.load import read
from bot.reply import Reply
from tests.packs import shipped, shipped_source

PACK = shipped_source()
KNOW = Knowledge(PACK)
HOLDERS = list(KNOW.holders("side_effects"))
"""The classes, and the therapies that have side effects of their own."""
DRUGS = KNOW.of_kind("drug")
EFFECTS = KNOW.of_kind("side_effect")
COMBINATIONS = KNOW.of_kind("combination")
RULES = {name: parse(text) for name, text in PACK.rules.items()}


def ask(text: str) -> Reply:
    return shipped().ask(text)


def name(thing: str) -> str:
    return str(PACK.things[thing].name)


def brand(drug: str) -> str:
    """The name under which combinations are listed."""
    return KNOW.names(drug).get("brand", name(drug))


def has(holder: str, attribute: str, value: str) -> bool:
    return any(KNOW.is_form_of(own, value) for own in KNOW.all_values(holder, attribute))


def lacks(reply: Reply, names: list[str]) -> list[str]:
    """Which of `names` an answer does not name; all of them when it is no answer."""
    return [each for each in names if reply.kind != "answer" or each.lower() not in reply.text.lower()]


def test_the_pack_has_no_faults() -> None:
    _, faults = read(shipped_pack())
    assert [str(fault) for fault in faults] == []


def test_there_is_what_the_article_names() -> None:
    assert (len(KNOW.of_kind("drug_class")), len(DRUGS), len(COMBINATIONS)) == (6, 19, 12)
    assert len(HOLDERS) == 7


# ---- side effects ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("holder", HOLDERS)
@pytest.mark.parametrize("question", ["What are the side effects of {}?", "{} side effects", "which side effects do {} have"])
def test_a_class_names_all_its_side_effects(holder: str, question: str) -> None:
    reply = ask(question.format(name(holder)))
    assert lacks(reply, [name(effect) for effect in KNOW.all_values(holder, "side_effects")]) == []


@pytest.mark.parametrize("drug", DRUGS)
def test_a_drug_has_the_side_effects_of_its_class_and_says_so(drug: str) -> None:
    for each in set(KNOW.names(drug).values()):
        reply = ask(f"What are the side effects of {each}?")
        (holder,) = KNOW.all_values(drug, "class")
        assert lacks(reply, [name(holder), *(name(effect) for effect in KNOW.all_values(drug, "side_effects"))]) == []


@pytest.mark.parametrize("effect", EFFECTS)
def test_a_side_effect_names_those_that_have_it_and_no_others(effect: str) -> None:
    reply = ask(f"Which drugs list {name(effect)} as a side effect?")
    own = [name(holder) for holder in HOLDERS if has(holder, "side_effects", effect)]
    others = [name(holder) for holder in HOLDERS if not has(holder, "side_effects", effect)]
    assert reply.kind == ("answer" if own else "fallback")
    assert not own or lacks(reply, own) == []
    assert [other for other in others if other.lower() in reply.text.lower()] == []


def test_yes_for_all_that_is_listed_and_never_for_what_is_not() -> None:
    wrong = []
    for holder in (*HOLDERS, *DRUGS):
        for effect in EFFECTS:
            verdict = ask(f"Can {name(holder)} cause {name(effect)}?").verdict
            listed = has(holder, "side_effects", effect)
            if verdict != "yes" if listed else verdict == "yes":
                wrong.append((holder, effect, verdict))
    assert wrong == []


# ---- drugs -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("drug", DRUGS)
def test_the_class_of_a_drug_by_any_name(drug: str) -> None:
    (holder,) = KNOW.all_values(drug, "class")
    for each in set(KNOW.names(drug).values()):
        assert lacks(ask(f"What kind of drug is {each}?"), [name(holder)]) == []
    for other in dict.fromkeys(KNOW.all_values(each, "class")[0] for each in DRUGS):
        assert ask(f"Is {name(drug)} one of the {name(other)}?").verdict == ("yes" if other == holder else "no")


@pytest.mark.parametrize("holder", list(dict.fromkeys(KNOW.all_values(drug, "class")[0] for drug in DRUGS)))
def test_a_class_names_its_drugs_and_no_others(holder: str) -> None:
    reply = ask(f"Which drugs are {name(holder)}?")
    own = KNOW.all_values(holder, "members")
    assert lacks(reply, [name(drug) for drug in own]) == []
    others = [name(drug) for drug in DRUGS if drug not in own and not any(name(drug) in name(each) for each in own)]
    assert [other for other in others if re.search(rf"\b{re.escape(other)}\b", reply.text, re.I)] == []


@pytest.mark.parametrize("drug", [drug for drug in DRUGS if "brand" in KNOW.names(drug)])
def test_brand_and_generic_name(drug: str) -> None:
    names = KNOW.names(drug)
    assert lacks(ask(f"What is the brand name of {names['generic']}?"), [names["brand"]]) == []
    assert lacks(ask(f"What is the generic name of {names['brand']}?"), [names["generic"]]) == []
    assert ask(f"Is {names['brand']} the same as {names['generic']}?").verdict == "yes"


@pytest.mark.parametrize("drug", [drug for drug in DRUGS if "brand" not in KNOW.names(drug)])
def test_a_drug_without_a_brand_name(drug: str) -> None:
    assert ask(f"What is the brand name of {name(drug)}?").text == f"The article gives no brand name for {name(drug)}."


def test_two_drugs_are_never_the_same() -> None:
    pairs = [(one, other) for one, other in combinations(DRUGS, 2) if "faspro" not in (one, other)]
    assert [pair for pair in pairs if ask(f"Is {name(pair[0])} the same as {name(pair[1])}?").verdict != "no"] == []


# ---- combinations ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("combination", COMBINATIONS)
@pytest.mark.parametrize("question", ["Is there a combination of {}?", "{} together", "can {} be combined"])
def test_a_combination_is_found_from_its_parts(combination: str, question: str) -> None:
    *some, last = KNOW.all_values(combination, "parts")
    for named in (brand, name):
        parts = f"{', '.join(named(part) for part in some)} and {named(last)}"
        reply = ask(question.format(parts))
        assert lacks(reply, [brand(part) for part in (*some, last)]) == []
        assert reply.verdict == "yes"


def test_pairs_that_are_combined_and_pairs_that_are_not() -> None:
    wrong = []
    for one, other in combinations(DRUGS, 2):
        together = any(has(each, "parts", one) and has(each, "parts", other) for each in COMBINATIONS)
        verdict = ask(f"Is there a combination with {name(one)} and {name(other)}?").verdict
        if verdict != ("yes" if together else "no"):
            wrong.append((one, other, verdict))
    assert wrong == []


@pytest.mark.parametrize("drug", DRUGS)
def test_the_combinations_of_a_drug_are_listed_and_counted(drug: str) -> None:
    own = {name(each) for each in COMBINATIONS if has(each, "parts", drug)}
    words = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
    for question in ("Which combinations include {}?", "How many combinations include {}?"):
        reply = ask(question.format(name(drug)))
        told = re.sub(r" \([^)]*\)", "", reply.text)
        listed = {name(each) for each in COMBINATIONS if re.search(rf"(^- |: ){re.escape(name(each))}\.?$", told, re.M)}
        assert listed == own
        if drug != "daratumumab":  # which is listed apart from its other form
            assert re.search(rf"\b{words[len(own)]}\b", told)


def test_all_twelve_are_counted() -> None:
    reply = ask("How many combinations are there?")
    assert "twelve" in reply.text
    assert lacks(reply, [name(each) for each in COMBINATIONS]) == []


def test_the_topic_changes_nothing() -> None:
    assert ask("how many myeloma drugs are there").kind == "answer"


# ---- entries -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("entry", list(PACK.entries))
def test_the_question_of_an_entry_is_answered_with_it(entry: str) -> None:
    reply = ask(str(PACK.entries[entry].question))
    assert reply.kind == "answer"
    if reply.intent != entry:
        thing, _, attribute = str(PACK.entries[entry].fact or "").partition(".")
        expected = {f"{attribute}.list:{thing}", f"overview:{thing}" if attribute == "what" else ""}
        assert reply.intent in expected
        assert (answer(PACK.entries[entry]) or "").split(". ")[0][:60] in reply.text or not thing


def answer(entry: Entry) -> str | None:
    """What an entry answers, where that is a text."""
    if entry.fact is None:
        return entry.answer
    thing, _, attribute = entry.fact.partition(".")
    fact = PACK.things[thing].facts[attribute]
    return fact if isinstance(fact, str) and attribute != "given" else None


@pytest.mark.parametrize("entry", PACK.entries)
def test_the_next_questions_of_an_entry_are_answered(entry: str) -> None:
    assert [text for text in PACK.entries[entry].next if ask(str(text)).kind != "answer"] == []


def test_the_questions_to_begin_with_are_answered() -> None:
    assert [text for text in PACK.pack.starters if ask(str(text)).kind != "answer"] == []


def texts() -> dict[str, str]:
    """Every text that the pack answers with: entries, and what is known of things."""
    found = {entry_id: str(entry.answer) for entry_id, entry in PACK.entries.items() if entry.answer}
    for thing_id, thing in PACK.things.items():
        for attribute_id, value in thing.facts.items():
            if PACK.kinds[thing.kind].attributes[attribute_id].type == "text":
                found[f"{thing_id}.{attribute_id}"] = str(value)
    return found


@pytest.mark.parametrize("where", texts())
def test_a_list_stands_on_lines_of_its_own(where: str) -> None:
    text = texts()[where]
    assert re.search(r"[^\n] (?:-|\d\.) \S", text) is None
    assert not re.search(r" \n|\t|  ", text)


@pytest.mark.parametrize("where", texts())
def test_an_answer_is_made_of_whole_sentences(where: str) -> None:
    lines = texts()[where].strip().splitlines()
    assert lines[0][0].isupper()
    assert lines[-1].startswith("- ") or lines[-1].endswith((".", "!"))
    assert all(line.startswith("- ") or re.match(r"\d+\. |[A-Z]", line) for line in lines)


def syllables(word: str) -> int:
    """How many syllables `word` has, near enough: groups of vowels, but for a silent ending."""
    word = re.sub(r"[^a-z]", "", word.lower())
    if len(word) > 3 and not word.endswith(("le", "ted", "ded")):
        word = re.sub(r"(es|ed|e)$", "", word)
    return max(1, len(re.findall(r"[aeiouy]+", word)))


def grade(text: str) -> float:
    """School year in which `text` is understood (Flesch and Kincaid)."""
    sentences = [part for part in re.split(r"[.!?:]\s|\n", text + " ") if re.search(r"\w", part)]
    words = re.findall(r"[A-Za-z'-]+", text)
    return 0.39 * len(words) / len(sentences) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59


def test_answers_are_easy_to_read() -> None:
    grades = {entry_id: grade(text) for entry_id, entry in PACK.entries.items() if (text := answer(entry)) and " " in text}
    assert len(grades) > 50
    assert sum(grades.values()) / len(grades) <= 9


def test_syllables_are_counted_well_enough() -> None:
    expected = {
        "drug": 1,
        "relapse": 2,
        "treatment": 2,
        "used": 1,
        "infusion": 3,
        "dexamethasone": 5,
        "little": 2,
        "collected": 3,
    }
    assert {word: syllables(word) for word in expected} == expected


# ---- sources -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("entry", PACK.entries)
def test_every_answer_names_the_publisher_the_title_and_the_section(entry: str) -> None:
    reply = ask(str(PACK.entries[entry].question))
    about = PACK.pack.source
    sections = {each.section for each in PACK.entries.values()} | {each.section for each in PACK.things.values()}
    assert {source.title for source in reply.sources} <= {f"{about.publisher}: {about.title}"}
    assert about.publisher == "Healthline"
    assert {source.section for source in reply.sources} <= sections
    assert {source.reviewed for source in reply.sources} <= {None}
    assert reply.sources or reply.kind == "clarify"


def test_the_pack_lies_where_it_is_looked_for() -> None:
    assert shipped_pack() == Path(__file__).parents[1] / "faq"


# ---- out of scope ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("gap", PACK.gaps)
def test_what_the_article_does_not_hold_is_not_answered(gap: str) -> None:
    words = [word for template in PACK.gaps[gap].words for word in expand(parse(template), RULES)]
    probes = [probe.format(word) for word in words for probe in ("velcade {}", "{} of Kyprolis")]
    assert [probe for probe in probes if ask(probe).kind == "answer"] == []


@pytest.mark.parametrize(
    "text",
    [
        "when was it",
        "how effective",
        "how much does Velcade cost",
        "how does Xpovio work",
        "what are the side effects of Blenrep",
        "who makes Revlimid",
        "when was Kyprolis approved by the FDA",
        "what is the survival rate",
        "blood orange recipe",
        "cell phone plan",
        "stem cell research on mice in Japan",
        "best restaurant for a relapse party",
        "what is the capital of Kenya",
        "write a python function",
        "does Zorbatrex cause hair loss",
        "is Zorbatrex a proteasome inhibitor",
        "which drugs are combined with Zorbatrex",
    ],
)
def test_what_is_out_of_scope_is_not_answered(text: str) -> None:
    assert ask(text).kind in {"fallback", "clarify", "refer"}


# ---- what the engine gets wrong with this pack ---------------------------------------------------------------------------


def test_only_one_value_where_nothing_has_it_alone() -> None:
    assert ask("which drugs cause only nausea").text.startswith("The article names nothing that has only nausea.")


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("which drugs cause no nausea", "Velcade"),
        ("which drugs cause only nausea", "does not list nausea"),
        (
            "is there a drug that causes both hair loss and fever",
            "does not list hair loss and fever as a side effect of any treatment",
        ),
        ("which treatments do not cause nausea", "Velcade"),
    ],
)
def test_set_questions_say_nothing_false(text: str, wrong: str) -> None:
    assert wrong not in ask(text).text


def test_everything_known_of_a_drug_names_its_class() -> None:
    assert "monoclonal antibodies" in str(shipped().facts("Darzalex Faspro")).split("combinations")[0]


def test_a_clarification_is_good_english() -> None:
    assert ask("how is it given?").text.startswith("Which one do you mean? I can tell you how it is given for these:")


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("what are the types of drugs?", "drug-types"),
        ("is elotuzumab a drip", "given.verify:elotuzumab+infusion"),
        ("what happens on the drip with sarclisa", "infusion_reactions.list:isatuximab"),
        ("what is talvey and tecvayli", "overview:talquetamab+teclistamab"),
    ],
)
def test_a_word_that_can_mean_two_things_is_read_by_its_company(text: str, intent: str) -> None:
    assert ask(text).intent == intent


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("are Kyprolis and Velcade in the one family", "yes"),
        ("do velcade and kyprolis work the same way", "yes"),
        ("do kyprolis and darzalex work the same way", "no"),
        ("ever since the dexamethasone i havent slept, is it known for that", "yes"),
    ],
)
def test_what_two_things_share_and_what_cannot_be_denied(text: str, verdict: str) -> None:
    assert ask(text).verdict == verdict


@pytest.mark.parametrize(
    "text", ["how long does a bag of Sarclisa take to run", "who runs the trial", "the drip runs slowly, why"]
)
def test_what_runs_is_no_diarrhea(text: str) -> None:
    assert "diarrhea" not in {entity.id for entity in shipped().ask(text).entities}


def test_the_runs_are() -> None:
    reply = shipped().ask("does Revlimid give you the runs?")
    assert (reply.verdict, "diarrhea" in {entity.id for entity in reply.entities}) == ("yes", True)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("since the steroids a voice keeps telling me to jump. are mood changes normal", "urgent-suicide"),
        ("just found out im pregnant and my husband takes thalidomide, what do we do", "refer-decision"),
    ],
)
def test_what_is_told_before_an_ordinary_question_is_heard(text: str, intent: str) -> None:
    assert ask(text).intent == intent


@pytest.mark.parametrize(
    "text",
    [
        "The hedge next door grows over my wall, I kept every letter of his, I am at the end of my tether. Who decides?",
        "The parcel is at the depot since Monday, I stayed in for it, I am tired of being passed on. Who hears complaints?",
    ],
)
def test_an_everyday_story_is_no_emergency(text: str) -> None:
    assert ask(text).kind == "fallback"


@pytest.mark.parametrize(
    "text",
    [
        "daratumumab is not one of the monoclonal antibodies, is that right?",
        "doxorubicin is not one of the chemo drugs, is it?",
        "Pomalyst isn't one of the IMiDs, right?",
    ],
)
def test_a_denial_in_the_middle_is_no_check(text: str) -> None:
    reply = ask(text)
    assert (reply.kind, reply.verdict != "yes", reply.text.lower().startswith("yes")) == ("answer", True, False)


@pytest.mark.parametrize("question", ["talquetamab side effects", "Tell me the side effects of carfilzomib."])
def test_a_call_for_help_asks_nothing_by_itself(question: str) -> None:
    assert ask(f"Could you please help me? {question}").intent == ask(question).intent


@pytest.mark.parametrize(
    "opening",
    [
        "It is late and I cannot sleep, so I thought I would just ask.",
        "Three in the morning and wide awake, so I may as well ask you.",
        "I have been reading for hours and I am more confused than before, so here goes:",
    ],
)
def test_a_sleepless_night_is_no_emergency(opening: str) -> None:
    assert ask(f"{opening} What are the side effects of daratumumab?").kind == "answer"
