"""Words for what the facts say: blanks filled, lists joined, capitals and full stops where they belong."""

import re
from collections.abc import Iterable
from collections.abc import Sequence as Row

from bot.pack.knowledge import Knowledge

_NUMBERS = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")

_VERDICT = re.compile(r"(?:Yes|No)(?:,[^:.]*)?[:.] ")


def number_word(count: int) -> str:
    """`3` -> `three`; figures from 13 on."""
    return _NUMBERS[count] if count < len(_NUMBERS) else str(count)


def join(names: Iterable[str], last: str = "and") -> str:
    """`a, b and c`."""
    items = list(names)
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} {last} {items[-1]}" if items else ""


def bullets(names: Iterable[str]) -> str:
    return "\n" + "\n".join(f"- {name}" for name in names)


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _sentence_case(text: str) -> str:
    """Capitals at the beginning and behind `Yes.` and `No.`."""
    for opening in ("Yes. ", "No. "):
        if text.startswith(opening):
            return opening + capital(text[len(opening) :])
    return capital(text)


def without_verdict(line: str) -> str:
    """`line` without the yes or no that it begins with."""
    return capital(_VERDICT.sub("", line, count=1)) if _VERDICT.match(line) else line


class Wording:
    """Fills the sentences of one pack."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._know = knowledge
        self._source = str(knowledge.pack.pack.source.noun)

    def listed(self, thing: str, left_out: Row[str] = ()) -> str:
        """The thing with its members in brackets, but for those that are left out: `sourdough (Rustino, Kornelia)`."""
        kind = self._know.pack.kinds[self._know.thing(thing).kind]
        held = self._know.held(thing, kind.members) if kind.members else None
        if held is None:
            return self._know.shown(thing)
        members = ", ".join(self._know.shown(m, short=True) for m in held.values if m not in left_out)
        return f"{self._know.shown(thing)} ({members})" if members else self._know.shown(thing)

    def many(self, names: list[str]) -> str:
        are_plain = all(" and " not in name and ("(" not in name or len(names) < 3) for name in names)
        return join(names) if len(names) == 1 or (len(names) <= 3 and are_plain) else bullets(names)

    def fill(
        self,
        pattern: str,
        *,
        thing: str | None = None,
        holder: str | None = None,
        value: str | Row[str] | None = None,
        values: list[str] | None = None,
        things: list[str] | None = None,
        count: int | None = None,
        noun: str = "",
    ) -> str:
        """`pattern` with its blanks filled."""
        blanks: dict[str, str] = {}
        if thing is not None:
            blanks["thing"] = self._know.shown(thing)
            for name, text in self._know.names(thing).items():
                blanks[name] = text
                blanks[name + "_cap"] = capital(text)
        subject = holder or thing
        blanks["holder"] = self._know.shown(subject) if subject else ""
        if value is not None:
            ids = [value] if isinstance(value, str) else value
            blanks["is"] = "are" if len(ids) > 1 or self._know.thing(ids[0]).plural else "is"
            blanks["value"] = join(self._know.shown(id_) for id_ in ids)
        for name, names in (("values", values), ("things", things)):
            if names is not None:
                blanks[name] = self.many(names)
        if count is not None:
            blanks["count"] = number_word(count)
        blanks["noun"] = noun
        for name in [name for name in blanks if not name.endswith("_cap")]:
            blanks.setdefault(name + "_cap", capital(blanks[name]))
        filled = pattern
        for name, text in blanks.items():
            filled = filled.replace("{" + name + "}", text)
        filled = filled.replace("{source}", self._source).replace(": \n", ":\n").replace(" \n", ":\n")
        if filled.rsplit("\n", 1)[-1].startswith("- "):
            filled = filled.removesuffix(".")  # a list needs no full stop behind it
        return _sentence_case(filled)
