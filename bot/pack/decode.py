"""Nodes -> the classes of `format`, with every fault in one pass."""

from typing import Any

import msgspec
from msgspec import inspect

from bot.errors import Fault
from bot.pack.nodes import Items, Node, Scalar, Table, Text


def close_name(name: str, known: list[str]) -> str:
    """` (did you mean 'x'?)` for the known name nearest to `name`, or nothing when none is near."""
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    best = process.extractOne(name, sorted(known), scorer=OSA.normalized_similarity, score_cutoff=0.6)
    return f" (did you mean '{best[0]}'?)" if best else ""


class Decoder:
    """Turns nodes into values of a type, and keeps every fault it meets."""

    def __init__(self, path: str, faults: list[Fault]) -> None:
        self.path = path
        self.faults = faults

    def fault(self, node: Node, message: str) -> None:
        self.faults.append(Fault(self.path, node.line, node.column, message))

    def value(self, node: Node, kind: inspect.Type, where: str) -> Any:
        """`node` as a value of `kind`; None, with a fault noted, when it is not one. `where` names it for the author."""
        if isinstance(kind, inspect.UnionType):
            return self._union(node, kind, where)
        if isinstance(kind, inspect.StructType):
            return self.struct(node, kind, where)
        if isinstance(kind, inspect.DictType):
            return self._dict(node, kind, where)
        if isinstance(kind, inspect.ListType):
            if not isinstance(node, Items):
                self.fault(node, f"{where} should be a list, got {node.described()}")
                return None
            values = [self.value(item, kind.item_type, f"an item of {where}") for item in node.items]
            return [value for value in values if value is not None]
        if not isinstance(node, Scalar):
            self.fault(node, f"{where} should be a text, got {node.described()}")
            return None
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
                return None
            return node.text.lower() in {"true", "yes", "on"}
        if node.meaning == "null" or not node.text.strip():
            self.fault(node, f"{where} is empty")
            return None
        if node.meaning not in {"str", "timestamp"}:
            self.fault(node, f"{where} should be a text, got {node.described()}: put '{node.text}' in quotes")
            return None
        if isinstance(kind, inspect.LiteralType) and node.text not in kind.values:
            known = [str(value) for value in kind.values]
            self.fault(node, f"{where} should be {' or '.join(known)}, got '{node.text}'{close_name(node.text, known)}")
            return None
        return node.text

    def _rows(self, node: Node, where: str) -> list[tuple[Text, Node]]:
        if not isinstance(node, Table):
            self.fault(node, f"{where} should be a table of keys, got {node.described()}")
            return []
        rows: dict[str, tuple[Text, Node]] = {}
        for key, value in node.rows:
            if key.meaning not in {"str"}:
                self.fault(key, f"the key '{key.text}' in {where} reads as {key.described()}: put it in quotes")
            elif key.text in rows:
                first = rows[key.text][0]
                self.fault(key, f"'{key.text}' stands twice in {where}: first on line {first.line}")
            else:
                rows[key.text] = (key.text, value)
        return list(rows.values())

    def _dict(self, node: Node, kind: inspect.DictType, where: str) -> dict[Text, Any]:
        values = ((key, self.value(value, kind.value_type, f"'{key}'")) for key, value in self._rows(node, where))
        return {key: value for key, value in values if value is not None}

    def struct(self, node: Node, kind: inspect.StructType, where: str) -> Any:
        """`node` as the class of `kind`; None when a required key is missing or bad."""
        fields = {f.name: f for f in kind.fields}
        given: dict[str, Any] = {}
        for key, value in self._rows(node, where):
            if key not in fields:
                self.faults.append(key.fault(f"unknown key '{key}' in {where}{close_name(key, list(fields))}"))
                continue
            decoded = self.value(value, fields[key].type, f"'{key}' of {where}")
            if decoded is not None or (isinstance(value, Scalar) and value.meaning == "null"):
                given[key] = decoded
            else:
                given.setdefault(key, msgspec.UNSET)
        missing = [name for name, f in fields.items() if f.required and name not in given]
        for name in missing:
            self.fault(node, f"{where} has no '{name}'")
        if missing or any(value is msgspec.UNSET for value in given.values()):
            return None
        return kind.cls(**given)
