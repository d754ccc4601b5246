"""What the server bears: how many questions a second, how quickly, and what becomes of it when too many come.

usage: python -m benchmarks.load [--seconds N] [--questions FILE_OR_FOLDER ...] [PART ...]

    start     from the start of the process to the first answer
    engine    what the engine alone answers on one core, and the share of that which one worker answers
    echo      the same load on a starlette endpoint that only gives back the JSON that it gets
    half      how long answers take at half of that load
    overload  three times the load: what becomes of those that are answered and of the rest, and how soon it is over
    reload    ten reloads at half load: how many requests fail
    workers   two workers against one
    memory    200,000 questions and 50,000 conversations (many minutes; left out unless named)

The server runs on one core and the client on another, where the system lets a program choose. Load is either closed (eight
connections, each asks when it was answered) or open (so many questions a second, whatever becomes of them): only an open
one shows how long people wait. Times count from when a question was due.
"""

import argparse
import asyncio
import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles

from benchmarks.latency import asked
from benchmarks.machine import ROOT, describe, milliseconds, stop

CONNECTIONS = 8
MIX = 500
ROUNDS = 5
PARTS = ("start", "engine", "echo", "half", "overload", "reload", "workers")
SLOW = ("memory",)

ECHO = """\
import sys
import uvicorn
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route

async def echo(request):
    return JSONResponse(await request.json())

app = Starlette(routes=[Route("/v1/ask", echo, methods=["POST"]), Route("/v1/ready", lambda _: JSONResponse({}))])
uvicorn.run(app, port=int(sys.argv[1]), log_level="warning", access_log=False)
"""

ENGINE = """\
import gc, json, sys, time
from bot import Engine
engine = Engine.load()
gc.collect()
gc.freeze()
questions = json.loads(sys.stdin.readline())
for question in questions:
    engine.ask(question)
for line in sys.stdin:
    begin, cpu, asked = time.perf_counter(), time.process_time(), 0
    while time.perf_counter() - begin < float(line):
        for question in questions:
            engine.ask(question)
        asked += len(questions)
    print(asked / (time.perf_counter() - begin), asked / (time.process_time() - cpu), flush=True)
"""


class Result:
    """What became of the requests of one load."""

    def __init__(self) -> None:
        self.statuses: Counter[int] = Counter()
        """status -> how many; 0 for no response"""
        self.times: list[tuple[float, float]] = []
        """of those that were answered: (when it was due, seconds)"""
        self.elapsed = 0.0

    @property
    def rate(self) -> float:
        return self.statuses[200] / self.elapsed

    def ms(self, hundredth: int, begin: float = 0.0, end: float = 1e9) -> float:
        """Milliseconds that so many hundredths stayed under, of those due from `begin` to `end`."""
        times = [took for due, took in self.times if begin <= due < end]
        return quantiles(times, n=100, method="inclusive")[hundredth - 1] * 1000 if len(times) > 1 else float("nan")


class Client:
    """One connection, kept open."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def post(self, path: str, body: bytes) -> tuple[int, bytes]:
        """Status and body of the response; status 0 when there is none."""
        head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        try:
            if self._writer is None:
                self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port)
            assert self._reader is not None
            self._writer.write(head.encode() + body)
            headers = (await self._reader.readuntil(b"\r\n\r\n")).lower()
            length = int(headers.partition(b"content-length:")[2].split(b"\r\n")[0])
            content = await self._reader.readexactly(length)
        except (OSError, EOFError, ValueError):
            self.close()
            return 0, b""
        if b"connection: close" in headers:
            self.close()
        return int(headers[9:12]), content

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()
        self._reader = self._writer = None


async def closed(port: int, bodies: list[bytes], seconds: float, connections: int = CONNECTIONS) -> Result:
    """Every connection asks again as soon as it was answered."""
    result = Result()
    begin = time.perf_counter()

    async def one(number: int) -> None:
        client, at = Client(port), number * len(bodies) // connections
        while (due := time.perf_counter()) < begin + seconds:
            status, _ = await client.post("/v1/ask", bodies[at % len(bodies)])
            result.statuses[status] += 1
            result.times.append((due - begin, time.perf_counter() - due))
            at += 1
        client.close()

    await asyncio.gather(*map(one, range(connections)))
    result.elapsed = time.perf_counter() - begin
    return result


async def opened(port: int, bodies: list[bytes], seconds: float, rate: float) -> Result:
    """`rate` questions a second, evenly; each on a connection that is free, or on a new one."""
    result = Result()
    free: list[Client] = []
    running: set[asyncio.Task[None]] = set()
    begin = time.perf_counter()

    async def one(due: float, body: bytes) -> None:
        client = free.pop() if free else Client(port)
        status, _ = await client.post("/v1/ask", body)
        result.statuses[status] += 1
        if status == 200:
            result.times.append((due, time.perf_counter() - begin - due))
        free.append(client)

    for number in range(int(seconds * rate)):
        due = number / rate
        wait = begin + due - time.perf_counter()
        if wait > 0:
            await asyncio.sleep(wait)
        task = asyncio.create_task(one(due, bodies[number % len(bodies)]))
        running.add(task)
        task.add_done_callback(running.discard)
    await asyncio.gather(*running)
    result.elapsed = max(seconds, time.perf_counter() - begin)
    for client in free:
        client.close()
    return result


@contextmanager
def server(*options: str, echo: bool = False, cores: set[int] | None = None) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """A server process of its own: its port and the process."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = int(probe.getsockname()[1])
    command = [sys.executable, "-c", ECHO, str(port)]
    if not echo:
        command = [sys.executable, "-m", "bot", "serve", "--port", str(port), "--rate", "0", *options]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE)
    if cores and hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(process.pid, cores)
    try:
        for _ in range(1000):
            if process.poll() is not None:
                stop(f"the server does not start\n{process.stderr.read().decode() if process.stderr else ''}")
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                time.sleep(0.01)
        yield port, process
    finally:
        process.terminate()
        process.wait(30)
        if process.stderr:
            process.stderr.close()


class Bench:
    """The parts, one after the other; what one measures the next ones start from."""

    def __init__(self, questions: list[str], seconds: float) -> None:
        self.questions = questions
        self.bodies = [json.dumps({"text": question}).encode() for question in questions]
        self.seconds = seconds
        cores = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else [0]
        self.first, self.rest = {cores[-1]}, set(cores[:-1] or cores)
        self._capacity = 0.0

    def capacity(self) -> float:
        """Questions a second that one worker answers."""
        if not self._capacity:
            with self._warm() as (port, _):
                self._capacity = asyncio.run(closed(port, self.bodies, self.seconds)).rate
        return self._capacity

    @contextmanager
    def _warm(self, *options: str) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
        with server(*options, cores=self.first) as (port, process):
            asyncio.run(closed(port, self.bodies, 2.0))
            yield port, process

    def start(self) -> None:
        """The first start of a version compiles the pack; it is not counted."""
        times = []
        for _ in range(ROUNDS + 1):
            begin = time.perf_counter()
            with server() as (port, _):
                while asyncio.run(Client(port).post("/v1/ask", self.bodies[0]))[0] != 200:
                    time.sleep(0.005)
                times.append(time.perf_counter() - begin)
        print(f"start: first answer {milliseconds(times[1:])} after the start of the process (goal: under 1000)")

    def engine(self) -> None:
        """In turns, so that what else the machine does falls on both."""
        command = [sys.executable, "-c", ENGINE]
        process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert process.stdin is not None
        assert process.stdout is not None
        if hasattr(os, "sched_setaffinity"):
            os.sched_setaffinity(process.pid, self.first)
        rounds: list[list[float]] = []
        with process, self._warm() as (port, running):
            process.stdin.write(json.dumps(self.questions) + "\n")
            for _ in range(ROUNDS):
                process.stdin.write(f"{self.seconds / ROUNDS}\n")
                process.stdin.flush()
                alone = [float(word) for word in process.stdout.readline().split()]
                before = _cpu(running.pid)
                result = asyncio.run(closed(port, self.bodies, self.seconds / ROUNDS))
                rounds.append([*alone, result.rate, result.statuses[200] / (_cpu(running.pid) - before)])
            process.stdin.close()
        wall, cpu = (median(own[at + 2] / own[at] for own in rounds) for at in (0, 1))
        best = [max(rates) for rates in zip(*rounds, strict=True)]
        print(f"engine alone, one core: {best[0]:.0f} questions a second; one worker, one core: {best[2]:.0f} (best of {ROUNDS})")
        print(f"  share, median of the rounds: {wall:.0%} by the clock, {cpu:.0%} by the processor's time (goal: 80 %)")

    def echo(self) -> None:
        with server(echo=True, cores=self.first) as (port, _):
            asyncio.run(closed(port, self.bodies, 1.0))
            result = asyncio.run(closed(port, self.bodies, self.seconds))
        served = self.capacity()
        print(f"starlette, echoing JSON: {result.rate:7.0f} requests a second, {result.rate / served:.1f} times one worker")

    def half(self) -> None:
        rate = self.capacity() / 2
        with self._warm() as (port, _):
            result = asyncio.run(opened(port, self.bodies, self.seconds, rate))
        print(f"half load, {rate:.0f} a second: median {result.ms(50):.1f} ms, p99 {result.ms(99):.1f} ms (goal: 25)")
        print(f"  {_told(result)}")

    def overload(self) -> None:
        rate = self.capacity()
        with self._warm() as (port, _):
            normal = asyncio.run(opened(port, self.bodies, self.seconds, rate / 2)).ms(99)
            result = asyncio.run(opened(port, self.bodies, self.seconds, 3 * rate))
            after = asyncio.run(opened(port, self.bodies, 10.0, rate / 2))
        turned_away = result.statuses[503] + result.statuses[429]
        p99 = result.ms(99)
        print(f"three times the load: p99 of the answered {p99:.1f} ms = {p99 / normal:.1f} times that of half load (goal: 4)")
        print(f"  answered {result.rate:.0f} a second, turned away {turned_away / result.elapsed:.0f}; {_told(result)}")
        seconds = [after.ms(99, begin, begin + 1) for begin in range(10)]
        print(f"  after it, p99 of each second: {' '.join(f'{ms:.0f}' for ms in seconds)} ms; {_told(after)}")

    def reload(self) -> None:
        rate = self.capacity() / 2
        with self._warm() as (port, process):

            async def run() -> Result:
                load = asyncio.create_task(opened(port, self.bodies, self.seconds, rate))
                for _ in range(10):
                    await asyncio.sleep(self.seconds / 12)
                    process.send_signal(signal.SIGHUP)
                return await load

            result = asyncio.run(run())
        asked = sum(result.statuses.values())
        print(f"ten reloads at half load: {asked - result.statuses[200]} of {asked} failed (goal: 0), p99 {result.ms(99):.1f} ms")
        print(f"  {_told(result)}")

    def workers(self) -> None:
        rates = []
        for number in (1, 2):
            store = "redis://127.0.0.1:1"  # one that is never used: these questions belong to no conversation
            with server("--workers", str(number), "--store", store, cores=self.first | self.rest) as (port, _):
                asyncio.run(closed(port, self.bodies, 3.0, 16))
                rates.append(asyncio.run(closed(port, self.bodies, self.seconds, 16)).rate)
        print(f"two workers: {rates[1]:.0f} questions a second, {rates[1] / rates[0]:.2f} times one ({rates[0]:.0f}; goal: 1.7)")

    def memory(self) -> None:
        with self._warm("--most-conversations", "10000") as (port, process):
            asyncio.run(_talk(port, self.bodies, 12_000))
            before = _resident(process.pid)
            for part in range(10):
                asyncio.run(_ask(port, self.bodies, 20_000))
                asyncio.run(_talk(port, self.bodies, 5_000))
                asked, talked = (part + 1) * 20_000, (part + 1) * 5_000
                print(f"  {asked:7} questions, {talked:6} conversations: {_resident(process.pid):.0f} MB", flush=True)
            print(f"memory: {before:.0f} MB once 10,000 conversations are kept, {_resident(process.pid):.0f} MB after it all")


async def _ask(port: int, bodies: list[bytes], number: int) -> None:
    left = iter(range(number))

    async def one() -> None:
        client = Client(port)
        for at in left:
            await client.post("/v1/ask", bodies[at % len(bodies)])
        client.close()

    await asyncio.gather(*(one() for _ in range(CONNECTIONS)))


async def _talk(port: int, bodies: list[bytes], number: int) -> None:
    left = iter(range(number))

    async def one() -> None:
        client = Client(port)
        for at in left:
            id = json.loads((await client.post("/v1/conversations", b""))[1])["id"]
            await client.post(f"/v1/conversations/{id}/messages", bodies[at % len(bodies)])
        client.close()

    await asyncio.gather(*(one() for _ in range(CONNECTIONS)))


def _cpu(pid: int) -> float:
    """Seconds of processor time that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _resident(pid: int) -> float:
    """Memory of a process in MB."""
    pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def _told(result: Result) -> str:
    return ", ".join(f"{count} times {status or 'no response'}" for status, count in sorted(result.statuses.items()))


def questions_of(paths: Sequence[Path]) -> list[str]:
    """So many different questions of the banks, or fewer when they hold fewer, in an order that mixes short and long ones."""
    found = sorted(set(asked(list(paths))))
    random.Random(1).shuffle(found)
    return found[:MIX]


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", metavar="PART", nargs="*", help=f"of {', '.join((*PARTS, *SLOW))} (default: all but memory)")
    parser.add_argument("--seconds", metavar="N", type=float, default=10.0, help="how long each load lasts (default: 10)")
    parser.add_argument(
        "--questions", metavar="BANK_OR_FOLDER", nargs="+", type=Path, default=[], help="whose questions are asked"
    )
    args = parser.parse_args(argv)
    unknown = [part for part in args.parts if part not in PARTS + SLOW]
    if unknown:
        parser.error(f"there is no part '{unknown[0]}'")
    bench = Bench(questions_of(args.questions), args.seconds)
    print(describe())
    print(f"{len(bench.questions)} different questions")
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, bench.rest)
    for part in args.parts or PARTS:
        getattr(bench, part)()
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
