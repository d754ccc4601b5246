"""Nodes -> the classes of `format`, with every fault in one pass."""

import math
import re
from typing import Any

from msgspec import inspect

from bot.errors import Fault
from bot.pack.nodes import Items, Node, Scalar, Table, Text

_PERCENT = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,4})?) ?(%?)")

NOWHERE = Text.at("", "", 0, 0)
"""Stands in for a text that was refused, so that the rest can be read on; what is wrong with it has been said."""


def nearest(name: str, known: list[str]) -> str | None:
    """The known name that `name` is most likely a slip for, None when none is near."""
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    best = process.extractOne(name, sorted(known), scorer=OSA.normalized_similarity, score_cutoff=0.6)
    return best[0] if best else None


def close_name(name: str, known: list[str]) -> str:
    """` (did you mean 'x'?)` for the known name nearest to `name`, or nothing when none is near."""
    best = nearest(name, known)
    return f" (did you mean '{best}'?)" if best else ""


def stand_in(kind: inspect.Type) -> Any:
    """A value of `kind` that says nothing: texts are NOWHERE."""
    if isinstance(kind, inspect.UnionType):
        return stand_in(next(option for option in kind.types if not isinstance(option, inspect.NoneType)))
    if isinstance(kind, inspect.StructType):
        return kind.cls(**{field.name: stand_in(field.type) for field in kind.fields if field.required})
    if isinstance(kind, inspect.ListType):
        return []
    if isinstance(kind, inspect.DictType):
        return {}
    if isinstance(kind, inspect.FloatType):
        return 0.0
    return False if isinstance(kind, inspect.BoolType) else NOWHERE


def _as_share(text: str, low: float, high: float) -> str:
    """The mend for a number that is written in percent, in quotes, or in a way that YAML takes for a text."""
    found = _PERCENT.fullmatch(text.strip())
    if found and (found[2] or float(found[1]) >= 1) and low < float(found[1]) / 100 < high:
        return f": for {found[1]} % write {float(found[1]) / 100:g}"
    number = _number(text)
    return f": write {number:g}, without quotes" if low < number < high else ""


def _number(text: str) -> float:
    """`text` as a number; NaN when it is none, or one in a way of YAML's own: 0x1F, 1:30."""
    try:
        return float(text)
    except ValueError:
        return math.nan


class Decoder:
    """Turns nodes into values of a type, and keeps every fault it meets.

    One slip is one fault: a refused value gives way to a stand-in, a misspelt key is read as the one that was meant.
    """

    def __init__(self, path: str, faults: list[Fault]) -> None:
        self.path = path
        self.faults = faults

    def fault(self, node: Node, message: str) -> None:
        self.faults.append(Text.at("", self.path, node.line, node.column).fault(message))

    def value(self, node: Node, kind: inspect.Type, where: str) -> Any:
        """`node` as a value of `kind`; a stand-in, with a fault noted, when it is not one. `where` names it for the author."""
        if isinstance(kind, inspect.UnionType):
            return self._union(node, kind, where)
        if isinstance(kind, inspect.StructType):
            return self._struct(node, kind, where)
        if isinstance(kind, inspect.DictType):
            return self._dict(node, kind, where)
        if isinstance(kind, inspect.ListType):
            if not isinstance(node, Items):
                self.fault(node, f"{where} should be a list, got {node.described()}")
                return []
            return [self.value(item, kind.item_type, f"an item of {where}") for item in node.items]
        if not isinstance(node, Scalar):
            self.fault(node, f"{where} should be a text, got {node.described()}")
            return stand_in(kind)
        return self._scalar(node, kind, where)

    def _union(self, node: Node, kind: inspect.UnionType, where: str) -> Any:
        options = list(kind.types)
        if isinstance(node, Scalar) and node.meaning == "null" and any(isinstance(o, inspect.NoneType) for o in options):
            return None
        wanted = [o for o in options if not isinstance(o, inspect.NoneType)]
        if isinstance(node, Items):
            wanted = [o for o in wanted if isinstance(o, inspect.ListType)] or wanted
        return self.value(node, wanted[0], where)

    def _scalar(self, node: Scalar, kind: inspect.Type, where: str) -> Any:
        if isinstance(kind, inspect.BoolType):
            if node.meaning != "bool":
                self.fault(node, f"{where} should be true or false, got {node.described()}")
            return node.text.lower() in {"true", "yes", "on"}
        if isinstance(kind, inspect.FloatType):
            return self._number(node, kind, where)
        if node.meaning == "null" or not node.text.strip():
            self.fault(node, f"{where} is empty")
            return NOWHERE
        if node.meaning not in {"str", "timestamp"}:
            self.fault(node, f"{where} should be a text, got {node.described()}: put '{node.text}' in quotes")
            return NOWHERE
        if isinstance(kind, inspect.LiteralType) and node.text not in kind.values:
            known = [str(value) for value in kind.values]
            self.fault(node, f"{where} should be {' or '.join(known)}, got '{node.text}'{close_name(node.text, known)}")
            return nearest(node.text, known) or NOWHERE
        return node.text

    def _number(self, node: Scalar, kind: inspect.FloatType, where: str) -> float:
        low, high = kind.gt if kind.gt is not None else -math.inf, kind.lt if kind.lt is not None else math.inf
        found = _number(node.text) if node.meaning in {"float", "int"} else math.nan
        if not low < found < high:
            mend = _as_share(node.text, low, high)
            self.fault(node, f"{where} should be a number between {low:g} and {high:g}, got '{node.text}'{mend}")
        return found

    def _note_twice(self, node: Table, where: str) -> None:
        first: dict[str, Text] = {}
        for key, _ in node.rows:
            if first.setdefault(key.text, key.text) is not key.text:
                self.fault(key, f"'{key.text}' stands twice in {where}: first on line {first[key.text].line}")

    def _dict(self, node: Node, kind: inspect.DictType, where: str) -> dict[Text, Any]:
        """`node` as a table of any keys; a key that YAML does not take for a text is read as if it were quoted."""
        if not isinstance(node, Table):
            self.fault(node, f"{where} should be a table of keys, got {node.described()}")
            return {}
        self._note_twice(node, where)
        values: dict[Text, Any] = {}
        for key, value in node.rows:
            if key.meaning == "merge":
                self.fault(key, "no merges (<<): write the keys out")
                continue
            if key.meaning != "str":
                self.fault(key, f"the key '{key.text}' in {where} reads as {key.described()}: put it in quotes")
            elif not key.text.strip():
                self.fault(key, f"a key in {where} is empty")
            values.setdefault(key.text, self.value(value, kind.value_type, f"'{key.text}'"))
        return values

    def _struct(self, node: Node, kind: inspect.StructType, where: str) -> Any:
        """`node` as the class of `kind`; a misspelt key is read as the one that was meant."""
        if not isinstance(node, Table):
            self.fault(node, f"{where} should be a table of keys, got {node.described()}")
            return stand_in(kind)
        self._note_twice(node, where)
        fields = {f.name: f for f in kind.fields}
        written = {str(key.text) for key, _ in node.rows}
        given: dict[str, Any] = {}
        for key, value in node.rows:
            name = str(key.text)
            if name not in fields:
                self.fault(key, f"unknown key '{name}' in {where}{close_name(name, list(fields))}")
                name = nearest(name, list(fields)) or name
                if name not in fields or name in written:
                    continue
            given.setdefault(name, self.value(value, fields[name].type, f"'{name}' of {where}"))
        for name, f in fields.items():
            if f.required and name not in given:
                self.fault(node, f"{where} has no '{name}'")
                given[name] = stand_in(f.type)
        return kind.cls(**given)
