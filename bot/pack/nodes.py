"""YAML text -> nodes that know their place; whatever of YAML is a trap is refused here.

Built from the parser's events: no aliases are followed, no tags obeyed, no recursion that input can deepen.
"""

from collections.abc import Iterator
from typing import Any

import yaml
from msgspec import Struct

from bot.errors import Fault
from bot.language.clean import printable

DEEPEST = 24
"""Deeper nesting than this is refused: no pack needs it."""

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_LONGEST_MESSAGE = 2000
_RESOLVER = yaml.resolver.Resolver()
_PLAIN = {
    "bool": "a yes/no value",
    "null": "nothing",
    "int": "a number",
    "float": "a number",
    "timestamp": "a date",
    "merge": "a merge of tables",
    "value": "a default value",
}


class Text(str):
    """A text of the author's that remembers where it stands."""

    __slots__ = ("column", "line", "path")
    path: str
    line: int
    column: int

    @classmethod
    def at(cls, value: str, path: str, line: int, column: int) -> "Text":
        text = cls(value)
        text.path, text.line, text.column = path, line, column
        return text

    def fault(self, message: str, severity: str = "error") -> Fault:
        """A fault at this place. What it quotes of the pack is made safe to print."""
        return Fault(self.path, self.line, self.column, printable(message, _LONGEST_MESSAGE), severity)


class Scalar(Struct, frozen=True):
    text: Text
    meaning: str
    """`str`, or what YAML 1.1 takes the unquoted text for: `bool`, `null`, `int`, `float`, `timestamp`, …"""

    @property
    def line(self) -> int:
        return self.text.line

    @property
    def column(self) -> int:
        return self.text.column

    def described(self) -> str:
        return _PLAIN.get(self.meaning, "a text")


class Items(Struct):
    line: int
    column: int
    items: "list[Node]"

    def described(self) -> str:
        return "a list"


class Table(Struct):
    line: int
    column: int
    rows: "list[tuple[Scalar, Node]]"

    def described(self) -> str:
        return "a table of keys"


Node = Scalar | Items | Table


def parse(source: str, path: str, faults: list[Fault]) -> Node | None:
    """The tree of one YAML document; what is wrong with it is added to `faults`, and None returned if nothing is left."""
    try:
        return _build(yaml.parse(source, Loader=_Loader), path, faults)
    except yaml.MarkedYAMLError as error:
        line, column = _place(error.problem_mark or error.context_mark)
        faults.append(Fault(path, line, column, f"not readable as YAML: {printable(_problem(error, source), _LONGEST_MESSAGE)}"))
    except yaml.reader.ReaderError as error:
        position = next((at for at, char in enumerate(source) if ord(char) == error.character), len(source))
        line, column = source.count("\n", 0, position) + 1, position - source.rfind("\n", 0, position)
        faults.append(Fault(path, line, column, f"not readable as YAML: the control character U+{error.character:04X}"))
    except _RefusedError as refused:
        faults.append(refused.fault)
    return None


def _place(mark: Any) -> tuple[int, int]:
    return (mark.line + 1, mark.column + 1) if mark else (0, 0)


def _problem(error: yaml.MarkedYAMLError, source: str) -> str:
    """What the parser says, put plainly where the author's slip is a common one."""
    problem = f"{error.problem or error.context}"
    if error.problem_mark:
        lines = source.splitlines()[error.problem_mark.line :][:1]
        line, column = lines[0] if lines else "", error.problem_mark.column
        at = line[column : column + 1]
        if at == "\t":
            return "a tab where only blanks may stand"
        if problem.startswith("found character that cannot start"):
            return f"put a text that begins with {at} in quotes"
        if error.context in {"while scanning an alias", "while scanning an anchor"}:
            return "put a text that begins with * or & in quotes"
        if line[:column].rstrip().endswith(("]", "}")):
            return "put a text that begins with [ or { in quotes"
        if problem.startswith("mapping values"):
            return "put a text that holds ': ' in quotes, or mend how far this line is indented"
    if error.context and error.context_mark:
        return f"{problem} {error.context} from line {error.context_mark.line + 1}"
    return problem


class _RefusedError(Exception):
    def __init__(self, fault: Fault) -> None:
        super().__init__(str(fault))
        self.fault = fault


def _build(events: Iterator[yaml.Event], path: str, faults: list[Fault]) -> Node | None:
    root: Items = Items(1, 1, [])
    open_nodes: list[Items | Table] = [root]
    keys: list[Scalar | None] = [None]
    documents = 0
    for event in events:
        line, column = _place(event.start_mark)
        node: Node
        if isinstance(event, yaml.AliasEvent):
            what = printable(f"*{event.anchor}")
            raise _RefusedError(Fault(path, line, column, f"no aliases: write out what {what} stands for, or put it in quotes"))
        if isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents > 1:
                raise _RefusedError(Fault(path, line, column, "a second document begins here: one document a file"))
            continue
        tag = getattr(event, "tag", None) or "!"
        if isinstance(event, yaml.NodeEvent) and (event.anchor or tag != "!"):
            what = printable(f"&{event.anchor}" if event.anchor else tag.replace("tag:yaml.org,2002:", "!!"))
            faults.append(Fault(path, line, column, f"no anchors and tags: remove {what}, or put the text in quotes"))
        if isinstance(event, yaml.ScalarEvent):
            meaning = "str"
            if event.implicit[0]:  # neither quoted nor a block
                meaning = _RESOLVER.resolve(yaml.ScalarNode, event.value, (True, False))  # type: ignore[no-untyped-call]
                meaning = meaning.rpartition(":")[2]
            node = Scalar(Text.at(event.value, path, line, column), meaning)
        elif isinstance(event, yaml.SequenceStartEvent):
            node = Items(line, column, [])
        elif isinstance(event, yaml.MappingStartEvent):
            node = Table(line, column, [])
        elif isinstance(event, yaml.CollectionEndEvent):
            open_nodes.pop()
            keys.pop()
            continue
        else:
            continue
        _attach(open_nodes[-1], keys, node, path)
        if not isinstance(node, Scalar):
            if len(open_nodes) > DEEPEST:
                raise _RefusedError(Fault(path, line, column, f"nested deeper than {DEEPEST} levels"))
            open_nodes.append(node)
            keys.append(None)
    return root.items[0] if root.items else None


def _attach(parent: Items | Table, keys: list[Scalar | None], node: Node, path: str) -> None:
    if isinstance(parent, Items):
        parent.items.append(node)
        return
    key = keys[-1]
    if key is None:
        if not isinstance(node, Scalar):
            raise _RefusedError(Fault(path, node.line, node.column, f"a key should be a text, got {node.described()}"))
        keys[-1] = node
    else:
        parent.rows.append((key, node))
        keys[-1] = None
