"""The live channel: an address in, the page's data out, while a hand is still moving.

A WebSocket beside Streamlit's own. A message is an address, as a browser would write it, read by the same table as
every other address:

    descent?w1_11=0.3&steps=50#since=w1_11%3D0.1&steps=0~7&parts=nine

the page; what its sliders say; and in the fragment the state that the gesture began with, whose effect the result line
tells, and what is in sight of the page. The answer is what the page's view gives for that state (view() of each page,
where a settled page has it from too), by component. There is no session: any replica can answer, and a hand that lets
go tells Streamlit as it always did. Where the channel cannot be opened the page works through Streamlit alone.

It is a door to the server: the same origin only, short messages that are addresses and nothing else, one in work and at
most RATE a second for each visitor, work beyond a bound left for the moment when the hand lets go, closed when idle.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from starlette.websockets import WebSocket, WebSocketDisconnect

from core.descent import MOST_STEPS
from core.settings import Settings, read_address
from pages import chain_rule, descent, forward
from pages.components import Data, Sight
from pages.components.framed import framed
from pages.scene import scene_of
from pages.words.result import result_line

LONGEST = 8192  # characters of a message
MOST_ENTRIES = 64  # of an address
RATE = 120  # messages a second that a visitor is answered
IDLE = 120.0  # s without a message
MOST_OPEN = 1000  # connections of one server
LONG = {"descent"}  # pages whose data take longer than a frame
MOST_IN_SIGHT = 8  # steps of a descent
RESULT = "result_line"

GOING_AWAY, BAD_MESSAGE, TOO_LONG, TRY_LATER = 1001, 1008, 1009, 1013  # RFC 6455, section 7.4.1
LOG = logging.getLogger(__name__)
# One thread: two would only wait for each other, since Python computes in one of them at a time.
WORKER = ThreadPoolExecutor(1, thread_name_prefix="live")


# ── an address in, data out ─────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Question:
    """What a message asks for."""

    page: str
    settings: Settings
    since: Settings | None
    sight: Sight


View = Callable[[Question], Mapping[str, Data | None]]  # None: what takes too long to follow a hand
VIEWS: dict[str, View] = {
    "": lambda asked: forward.view(asked.settings),
    "chain_rule": lambda asked: chain_rule.in_hand(asked.settings, asked.sight),
    "descent": lambda asked: descent.in_hand(asked.settings, asked.sight),
}


def written(page: str, settings: Settings) -> str:
    """A page and a state as an address: the name under which both sides know what is shown."""
    return f"{page}?{query(settings)}"


def query(settings: Settings) -> str:
    return urlencode(settings.address)


def understood(message: str) -> Question:
    """Raises ValueError for what is no address, or says what does not make sense."""
    parts = urlsplit(message)
    if parts.scheme or parts.netloc or parts.path not in VIEWS:
        raise ValueError("there is no such page")
    told = {key: texts[0] for key, texts in _entries(parts.fragment).items()}
    since = _settings(_entries(told["since"])) if "since" in told else None
    return Question(parts.path, _settings(_entries(parts.query)), since, _sight(told))


def _sight(told: Mapping[str, str]) -> Sight:
    steps = [int(text) for text in told.get("steps", "0").split("~")[:MOST_IN_SIGHT]]
    if not all(0 <= step <= MOST_STEPS for step in steps):
        raise ValueError("there is no such step")
    return Sight(frozenset(told["parts"].split("~")) if "parts" in told else None, tuple(steps))


def _entries(query: str) -> dict[str, list[str]]:
    return parse_qs(query, keep_blank_values=True, strict_parsing=bool(query), max_num_fields=MOST_ENTRIES)


def _settings(address: Mapping[str, list[str]]) -> Settings:
    settings, reasons = read_address(address)
    if reasons:
        raise ValueError("; ".join(f"{key}: {reason}" for key, reason in reasons.items()))
    return settings


def answers(message: str, since: float | None = None) -> Iterator[bytes]:
    """What a page shows of the address: pack() of its data, or why there is none.

    The result line goes ahead of a page that takes longer; what is not yet all says that there is more. What is all
    says how long it took since it was asked (ms): a browser that knows it can tell a slow server from a slow line.
    """
    try:
        asked = understood(message)
    except ValueError as error:
        yield pack({"refused": str(error)}, {})
        return
    before = scene_of(asked.since) if asked.since else None
    of = {"of": written(asked.page, asked.settings)}
    line: dict[str, Data | None] = {RESULT: result_line(scene_of(asked.settings), before)}
    if asked.page in LONG:
        yield pack({**of, "more": True}, line)
        line = {}
    shows = {**line, **VIEWS[asked.page](asked)}
    yield pack({**of, "took": 1000 * (time.monotonic() - since)} if since is not None else of, shows)


def pack(header: Mapping[str, Any], shows: Mapping[str, Data | None]) -> bytes:
    """One message for the browser, framed.

    In its JSON, "shows" has by component {"data": …}, for bytes {"from": where they begin, "to": where they end}, and
    {} for what has to wait until the hand lets go.
    """
    packed: list[bytes] = []
    described: dict[str, Any] = {}
    at = 0
    for key, data in shows.items():
        if data is None:
            described[key] = {}
        elif isinstance(data, bytes):
            padded = data + b"\0" * (-len(data) % 8)  # arrays in it want to begin at multiples of eight
            described[key] = {"from": at, "to": at + len(data)}
            packed.append(padded)
            at += len(padded)
        else:
            described[key] = {"data": data}
    return framed({**header, "shows": described}, *packed)


# ── the door ────────────────────────────────────────────────────────────────────────────────────────────────────


class Door:
    """How many are inside."""

    open = 0


async def channel(socket: WebSocket) -> None:
    """One visitor's connection, from its first message to its last."""
    if not same_origin(socket) or Door.open >= MOST_OPEN:
        await socket.close(BAD_MESSAGE if Door.open < MOST_OPEN else TRY_LATER)
        return
    Door.open += 1
    try:
        await socket.accept()
        await converse(socket)
    except (WebSocketDisconnect, RuntimeError):  # gone, perhaps in the middle of an answer
        pass
    finally:
        Door.open -= 1


def same_origin(socket: WebSocket) -> bool:
    """Whether a page of this very server asks. A browser always says where its page comes from."""
    origin, host = socket.headers.get("origin"), socket.headers.get("host")
    return origin is None or (host is not None and urlsplit(origin).netloc.lower() == host.lower())


async def converse(socket: WebSocket) -> None:
    """Answer one message after another: whoever sends more than one at a time waits."""
    loop, pace = asyncio.get_running_loop(), 1 / RATE
    free_at = loop.time()
    while True:
        try:
            received = await asyncio.wait_for(socket.receive(), IDLE)
        except TimeoutError:
            await socket.close(GOING_AWAY)
            return
        if received["type"] == "websocket.disconnect":
            return
        message = received.get("text")
        if message is None or len(message) > LONGEST:
            LOG.warning("The live channel was sent something that is no address; it was closed")
            await socket.close(BAD_MESSAGE if message is None else TOO_LONG)
            return
        await asyncio.sleep(max(0.0, free_at - loop.time()))
        free_at = max(free_at, loop.time() - 1.0) + pace  # who was quiet for a while may hurry for a moment
        parts = answered(message, time.monotonic())
        while part := await loop.run_in_executor(WORKER, next, parts, None):
            await socket.send_bytes(part)


def answered(message: str, since: float) -> Iterator[bytes]:
    """Answers, whatever happens: a visitor's page goes on through Streamlit. `since`: when it was asked (s)."""
    try:
        yield from answers(message, since)
    except Exception:
        LOG.exception("The live channel could not answer %.200r", message)
        yield pack({"refused": "something went wrong"}, {})
