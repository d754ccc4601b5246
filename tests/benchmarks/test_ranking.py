"""The benchmarks of ranking: what they count, on data small enough to count by hand."""

import csv
import gzip
import json
import re
from collections.abc import Sequence
from pathlib import Path
from random import Random
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from benchmarks import banking77, clinc150, page, scale
from benchmarks.ranking import measure
from benchmarks.ranking.data import Example, held_out, read_examples, read_set, sampled, slip, with_slips, write_examples
from benchmarks.ranking.measure import Outcome, Prediction
from benchmarks.ranking.plan import Failed, Limits, build
from benchmarks.ranking.plots import bars
from benchmarks.ranking.results import RESULTS, command_of, read
from benchmarks.ranking.synthetic import PHRASINGS, examples, questions
from benchmarks.ranking.systems import EXAMPLES, SYSTEMS, Faqbot

ASKED = [Example(text, label) for text, label in (("a", "x"), ("b", "x"), ("c", "y"), ("d", "y"), ("e", None), ("f", None))]
FOUND = [
    Prediction("x", 0.9),  # right
    Prediction("y", 0.3),  # wrong
    Prediction("y", 0.8),  # right
    Prediction("y", 0.5),  # right
    Prediction("x", 0.7),  # should have been silent
    Prediction(None, 0.0),  # rightly silent, with any threshold
]


def test_accuracy_is_of_what_is_in_scope() -> None:
    assert measure.accuracy(ASKED, FOUND) == 3 / 4
    assert measure.accuracy(ASKED[4:], FOUND[4:]) == 0.0


def test_the_best_threshold_makes_most_decisions_right() -> None:
    # from the highest score down: 2, 3, 4, 3, 4 and 4 of six decisions are right; of the best the surest counts
    assert measure.best_threshold(ASKED, FOUND) == 0.8
    assert measure.best_threshold(ASKED[4:], FOUND[4:]) == float("inf")


def test_what_becomes_of_the_questions_with_a_threshold() -> None:
    assert measure.at_threshold(ASKED, FOUND, 0.8) == Outcome(in_scope=0.5, out_of_scope=1.0, answered=0.5, wrong=0.0)
    assert measure.at_threshold(ASKED, FOUND, 0.0) == Outcome(in_scope=0.75, out_of_scope=0.5, answered=1.0, wrong=2 / 6)
    assert measure.at_threshold(ASKED[:4], FOUND[:4], 0.0).out_of_scope is None


def test_auroc_counts_pairs_and_ties_by_half() -> None:
    assert measure.auroc(ASKED, FOUND) == (2 + 2 + 1 + 1) / 8
    assert measure.auroc(ASKED, [Prediction("x", 0.5)] * 6) == 0.5
    assert measure.auroc(ASKED[:4], FOUND[:4]) is None


@pytest.mark.parametrize(("risk", "answered", "threshold"), [(0.0, 0.5, 0.8), (0.2, 0.75, 0.5), (0.4, 1.0, 0.3)])
def test_how_much_is_answered_while_few_answers_are_wrong(risk: float, answered: float, threshold: float) -> None:
    assert measure.answered_at(ASKED, FOUND, risk) == answered
    assert measure.safe_threshold(ASKED, FOUND, risk) == threshold


def test_equal_scores_are_given_together() -> None:
    asked, found = ASKED[:2], [Prediction("x", 0.5), Prediction("y", 0.5)]
    assert measure.answered_at(asked, found, 0.4) == 0.0
    assert measure.answered_at(asked, found, 0.5) == 1.0


def test_the_curve_goes_from_no_answer_to_every_answer() -> None:
    points = measure.curve(ASKED, FOUND)
    assert (points[0].answered, points[0].wrong) == (0.0, 0.0)
    assert (points[-1].answered, points[-1].wrong) == (1.0, 2 / 6)
    assert len(measure.curve(ASKED * 50, [Prediction("x", at / 300) for at in range(300)], 20)) == 21


scored = st.lists(
    st.tuples(st.sampled_from(["x", "y", None]), st.sampled_from(["x", "y", None]), st.sampled_from([0.0, 0.25, 0.5, 1.0])),
    min_size=1,
)


@given(scored, st.sampled_from([0.0, 0.01, 0.1, 0.5]))
def test_measures_against_the_slow_and_obvious_way(rows: Sequence[tuple[str | None, str | None, float]], risk: float) -> None:
    asked = [Example("", wanted) for wanted, _, _ in rows]
    found = [Prediction(label, score) for _, label, score in rows]
    every = [0.0, 0.25, 0.5, 1.0, 2.0]
    outcomes = {threshold: measure.at_threshold(asked, found, threshold) for threshold in every}

    def decisions(threshold: float) -> int:
        given = [(wanted, label if score >= threshold else None) for wanted, label, score in rows]
        return sum(wanted == label for wanted, label in given)

    assert decisions(measure.best_threshold(asked, found)) == max(map(decisions, every))
    if any(wanted is not None for wanted, _, _ in rows):
        safe = [one.answered for one in outcomes.values() if one.wrong <= risk + 1e-12]
        assert measure.answered_at(asked, found, risk) == max(safe)
    pairs = [(i.score > o.score) + (i.score == o.score) / 2 for e, i in zip(asked, found, strict=True) if e.label is not None
             for f, o in zip(asked, found, strict=True) if f.label is None]  # fmt: skip
    assert measure.auroc(asked, found) == (pytest.approx(sum(pairs) / len(pairs)) if pairs else None)


def test_percentiles() -> None:
    values = [float(value) for value in range(100, 0, -1)]
    assert [measure.percentile(values, share) for share in (0.0, 0.5, 0.99, 1.0)] == [1.0, 51.0, 100.0, 100.0]
    assert measure.percentile([], 0.5) == 0.0


# ---- data ---------------------------------------------------------------------------------------------------------------


@given(st.text("abcdefghij klm", max_size=40), st.integers(0, 1000))
def test_a_slip_is_one_stroke_of_the_keyboard(text: str, seed: int) -> None:
    slipped = slip(text, Random(seed))
    assert OSA.distance(text, slipped) == (1 if any(len(word) >= 4 for word in text.split(" ")) else 0)


def test_slips_are_the_same_every_time() -> None:
    asked = [Example("where is my parcel", "parcel"), Example("why", None)]
    assert with_slips(asked) == with_slips(asked)
    assert [one.label for one in with_slips(asked)] == ["parcel", None]
    assert with_slips(asked)[1] == asked[1]


def test_a_tenth_of_each_intent_is_held_out() -> None:
    every = [Example(f"{label} {number}", label) for label in "ab" for number in range(20)]
    kept, out = held_out(every, 10)
    assert [example.text for example in out] == ["a 9", "a 19", "b 9", "b 19"]
    assert sorted([*kept, *out], key=every.index) == every


def test_a_sample_of_the_intents() -> None:
    assert {example.label for example in sampled(ASKED, 1)} == {"x", None}
    assert sampled(ASKED, None) == sampled(ASKED, 7) == ASKED


def test_examples_go_through_a_file(tmp_path: Path) -> None:
    assert write_examples(tmp_path / "e.csv", [*ASKED, Example('say "a,\nb"', "z")]) == 5
    assert [(one.label, one.text) for one in read_examples(tmp_path / "e.csv")][-2:] == [("y", "d"), ("z", 'say "a,\nb"')]


def test_a_set_with_a_bad_line_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "set.jsonl.gz"
    path.write_bytes(gzip.compress(b'{"split": "train", "text": "a", "label": "x"}\n{"split": "train"}\n'))
    for bad, message in ((path, "set.jsonl.gz:2: "), (tmp_path / "none.gz", "No such file")):
        with pytest.raises(SystemExit) as left:
            read_set(bad)
        assert left.value.code == 2
        assert message in capsys.readouterr().err


def test_synthetic_packs_are_distinct_and_always_the_same() -> None:
    made = list(examples(1000))
    assert made == list(examples(1000))
    assert len({example.text for example in made}) == 1000
    assert len({example.label for example in made}) == 1000 // PHRASINGS
    assert not [example.text for example in made if re.search(r"[{}]|,$|  ", example.text)]


def test_what_is_asked_lacks_a_word_of_a_phrasing_and_has_a_slip() -> None:
    words = {
        label: [set(e.text.split()) for e in examples(1000) if e.label == label] for label in {e.label for e in examples(1000)}
    }
    for question in questions(1000, 50):
        typed = question.text.split()
        assert any(len(typed) == len(own) - 1 or len(set(typed) - own) <= 1 for own in words[question.label])


# ---- systems, and the commands ------------------------------------------------------------------------------------------

SET = [
    *(("train", text, "hours") for text in ("when do you open", "opening hours please", "what time do you close")),
    *(("train", text, "parking") for text in ("where can I park", "is there a car park", "parking spaces nearby")),
    ("val", "opening time", "hours"),
    ("val", "a place to park", "parking"),
    ("oos_val", "who painted the ceiling", None),
    ("test", "when are you open", "hours"),
    ("oos_test", "how tall is a giraffe", None),
]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A folder that holds a very small set, under the names of both."""
    lines = [json.dumps({"split": split, "text": text, "label": label}) for split, text, label in SET]
    train = [(text, label) for split, text, label in SET if split == "train"]
    few = [json.dumps({"split": name, "text": text, "label": label}) for name in ("train_5", "train_10") for text, label in train]
    more = [json.dumps({"split": "train", "text": f"parking number {n} of mine", "label": "parking"}) for n in range(20)]
    (tmp_path / "clinc150_full.jsonl.gz").write_bytes(gzip.compress("\n".join(lines).encode()))
    (tmp_path / "banking77.jsonl.gz").write_bytes(gzip.compress("\n".join([*lines, *few, *more]).encode()))
    return tmp_path


def test_the_bot_learns_through_the_importer(tmp_path: Path) -> None:
    write_examples(tmp_path / EXAMPLES, [Example(text, label) for split, text, label in SET if split == "train"])
    with (tmp_path / EXAMPLES).open("a", encoding="utf-8", newline="") as file:
        csv.writer(file).writerow(["hours", "where can I park"])  # a phrasing of two intents is left to the first
    system = Faqbot(tmp_path)
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("FAQBOT_CACHE", str(tmp_path / "other"))
        assert system.build() == {"phrasings": 6, "rows left out, a phrasing of two intents": 1}
        assert system.bytes() > 0
        assert [system.rank(text).label for text in ("when do you open", "where can I park", "")] == ["hours", "parking", None]
        assert system.rank_many(["when do you open", ""]) == [system.rank("when do you open"), system.rank("")]


@pytest.mark.parametrize("name", [name for name in SYSTEMS if name != "faqbot"])
def test_peers_find_what_they_have_learned(name: str, tmp_path: Path) -> None:
    for module in SYSTEMS[name].needs:
        pytest.importorskip(module, reason=f"needs {module}: pip install -r benchmarks/requirements.txt")
    write_examples(tmp_path / EXAMPLES, [Example(text, label) for split, text, label in SET if split == "train"])
    SYSTEMS[name](tmp_path).build()
    system = SYSTEMS[name](tmp_path)
    system.open()
    texts = ["when do you open", "where can I park"]
    assert [one.label for one in system.rank_many(texts)] == [system.rank(text).label for text in texts] == ["hours", "parking"]
    system.rank("")
    assert system.bytes() > 0


def test_a_run_on_validation_questions_asks_no_test(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    argv = ["--data", str(data), "--validation", "--systems", "faqbot", "rapidfuzz", "--out", str(tmp_path / "out")]
    assert clinc150.main(argv) == 0
    assert "full: 6 examples of 2 intents; asked 2 in scope, 1 out of scope" in capsys.readouterr().out
    found = read(tmp_path / "out" / "clinc150.validation.json")
    assert (found.split, str(tmp_path) in found.command) == ("validation", False)
    assert "The test split was not asked." in found.protocol[-1]
    assert set(found.settings["full"]) == {"faqbot", "rapidfuzz"}
    assert found.settings["full"]["rapidfuzz"]["asked"]["accuracy"] == 1.0
    shown = page.page(tmp_path / "out")
    assert "(validation questions)" in shown
    assert re.search(r"^\| rapidfuzz \| 100.0% \| ", shown, re.MULTILINE)


def test_a_run_on_test_questions_has_its_threshold_from_others(data: Path, tmp_path: Path) -> None:
    own, others = banking77.settings(data, True)[0], banking77.settings(data, True)[1:]
    assert not {one.text for one in own.train} & {one.text for one in own.validation}
    assert own.whole is not None
    assert {one.text for one in own.train} | {one.text for one in own.validation} == {one.text for one in own.whole}
    assert all(not {e.text for e in one.train} & {e.text for e in one.validation} for one in others)
    argv = ["--data", str(data), "--systems", "rapidfuzz", "--only", "full", "--out", str(tmp_path / "out")]
    assert banking77.main(argv) == 0
    found = read(tmp_path / "out" / "banking77.json")
    assert (found.split, "The test split was asked." in found.protocol[-1]) == ("test", True)
    assert found.settings["full"]["rapidfuzz"]["asked"]["accuracy"] == 1.0


def test_what_takes_too_much_is_ended_and_told(tmp_path: Path) -> None:
    write_examples(tmp_path / EXAMPLES, examples(20_000))
    late = build("rapidfuzz", tmp_path, Limits(minutes=1e-4))
    assert late == Failed("building took more than 0.0001 minutes of processor")


def test_scale_measures_what_it_makes(tmp_path: Path) -> None:
    assert scale.main(["--sizes", "200", "--systems", "faqbot", "rapidfuzz", "--out", str(tmp_path)]) == 0
    (figures,) = read(tmp_path / "scale.json").settings.values()
    assert all(own["asked"]["first"] > 0.8 and own["built"]["disk_mb"] > 0 for own in figures.values())
    assert "### 200 phrasings" in page.page(tmp_path)


def test_a_failure_has_its_row_in_the_page(tmp_path: Path) -> None:
    argv = ["--sizes", "5000", "--systems", "rapidfuzz", "--minutes", "0.0001", "--out", str(tmp_path)]
    assert scale.main(argv) == 0
    assert "| rapidfuzz | building took more than 0.0001 minutes of processor |" in page.page(tmp_path)


def test_an_unknown_system_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        scale.main(["--systems", "oracle"])
    assert left.value.code == 2
    assert "there is no system 'oracle'; there are faqbot, rapidfuzz, tantivy" in capsys.readouterr().err


def test_a_command_is_told_without_the_folders_of_a_machine() -> None:
    told = command_of("clinc150", ["--data", "/home/ann/sets", "--out=/tmp/x", "--validation"])
    assert told == "python -m benchmarks.clinc150 --data DIR --out=DIR --validation"


def test_the_page_shows_the_results_that_are_kept() -> None:
    assert page.PAGE.read_text(encoding="utf-8") == page.page(RESULTS), "python -m benchmarks.page"
    pictures = page.pictures(RESULTS)
    for name, picture in pictures.items():
        assert (page.PAGE.parent / name).read_text(encoding="utf-8") == picture, "python -m benchmarks.page"
    assert all(f"({name})" in page.page(RESULTS) for name in pictures)


def test_a_picture_tells_each_share_and_draws_it_as_long() -> None:
    root = ElementTree.fromstring(bars("Two & more", ["right", "slips"], [("one <bot>", [0.5, 0.25])]))
    drawn = [element for element in root if element.tag.endswith("rect") and element.get("height") == "10"]
    assert [float(str(element.get("width"))) for element in drawn] == pytest.approx([245.0, 122.5])
    assert [element.text for element in root if element.get("class") == "value"] == ["50.0%", "25.0%"]
