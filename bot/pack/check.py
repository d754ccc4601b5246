"""What a pack says that cannot be true: references to nothing, broken templates, facts of the wrong kind."""

import datetime
from collections.abc import Callable, Collection, Iterator
from string import Formatter

from bot.errors import Fault
from bot.language.template import LONGEST_PHRASE, MOST_PHRASES, Rule, Sequence, Slot, TemplateError, count, parse, slots
from bot.pack.decode import close_name
from bot.pack.format import FACTS, ORDINARY, OUTSIDE, Attribute, Entry, Kind, Pack, Phrasings, Thing, Verdicts
from bot.pack.nodes import Text


def check(pack: Pack, path: str) -> list[Fault]:
    """Every fault of `pack`, in no particular order. `path` names the pack where no line can be named."""
    faults: list[Fault] = []

    def note(text: str, message: str, severity: str = "error") -> None:
        faults.append(text.fault(message, severity) if isinstance(text, Text) else Fault(path, 0, 0, message, severity))

    _about(pack, note)
    rules = _rules(pack, note)
    for kind_id, kind in pack.kinds.items():
        _kind(pack, kind_id, kind, note)
    for thing_id, thing in pack.things.items():
        _thing(pack, thing_id, thing, note)
    for entry_id, entry in pack.entries.items():
        for thing_id in entry.about:
            _known(thing_id, pack.things, f"'about' of entry '{entry_id}' names", "thing", note)
        _entry(pack, entry_id, entry, note)
    for entry_id in pack.phrasings:
        _known(entry_id, pack.entries, "phrasings are given for", "entry", note)
    for entry_id in pack.verdicts:
        _known(entry_id, pack.entries, "verdicts are given for", "entry", note)
    for where, template in _templates(pack):
        _template(pack, where, template, rules, note)
    for guard_id, guard in pack.guards.items():
        if "{emergency}" in guard.answer and not pack.pack.emergency:
            note(guard.answer, f"the answer of guard '{guard_id}' names {{emergency}}, and the pack has no 'emergency' numbers")
    _same_phrasing(pack, note)
    _examples(pack, note)
    _long(pack, note)
    return faults


_WHOLE = ("'question'", "'phrasings'", "'confirms'", "'denies'", "'asks'", "'so'", "'not_so'", "guard", "small talk")
_ANYWHERE = ("guard", "'so'", "'not_so'")
"""Places whose templates are matched whole and never written out."""

_MOST_NAMES = 5_000
"""Of more names than this none is proposed for one that is not there: a pack of very many may have very many such."""

_MARKS = frozenset("[](){}<>|")

Note = Callable[..., None]


def _known(name: str, known: Collection[str], what: str, noun: str, note: Note) -> bool:
    if name in known:
        return True
    close = close_name(name, [str(key) for key in known]) if len(known) <= _MOST_NAMES else ""
    note(name, f"{what} '{name}', and there is no {noun} of that id{close}")
    return False


def _about(pack: Pack, note: Note) -> None:
    about = pack.pack
    if about.topic is not None:
        _known(about.topic, pack.things, "'topic' of the pack names", "thing", note)
    for name, day in (("reviewed", about.reviewed), ("expires", about.expires)):
        if day is None:
            continue
        try:
            date = datetime.date.fromisoformat(day)
        except ValueError:
            note(day, f"'{name}' should be a day such as 2026-05-31, got '{day}'")
            continue
        if name == "expires" and date <= datetime.date.today():
            note(day, f"the pack was to be reviewed before {day}", "warning")


def _rules(pack: Pack, note: Note) -> dict[str, Sequence]:
    rules: dict[str, Sequence] = {}
    for name, text in pack.rules.items():
        try:
            rules[name] = parse(text)
        except TemplateError as error:
            note(text, f"rule '{name}': {error} (at character {error.position + 1} of the template)")
            rules[name] = Sequence(())
    for name, tree in list(rules.items()):
        for slot in slots(tree):
            if isinstance(slot, Rule) and slot.name not in rules:
                close = close_name(slot.name, list(rules))
                note(pack.rules[name], f"rule '{name}' names '<{slot.name}>', and there is no such rule{close}")
                rules[name] = Sequence(())
            elif isinstance(slot, Slot) and slot.kind not in pack.kinds and not is_guard_slot(slot.kind):
                close = close_name(slot.kind, list(pack.kinds))
                note(pack.rules[name], f"rule '{name}' names '{{{slot.kind}}}', and there is no such kind{close}")
                rules[name] = Sequence(())
    for name, tree in list(rules.items()):
        try:
            count(tree, rules, (name,))
        except TemplateError as error:
            note(pack.rules[name], f"rule '{name}': {error}")
            rules[name] = Sequence(())
    return rules


def _kind(pack: Pack, kind_id: str, kind: Kind, note: Note) -> None:
    for attribute_id, attribute in kind.attributes.items():
        where = f"attribute '{attribute_id}' of kind '{kind_id}'"
        if attribute.type == "things" and not attribute.of:
            note(attribute_id, f"{where} holds things: say of which kinds, 'of: [...]'")
        for other in attribute.of:
            _known(other, pack.kinds, f"'of' in {where} names", "kind", note)
        for name in ("via", "part_of", "otherwise"):
            other_id = getattr(attribute, name)
            if other_id is not None:
                _known(other_id, kind.attributes, f"'{name}' in {where} names", "attribute", note)
        if attribute.inverse is not None and not any(
            attribute.inverse in pack.kinds[k].attributes for k in attribute.of if k in pack.kinds
        ):
            note(attribute.inverse, f"'inverse' in {where}: no kind in 'of' has an attribute '{attribute.inverse}'")
        via = kind.attributes.get(attribute.via) if attribute.via else None
        if via is not None and via.type != "things":
            note(attribute.via or "", f"'via' in {where} should name an attribute that holds things")
    for attribute_id in kind.attributes:
        _circle(kind, kind_id, attribute_id, note)
    for name in ("show", "short"):
        _pattern(getattr(kind, name), f"'{name}' of kind '{kind_id}'", note)
    for attribute_id in (*kind.overview, *([kind.members] if kind.members else [])):
        _known(attribute_id, kind.attributes, f"kind '{kind_id}' names", "attribute", note)


def _circle(kind: Kind, kind_id: str, attribute_id: str, note: Note) -> None:
    """Attributes that come by way of each other and so from nowhere."""
    for name in ("via", "otherwise", "part_of"):
        here, passed = attribute_id, set[str]()
        while here in kind.attributes and here not in passed:
            passed.add(here)
            here = getattr(kind.attributes[here], name) or ""
        if here == attribute_id:
            note(attribute_id, f"'{name}' of attribute '{attribute_id}' of kind '{kind_id}' leads back to itself")


def _pattern(pattern: str, where: str, note: Note) -> None:
    try:
        names = [name for _, name, _, _ in Formatter().parse(pattern) if name is not None]
    except ValueError as error:
        note(pattern, f"{where}: {error}")
        return
    for name in names:
        if not name.isidentifier():
            note(pattern, f"{where}: '{{{name}}}' should be the name of an attribute")


def _thing(pack: Pack, thing_id: str, thing: Thing, note: Note) -> None:
    if thing.variant_of is not None:
        _known(thing.variant_of, pack.things, f"'variant_of' of '{thing_id}' names", "thing", note)
    if not _known(thing.kind, pack.kinds, f"thing '{thing_id}' is of kind", "kind", note):
        return
    attributes = pack.kinds[thing.kind].attributes
    for attribute_id, value in thing.facts.items():
        if attribute_id not in attributes:
            close = close_name(attribute_id, list(attributes))
            note(attribute_id, f"'{thing_id}': kind '{thing.kind}' has no attribute '{attribute_id}'{close}")
            continue
        _fact(pack, thing_id, attribute_id, attributes[attribute_id], value, note)


def _fact(pack: Pack, thing_id: str, attribute_id: str, attribute: Attribute, value: str | list[str], note: Note) -> None:
    where = f"'{attribute_id}' of '{thing_id}'"
    if attribute.inverse is not None:
        note(attribute_id, f"{where} follows from '{attribute.inverse}' of the other side and is never written down here")
    elif attribute.via is not None:
        note(attribute_id, f"{where} comes by way of '{attribute.via}' and is never written down here")
    elif attribute.type != "things":
        if isinstance(value, list):
            note(attribute_id, f"{where} should be a text, got a list")
    else:
        for other in [value] if isinstance(value, str) else value:
            if _known(other, pack.things, f"{where} names", "thing", note):
                kind = pack.things[other].kind
                if kind not in attribute.of:
                    note(other, f"{where} should hold {' or '.join(attribute.of)}, and '{other}' is a {kind}")


def _entry(pack: Pack, entry_id: str, entry: Entry, note: Note) -> None:
    if (entry.answer is None) == (entry.fact is None):
        note(entry_id, f"entry '{entry_id}' needs either an 'answer' or a 'fact'")
    elif entry.fact is not None:
        thing, _, attribute = entry.fact.partition(".")
        if thing not in pack.things:
            note(entry.fact, f"'fact' of entry '{entry_id}': there is no thing '{thing}'{close_name(thing, list(pack.things))}")
        elif attribute not in pack.things[thing].facts:
            close = close_name(attribute, list(pack.things[thing].facts))
            note(entry.fact, f"'fact' of entry '{entry_id}': '{thing}' has no fact '{attribute}'{close}")
    elif not entry.section:
        note(entry_id, f"entry '{entry_id}' names no section of the source", "warning")
    more = pack.verdicts.get(entry_id, Verdicts())
    said = {_plain(template) for template in (*entry.so, *more.so)}
    for template in (*entry.not_so, *more.not_so):
        if _plain(template) in said:
            note(template, f"'{template}' stands in 'so' and in 'not_so' of entry '{entry_id}': it can be one of them only")
    sides: dict[str, str] = {}
    for side in ("holds", "fails", "open"):
        for statement in getattr(more, side):
            other = sides.setdefault(" ".join(statement.lower().split()), side)
            if other != side:
                where = f"'{other}' and in '{side}' of the verdicts of '{entry_id}'"
                note(statement, f"'{statement}' stands in {where}: it can be one of them only")


def _examples(pack: Pack, note: Note) -> None:
    """Labels that are not there, and messages under two of them."""
    attributes = {f"{FACTS}.{name}": None for kind in pack.kinds.values() for name in kind.attributes}
    labels = [*pack.guards, ORDINARY, OUTSIDE, FACTS, *attributes]
    owners: dict[str, str] = {}
    for label, messages in pack.examples.items():
        if label not in labels:
            what = "attribute of that name" if label.startswith(f"{FACTS}.") else "guard of that id"
            note(label, f"'examples' names '{label}', and there is no {what}{close_name(label, labels)}")
        for message in messages:
            owner = owners.setdefault(" ".join(message.lower().split()), label)
            if owner != label:
                note(message, f"'{message}' is an example of '{owner}' and of '{label}': it can be one of them only")


def _long(pack: Pack, note: Note) -> None:
    """Long messages under no label that there is, or without one part of them marked."""
    attributes = {f"{FACTS}.{name}": None for kind in pack.kinds.values() for name in kind.attributes}
    labels = [*pack.entries, FACTS, *attributes]
    for label, messages in pack.long.items():
        if label not in labels:
            what = "attribute of that name" if label.startswith(f"{FACTS}.") else "entry of that id"
            note(label, f"'long' names '{label}', and there is no {what}{close_name(label, labels)}")
        for message in messages:
            asked = message.partition("[[")[2].partition("]]")[0].strip()
            if not asked or message.count("[[") != 1 or message.count("]]") != 1:
                note(message, "mark the part of the message that asks, once, between '[[' and ']]'")


def _templates(pack: Pack) -> Iterator[tuple[str, str]]:
    """Every template with the name of its place; slots are allowed in phrasings alone."""
    for kind_id, kind in pack.kinds.items():
        yield from ((f"'words' of kind '{kind_id}'", t) for t in kind.words)
        for attribute_id, attribute in kind.attributes.items():
            yield from ((f"'words' of attribute '{attribute_id}'", t) for t in attribute.words)
            yield from ((f"'links' of attribute '{attribute_id}'", t) for t in attribute.links)
    for thing_id, thing in pack.things.items():
        yield from ((f"'aliases' of '{thing_id}'", t) for t in thing.aliases)
    for entry_id, entry in pack.entries.items():
        yield f"'question' of entry '{entry_id}'", entry.question
        for name in ("phrasings", "confirms", "denies"):
            yield from ((f"'{name}' of entry '{entry_id}'", t) for t in getattr(entry, name))
        for name in ("so", "not_so"):
            yield from ((f"'{name}' of entry '{entry_id}'", t) for t in getattr(entry, name))
    for entry_id, points in pack.verdicts.items():
        for name in ("so", "not_so"):
            yield from ((f"'{name}' of the verdicts of '{entry_id}'", t) for t in getattr(points, name))
    for entry_id, more in pack.phrasings.items():
        for name in ("asks", "confirms", "denies"):
            yield from ((f"'{name}' of the phrasings of '{entry_id}'", t) for t in getattr(more, name))
    for name, templates in pack.synonyms.items():
        yield from ((f"synonyms '{name}'", t) for t in templates)
    yield from (("'background'", t) for t in pack.background)
    for gap_id, gap in pack.gaps.items():
        yield from ((f"gap '{gap_id}'", t) for t in gap.words)
    for guard_id, guard in pack.guards.items():
        yield from ((f"guard '{guard_id}'", t) for t in (*guard.signs, *guard.always, *guard.unless))
    for talk_id, talk in pack.smalltalk.items():
        yield from ((f"small talk '{talk_id}'", t) for t in talk.phrasings)


def _template(pack: Pack, where: str, template: str, rules: dict[str, Sequence], note: Note) -> None:
    if _MARKS.isdisjoint(template) and len(template.split()) <= LONGEST_PHRASE:
        return  # plain words; there are far more of them than of templates
    try:
        tree = parse(template)
        for slot in slots(tree):
            if isinstance(slot, Rule) and slot.name not in rules:
                close = close_name(slot.name, list(rules))
                raise TemplateError(f"there is no rule '{slot.name}'{close}", slot.position)
            if (
                isinstance(slot, Slot)
                and slot.kind not in pack.kinds
                and not (where.startswith(_ANYWHERE) and is_guard_slot(slot.kind))
            ):
                close = close_name(slot.kind, list(pack.kinds))
                raise TemplateError(f"there is no kind '{slot.kind}'{close}", slot.position)
        phrases = count(tree, rules)
        if not where.startswith(_WHOLE) and phrases > MOST_PHRASES:
            raise TemplateError(f"stands for more than {MOST_PHRASES} phrases; split it in two", 0)
    except TemplateError as error:
        note(template, f"{where}: {error} (at character {error.position + 1} of the template)")


def is_guard_slot(name: str) -> bool:
    """Whether `{name}` may stand in the sign of a guard: `person`, or a range such as `38..43`."""
    low, dots, high = name.partition("..")
    return name == "person" or (dots == ".." and all(part.replace(".", "", 1).isdecimal() for part in (low, high)))


def _same_phrasing(pack: Pack, note: Note) -> None:
    """Two entries that lay claim to the same words: only one of them could ever answer."""
    seen: set[int] = set()
    twice: set[int] = set()
    for entry_id in pack.entries:  # of a million texts numbers are kept, and of those alone that may stand twice the texts
        own = {hash(_plain(template)) for template in _asking(pack, entry_id)}
        twice |= seen & own
        seen |= own
    owners: dict[str, str] = {}
    for entry_id in pack.entries if twice else ():
        for template in _asking(pack, entry_id):
            plain = _plain(template)
            owner = owners.setdefault(plain, entry_id) if hash(plain) in twice else entry_id
            if owner != entry_id:
                note(template, f"'{template}' stands in entry '{owner}' and in '{entry_id}': it can have one answer only")


def _asking(pack: Pack, entry_id: str) -> Iterator[str]:
    """Every template of an entry that stands for ways to ask it."""
    entry, more = pack.entries[entry_id], pack.phrasings.get(entry_id, Phrasings())
    yield from (entry.question, *entry.phrasings, *entry.confirms, *entry.denies, *more.asks, *more.confirms, *more.denies)


def _plain(template: str) -> str:
    """`template` without what makes no difference between two of them."""
    return " ".join(template.lower().rstrip("?.! ").split())
