"""The JSON Schema of pack files, for editors that complete and check while one types."""

from typing import Any

import msgspec

from bot.pack.format import Pack


def schema() -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of one file of a pack: any of its sections, in any file."""
    found = msgspec.json.schema(Pack)
    root = found["$defs"]["Pack"]
    root.pop("required", None)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A file of a faqbot pack",
        **root,
        "$defs": {name: body for name, body in found["$defs"].items() if name != "Pack"},
    }
