"""A first pack, to start from."""

from pathlib import Path

from bot.exchange.folder import refuse, write_pack


def init(folder: Path, *, force: bool = False) -> list[str]:
    """Make `folder` a small pack that passes the check and answers; the names of its files are returned.

    Raises ExchangeError when something stands there already, unless `force` says to replace a pack.
    """
    refuse(folder, [], force=force)
    files = {path.name: path.read_text(encoding="utf-8") for path in sorted((Path(__file__).parent / "scaffold").glob("*.yaml"))}
    write_pack(folder, files, lambda _: None)
    return list(files)
