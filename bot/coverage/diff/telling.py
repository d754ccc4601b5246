"""A difference as text, as Markdown and as JSON."""

import re
from collections.abc import Iterator
from textwrap import wrap
from typing import Any

import msgspec

from bot.coverage.diff.compare import SORTS, Change, Difference, Sort
from bot.coverage.diff.words import word_diff
from bot.language.clean import printable

_WIDE = 100
_TITLES: dict[Sort, str] = {
    "silent": "went silent",
    "changed": "answered otherwise",
    "answers": "answered now",
    "source": "another source",
}
_LONGEST = 1500
"""Characters of a text that are shown."""

_SHOWN = 3
"""Questions of a change that are shown."""

_MARKS = re.compile(r"([\\`*_{}\[\]<>#|~@!&])")


def as_json(found: Difference, *, ascii: bool) -> str:
    """Every change, with the words that changed."""
    told: dict[str, Any] = msgspec.to_builtins(found, enc_hook=str)
    for change, made in zip(told["changes"], found.changes, strict=True):
        change["words"] = msgspec.to_builtins(word_diff(made.old.text, made.new.text)) if made.sort == "changed" else None
    told["counts"] = {sort: found.counts[sort] for sort in SORTS}
    import json

    return json.dumps(told, indent=2, ensure_ascii=ascii) + "\n"


def _counts(found: Difference) -> str:
    parts = [f"{found.counts[sort]} {_TITLES[sort]}" for sort in SORTS if found.counts[sort]]
    questions = "1 question" if found.questions == 1 else f"{found.questions} questions"
    return f"{questions}: {', '.join([*parts, f'{found.same} the same'])}"


# ---- text ---------------------------------------------------------------------------------------------------------------


def as_text(found: Difference, *, most: int) -> str:
    """For a terminal, at most 100 columns wide. `most`: so many changes of each sort. `[-old-]{+new+}` are words that changed."""
    return "\n".join(line.rstrip() for line in _lines(found, most))


def _lines(found: Difference, most: int) -> Iterator[str]:
    yield f"{printable(found.old, 90)} → {printable(found.new, 90)}"
    yield _counts(found)
    for sort in SORTS:
        own = [change for change in found.changes if change.sort == sort]
        if own:
            yield ""
            yield f"{_TITLES[sort]} ({_of(min(most, len(own)), len(own))})"
        for change in own[:most]:
            yield from (f"  > {printable(asked.ask, 90)}" for asked in change.questions[:_SHOWN])
            if change.count > _SHOWN:
                yield f"    and {change.count - _SHOWN} more questions"
            for lead, text in _told(change):
                yield from wrap(printable(text, _LONGEST), _WIDE, initial_indent=f"    {lead}", subsequent_indent="    ")
    if found.lost_count:
        yield ""
        yield f"lost ({_of(min(most, len(found.lost)), found.lost_count)})"
        for lost in found.lost[:most]:
            yield f"  > {printable(lost.asked.ask, 90)}"
            yield f"    {printable(lost.asked.place, 60)}: {printable(lost.why, 200)}"


def _of(shown: int, all: int) -> str:
    return str(all) if shown == all else f"{shown} of {all}"


def _told(change: Change) -> Iterator[tuple[str, str]]:
    old, new = change.old, change.new
    if change.sort == "silent":
        yield "- ", old.text
    elif change.sort == "answers":
        yield "+ ", new.text
    elif change.sort == "source":
        yield "  ", f"{old.text}"
    else:
        marks = {"same": ("", ""), "removed": ("[-", "-]"), "added": ("{+", "+}")}
        yield "  ", "".join(f"{marks[p.was][0]}{p.text}{marks[p.was][1]}" for p in word_diff(old.text, new.text))
        if old.kind != new.kind:
            yield "  ", f"[-{old.kind}-]{{+{new.kind}+}}"
    if old.sources != new.sources and change.sort in {"source", "changed"}:
        yield "  ", f"source: [-{'; '.join(old.sources) or 'none'}-]{{+{'; '.join(new.sources) or 'none'}+}}"


# ---- Markdown -----------------------------------------------------------------------------------------------------------


def as_markdown(found: Difference, *, most: int) -> str:
    """For a pull request: a table of counts, and each sort of change folded up."""
    return "\n".join(_markdown(found, most)) + "\n"


def _markdown(found: Difference, most: int) -> Iterator[str]:
    yield f"### Answers: {_escaped(found.old)} → {_escaped(found.new)}"
    yield ""
    yield "| questions | " + " | ".join(_TITLES[sort] for sort in SORTS) + " | the same | lost |"
    yield "|---:|" + "---:|" * (len(SORTS) + 2)
    yield f"| {found.questions} | " + " | ".join(str(found.counts[s]) for s in SORTS) + f" | {found.same} | {found.lost_count} |"
    for sort in SORTS:
        own = [change for change in found.changes if change.sort == sort]
        if not own:
            continue
        yield from ("", f"<details{' open' if sort in {'silent', 'changed'} else ''}>")
        yield from (f"<summary>{_TITLES[sort]} ({_of(min(most, len(own)), len(own))})</summary>", "")
        for change in own[:most]:
            asked = "; ".join(f"“{_escaped(one.ask)}”" for one in change.questions[:_SHOWN])
            more = f" and {change.count - _SHOWN} more" if change.count > _SHOWN else ""
            yield f"- {asked}{more}"
            yield from (f"  <br>{line}" for line in _changed(change))
        yield from ("", "</details>")
    if found.lost:
        yield from ("", f"**Lost ({_of(min(most, len(found.lost)), found.lost_count)})**", "")
        for lost in found.lost[:most]:
            yield f"- “{_escaped(lost.asked.ask)}” {_escaped(lost.why)}"


def _changed(change: Change) -> Iterator[str]:
    old, new = change.old, change.new
    if change.sort == "silent":
        yield f"<del>{_escaped(old.text)}</del>"
    elif change.sort == "answers":
        yield f"<ins>{_escaped(new.text)}</ins>"
    elif change.sort == "changed":
        tags = {"removed": "del", "added": "ins"}
        pieces = word_diff(old.text, new.text)
        yield "".join(f"<{tags[p.was]}>{_escaped(p.text)}</{tags[p.was]}>" if p.was in tags else _escaped(p.text) for p in pieces)
        if old.kind != new.kind:
            yield f"<del>{old.kind}</del> <ins>{new.kind}</ins>"
    if old.sources != new.sources and change.sort in {"source", "changed"}:
        yield f"source: <del>{_escaped('; '.join(old.sources))}</del> <ins>{_escaped('; '.join(new.sources))}</ins>"


def _escaped(text: str) -> str:
    """`text` as it is: nothing in it is Markdown, HTML, or the name of somebody who would be told."""
    lead, trail = " " * text[:1].isspace(), " " * (text[-1:].isspace() and bool(text.strip()))
    shown = _MARKS.sub(r"\\\1", printable(text, _LONGEST)).replace("\\<", "&lt;").replace("\\>", "&gt;").replace("\\&", "&amp;")
    return lead + shown.replace("\\@", "@\u200b") + trail
