"""How often one client may ask."""

import time
from collections import OrderedDict
from collections.abc import Callable
from ipaddress import IPv6Address

_MOST_CLIENTS = 50_000


class Rate:
    """A bucket of tokens for each client: `burst` at first, `rate` more a second, one for each request."""

    def __init__(self, rate: float, burst: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate = rate
        self._burst = float(max(1, burst))
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()
        """client -> (tokens, when they were counted); the longest quiet first"""

    def take(self, client: str) -> float:
        """Take a token: 0 when there was one, else the seconds until there is. A rate of 0 never says no."""
        if self._rate <= 0:
            return 0.0
        now = self._clock()
        tokens, then = self._buckets.get(client, (self._burst, now))
        tokens = min(self._burst, tokens + (now - then) * self._rate)
        wait = 0.0 if tokens >= 1 else (1 - tokens) / self._rate
        self._buckets[client] = (tokens - 1 if not wait else tokens, now)
        self._buckets.move_to_end(client)
        if len(self._buckets) > _MOST_CLIENTS:
            self._buckets.popitem(last=False)
        return wait


def client_of(address: str) -> str:
    """Who is behind an address: an IPv6 user has a whole /64, so that part stands for them."""
    if ":" not in address:
        return address
    try:
        return IPv6Address(address).packed[:8].hex()
    except ValueError:
        return address
