"""Values -> YAML that a person can read and that reads back as it was."""

from typing import Any

import yaml

_Dumper: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


class _Block(_Dumper):  # type: ignore[misc]
    """Writes texts of several lines as blocks."""

    def ignore_aliases(self, data: Any) -> bool:
        """Write out what stands in two places: packs know no aliases."""
        return True


def _text(dumper: Any, text: str) -> Any:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Block.add_representer(str, _text)


def block_text(value: Any) -> str:
    """`value`, of dicts, lists and texts, as YAML: every key on a line of its own, the order kept."""
    text: str = yaml.dump(value, Dumper=_Block, allow_unicode=True, default_flow_style=False, sort_keys=False, width=110)
    return text
