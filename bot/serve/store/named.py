"""The store that an operator names."""

from bot.serve.settings import SettingError
from bot.serve.store.interface import Store


def open_store(name: str, *, ttl: float, most: int) -> Store:
    """The store that `name` names: `memory`, `sqlite:FILE` or `redis://…`.

    ttl: seconds to keep a conversation after its last turn. most: conversations kept in memory.
    Raises SettingError when the name is none of these.
    """
    if name == "memory":
        from bot.serve.store.memory import MemoryStore

        return MemoryStore(ttl, most)
    if name.startswith("sqlite:"):
        from bot.serve.store.sqlite import SqliteStore

        return SqliteStore(name.removeprefix("sqlite:"), ttl)
    if name.startswith(("redis://", "rediss://", "unix://")):
        from bot.serve.store.redis import RedisStore

        return RedisStore(name, ttl)
    raise SettingError(f"there is no store '{name}': memory, sqlite:FILE or redis://HOST:PORT/DB")
