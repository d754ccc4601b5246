"""Fields that are views of bytes: they may lie in a mapped file, and go to another process as the bytes that they show."""

from collections.abc import Callable
from typing import Any, TypeVar

from msgspec import Struct
from msgspec.structs import astuple

S = TypeVar("S", bound=Struct)

Reduced = tuple[Callable[..., Any], tuple[Any, ...]]
"""what pickle makes a value anew of"""


def reduced(value: Struct) -> Reduced:
    """`value` for pickle, which refuses views; what `__reduce__` of a struct with views returns."""
    fields = (bytes(field) if isinstance(field, memoryview) else field for field in astuple(value))
    return _restored, (type(value), *fields)


def _restored(kind: type[S], *fields: Any) -> S:
    return kind(*(memoryview(field) if isinstance(field, bytes) else field for field in fields))
