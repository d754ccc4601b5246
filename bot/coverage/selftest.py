"""The pack asked what it says itself: every phrasing must win its own entry, and the pack's own test questions must hold."""

from collections.abc import Iterator

from bot.coverage.bots import fold_of
from bot.coverage.cases import Case, Expectation, Turn
from bot.language.template import Sequence, TemplateError, expand, parse
from bot.pack.format import Check, Pack, Phrasings
from bot.pack.knowledge import Knowledge
from bot.pack.wording import ranked
from bot.reply import Verdict

_MOST_PHRASES = 3
"""Of a template so many phrases are asked."""

_OPPOSITE: dict[Verdict, Verdict] = {"yes": "no", "no": "yes"}


def pack_tests(pack: Pack) -> Iterator[Case]:
    """The pack's own test questions, its section `tests`."""
    for number, check in enumerate(pack.tests, 1):
        line = getattr(check.ask, "line", 0)
        path = getattr(check.ask, "path", "")
        yield Case(f"test-{number}", (Turn(str(check.ask), _expected(check)),), (), "pack", path=path, line=line)


def _expected(check: Check) -> Expectation:
    return Expectation(
        kind=(check.kind,),
        has=tuple((text.lower(),) for text in check.has),
        lacks=tuple(text.lower() for text in check.lacks),
        verdict="yes" if check.verdict == "yes" else "no" if check.verdict == "no" else None,
        intent=(str(check.intent),) if check.intent else (),
    )


def self_test(pack: Pack) -> Iterator[Case]:
    """A case for every phrasing of every entry; of a template, for a few of its phrases."""
    yield from _SelfTest(pack).cases()


def held_out(pack: Pack, fold: int, folds: int) -> Iterator[Case]:
    """The phrasings of one part, for the bot that was made without them (`HeldOutBot`)."""
    yield from _SelfTest(pack).cases(fold, folds)


class _SelfTest:
    def __init__(self, pack: Pack) -> None:
        self._pack = pack
        self._know = Knowledge(pack)
        self._rules: dict[str, Sequence] = {name: parse(text) for name, text in pack.rules.items()}

    def cases(self, fold: int | None = None, folds: int = 1) -> Iterator[Case]:
        """Those of one fold, or all of them, with the question of each entry."""
        source = "self-test" if fold is None else "held-out"
        for entry, verdict, at, text in self._phrasings():
            if fold is not None and (at == 0 or fold_of(entry, text, folds) != fold):
                continue
            for number, phrase in enumerate(self._asked(text), 1):
                name = f"{source}.{entry}.{at}" + (f".{number}" if number > 1 else "")
                opposite = _OPPOSITE[verdict] if verdict is not None else None
                expect = Expectation(kind=("answer",), intent=self._intents(entry), never=opposite)
                path, line = getattr(text, "path", ""), getattr(text, "line", 0)
                yield Case(name, (Turn(phrase, expect),), (), source, {"entry": entry}, path=path, line=line)

    def _intents(self, entry: str) -> tuple[str, ...]:
        """The entry; and the question over that very fact, if it is a fact that answers."""
        fact = self._pack.entries[entry].fact
        if fact is None:
            return (entry,)
        thing, _, attribute = fact.partition(".")
        return (entry, f"{attribute}.list:{thing}")

    def _phrasings(self) -> Iterator[tuple[str, Verdict | None, int, str]]:
        """Entry, verdict, number and text of every phrasing; number 0 is the question of the entry."""
        for id_, entry in self._pack.entries.items():
            more = self._pack.phrasings.get(id_, Phrasings())
            asked: list[tuple[Verdict | None, list[str]]] = [
                (None, [entry.question, *entry.phrasings, *more.asks]),
                ("yes", [*entry.confirms, *more.confirms]),
                ("no", [*entry.denies, *more.denies]),
            ]
            at = 0
            for verdict, texts in asked:
                for text in texts:
                    yield str(id_), verdict, at, text
                    at += 1

    def _asked(self, text: str) -> list[str]:
        """A plain phrasing as it is; of a template some of the phrases that it stands for, with a name in each slot."""
        if not any(char in text for char in "[(<{|"):
            return [str(text)]
        try:
            phrases = [phrase for phrase in expand(parse(text), self._rules) if phrase.strip()]
        except TemplateError:
            return []
        return [self._filled(phrase) for phrase in ranked(phrases, text)[:_MOST_PHRASES]]

    def _filled(self, phrase: str) -> str:
        for kind in self._pack.kinds:
            slot = "{" + kind + "}"
            if slot in phrase:
                things = ranked(self._know.of_kind(kind), phrase)
                phrase = phrase.replace(slot, str(self._know.thing(things[0]).name) if things else "")
        return phrase
