"""The sockets that a server listens on: one of its own for every worker, where the system spreads connections over them."""

import os
import socket
import sys
from typing import Any

_BACKLOG = 2048
SPREADS = sys.platform == "linux" and hasattr(socket, "SO_REUSEPORT")
"""Whether several sockets may listen on one port, with new connections spread over them."""


def listen(host: str, port: int, *, shared: bool = False) -> socket.socket:
    """A socket that listens there. shared: others that say so may listen on the same port.

    Raises OSError when it cannot.
    """
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        return socket.create_server(address[:2], family=family, backlog=_BACKLOG, reuse_port=shared)
    except OSError as error:
        raise OSError(error.errno, f"cannot listen on {host} port {port}: {os.strerror(error.errno or 0)}") from error


class OwnSocket:
    """What uvicorn hands to a worker in place of a socket: unpickled there, it is one that the worker alone listens on.

    Workers that share one socket race for connections, and a burst of them goes to whoever wakes first: the other has nothing
    to do for as long as these connections are kept open.
    """

    def __init__(self, host: str, port: int) -> None:
        self._place = (host, port)

    def __reduce__(self) -> tuple[Any, ...]:
        return _open, self._place


def _open(host: str, port: int) -> socket.socket:
    return listen(host, port, shared=True)


def reserve(host: str, port: int) -> socket.socket:
    """A socket that keeps the port for `OwnSocket`s and takes no connection itself. Raises OSError when the port is taken."""
    with listen(host, port) as probe:  # alone: another server that shares its port with its workers must not go unnoticed
        family, place = probe.family, probe.getsockname()[:2]
    reserved = socket.socket(family, socket.SOCK_STREAM)
    reserved.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    reserved.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    if family == socket.AF_INET6:
        reserved.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    reserved.bind(place)
    return reserved
