"""The live channel: an address in, the page's data out; and the door it stands behind."""

import asyncio
import json
import logging
import struct
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import quote, urlencode

import numpy as np
import pytest

from core.settings import Settings
from pages import live
from pages.components.descent import ROWS
from pages.scene import scene_of
from pages.words.result import result_line
from tests.pages.mischief import check_nothing_was_evaluated, texts
from tests.pages.screen import CHAIN_RULE, DESCENT, FORWARD, VIEWS, by_hand, shown
from tests.pages.state import random_state
from tests.pages.test_payload import unpacked

PATHS = {FORWARD: "", CHAIN_RULE: "chain_rule", DESCENT: "descent"}


def taken_apart(answer: bytes) -> tuple[dict[str, Any], dict[str, Any]]:
    """uint32 length │ JSON │ bytes: what the answer says of itself, and the data by component."""
    (length,) = struct.unpack_from("<I", answer)
    header = json.loads(answer[4 : 4 + length], parse_constant=lambda word: pytest.fail(f"{word} is no JSON"))
    rest = answer[4 + length :]
    assert (4 + length) % 8 == 0  # typed arrays begin nowhere else
    data = {
        key: each["data"] if "data" in each else rest[each["from"] : each["to"]] if each else None
        for key, each in header.pop("shows").items()
    }
    return header, data


def asked(message: str) -> dict[str, Any]:
    """What the channel shows for a message that it understands."""
    shown: dict[str, Any] = {}
    *before, (header, data) = map(taken_apart, live.answers(message))
    assert "refused" not in header, header
    assert "more" not in header
    for ahead, its in before:
        assert ahead == {**header, "more": True}
        shown |= its
    return shown | data


def refusal(message: str) -> str:
    ((header, data),) = map(taken_apart, live.answers(message))
    assert data == {}
    return header["refused"]


def as_sent(data: Any) -> Any:
    """As Streamlit sends it to the browser."""
    return data if isinstance(data, bytes) else json.loads(json.dumps(data))


def short(seed: int) -> Settings:
    """A state whose descent can follow a hand."""
    return Settings(**random_state(seed) | {"steps": 7 * seed})


@pytest.mark.parametrize("page", [FORWARD, CHAIN_RULE])
@pytest.mark.parametrize("seed", range(12))
def test_the_channel_sends_what_a_settled_page_is_given(page, seed):
    state = Settings(**random_state(seed))
    found = asked(live.written(PATHS[page], state))
    assert found.pop(live.RESULT) == as_sent(result_line(scene_of(state), None))
    for data in found.values():
        if "order" in data:  # all is in sight
            assert data.pop("given") == data.pop("order")
    assert found == {key: as_sent(data) for key, data in VIEWS[page](state).items()}


@pytest.mark.parametrize("parts", ["introduction~chain", "check~slope", "", "practise"])
def test_of_the_chain_rule_it_sends_the_parts_in_sight(parts):
    state = Settings(x_1=0.5, parameter="x_2")
    settled = VIEWS[CHAIN_RULE](state)
    found = asked(live.written("chain_rule", state) + f"#parts={parts}")
    in_sight = parts.split("~")
    assert ("slope" in found) == ("slope" in in_sight)
    expected = [each for each in as_sent(settled["chain"])["rows"] if each["part"] in in_sight]
    assert found["chain"]["rows"] == expected
    assert found["chain"]["given"] == [part for part in found["chain"]["order"] if part in in_sight]
    assert {each["part"] for each in settled["chain"]["rows"]} == set(found["chain"]["order"])


@pytest.mark.parametrize("seed", range(12))
def test_of_a_descent_it_sends_what_is_in_sight_to_the_last_bit(seed):
    state = short(seed)
    settled = VIEWS[DESCENT](state)
    found = asked(live.written("descent", state) + "#steps=0~3~2000&parts=safety~nine~axes~plane")
    assert found.pop(live.RESULT) == as_sent(result_line(scene_of(state), None))
    (header, arrays), (whole_header, whole) = unpacked(found.pop("path")), unpacked(settled.pop("path"))
    assert found == {key: as_sent(data) for key, data in settled.items()}
    steps = header.pop("recorded")
    assert steps == sorted({0, min(3, len(whole["loss"]) - 1), len(whole["loss"]) - 1})
    assert header == whole_header
    np.testing.assert_allclose(arrays.pop("path"), whole["theta"], rtol=1e-6, atol=1e-30)
    np.testing.assert_allclose(arrays.pop("sharpest"), whole.pop("sharpest"), rtol=1e-6, atol=1e-30)
    for name in [name for name in whole if name.startswith("plane_")]:
        del whole[name]
        arrays.pop(name, None)  # of all the planes, the one that is drawn
    if "mean_loss" not in arrays:
        assert np.array_equal(whole.pop("mean_loss"), whole["loss"])
    assert arrays.keys() == whole.keys()
    for name, array in arrays.items():
        expected = whole[name][steps] if name in ROWS or name.startswith("state_") else whole[name]
        assert array.tobytes() == expected.tobytes(), name


def test_the_plane_that_is_drawn_is_one_of_the_settled_pages():
    state = Settings(steps=100, data="xor")
    _, arrays = unpacked(asked(live.written("descent", state) + "#steps=0~57&parts=plane")["path"])
    _, whole = unpacked(VIEWS[DESCENT](state)["path"])
    (step,) = arrays["plane_steps"]
    assert step == max(each for each in whole["plane_steps"] if each <= 57)
    (place,) = np.flatnonzero(whole["plane_steps"] == step)
    assert arrays["plane_output"][0].tobytes() == whole["plane_output"][place].tobytes()


@pytest.mark.parametrize("parts", ["", "safety~nine", "nine~axes"])
def test_a_descent_under_a_hand_is_small(parts):
    *_, answer = live.answers(f"descent?steps=200&w2_1=0.7#steps=0~40~80~120~200&parts={parts}")
    assert len(answer) <= 40_000


@pytest.mark.parametrize("query", ["steps=251", "steps=2000", "steps=250&data=rows&rows=" + "_".join(["1~1~1"] * 32)])
def test_what_takes_too_long_waits_until_the_hand_lets_go(query):
    found = asked(f"descent?{query}")
    assert found["path"] is found["words"] is found["trouble"] is None
    assert found[live.RESULT]["numbers"][0][1] == shown(by_hand()["o"])  # the result line goes on


def test_the_result_line_tells_of_the_whole_gesture():
    line = asked("?w1_12=0.5#since=" + quote("w1_12=0.1"))[live.RESULT]
    effect = by_hand(w1_12=0.5)["L"] - by_hand(w1_12=0.1)["L"]
    assert line["causes"] == [{"name": {"base": "w", "sup": "(1)", "sub": "12"}, "text": "0.1 → 0.5"}]
    assert line["effect"] == f"L rose by {effect:.4g}"


def test_both_sides_know_a_state_by_the_same_name():
    state = Settings(w1_11=0.25, compare=("adam",), rows=())
    ((header, _),) = map(taken_apart, live.answers("chain_rule?" + urlencode(state.address)))
    assert header["of"] == live.written("chain_rule", state) == "chain_rule?w1_11=0.25&compare=adam"


REFUSED = {
    "practise?w1_11=1": "no such page",
    "https://evil.example/?w1_11=1": "no such page",
    "//evil.example?w1_11=1": "no such page",
    "/?w1_11=1": "no such page",
    "?w1_11=4": "out of range",
    "?w1_11=nan": "not a number",
    "?w1_11=1&w1_11=2": "given 2 times",
    "?loss=binary_cross_entropy": "",
    "?output=sigmoid&loss=binary_cross_entropy&y=2": "",
    "?device=cuda:77": "not known",
    "?" + "&".join(f"a{n}=1" for n in range(65)): "",
    "?w1_11": "",
    "descent?steps=3#steps=one": "",
    "descent?steps=3#steps=-1": "no such step",
    "descent?steps=3#steps=99999": "no such step",
    "?#since=w1_11%3D9": "out of range",
    "[": "",
}


@pytest.mark.parametrize("message", REFUSED)
def test_what_makes_no_sense_is_refused_in_a_sentence(message):
    assert REFUSED[message] in refusal(message)


def test_ten_thousand_bad_ideas_get_an_answer_and_no_traceback(caplog):
    caplog.set_level(logging.WARNING)
    for idea in texts(10_000, seed=13):
        for answer in (*live.answered(idea, 0.0), *live.answered(f"descent?steps=1&w1_11={idea[:100]}", 0.0)):
            taken_apart(answer)
    assert [record for record in caplog.records if record.exc_info] == []
    check_nothing_was_evaluated()


# ── the door ────────────────────────────────────────────────────────────────────────────────────────────────────


class Caller:
    """Whoever stands before the door, in place of Starlette's WebSocket: says these things, and hears the answers."""

    def __init__(self, *says: Any, origin: str | None = "https://here.example", host: str = "here.example"):
        self.says = [{"type": "websocket.receive", **each} for each in says] + [{"type": "websocket.disconnect"}]
        self.heard: list[bytes] = []
        self.closed: int | None = None
        self.accepted = False
        self.headers = {"host": host} | ({"origin": origin} if origin else {})

    async def accept(self) -> None:
        self.accepted = True

    async def receive(self) -> dict[str, Any]:
        return self.says.pop(0)

    async def send_bytes(self, answer: bytes) -> None:
        self.heard.append(answer)

    async def close(self, code: int) -> None:
        self.closed = code


def let_in(*says: Any, **of: Any) -> Caller:
    caller = Caller(*says, **of)
    with ThreadPoolExecutor(1) as thread:  # a browser test may have left a loop running in this one
        thread.submit(lambda: asyncio.run(live.channel(caller))).result()  # type: ignore[arg-type]
    assert live.Door.open == 0
    return caller


def test_a_browser_can_tell_the_servers_work_from_the_way():
    (answer,) = live.answers("?", time.monotonic() - 2)
    assert 2000 <= taken_apart(answer)[0]["took"] < 60_000


def test_an_address_is_answered():
    caller = let_in({"text": "?b2=0.5"}, {"text": "?b2=0.6"})
    assert [taken_apart(heard)[0]["of"] for heard in caller.heard] == ["?b2=0.5", "?b2=0.6"]
    assert caller.closed is None


@pytest.mark.parametrize(
    "origin",
    ["https://evil.example", "http://here.example.evil.example", "https://here.example:8501", "null", "https://"],
)
def test_a_page_of_another_origin_is_not_let_in(origin):
    caller = let_in({"text": "?"}, origin=origin)
    assert (caller.accepted, caller.heard, caller.closed) == (False, [], live.BAD_MESSAGE)


@pytest.mark.parametrize("says", [{"bytes": b"\0\1\2"}, {"text": "?" + "a" * live.LONGEST}, {"bytes": b""}])
def test_what_is_no_address_closes_the_door_with_a_line_in_the_log(says, caplog):
    caller = let_in(says, {"text": "?"})
    assert (caller.heard, caller.closed) == ([], live.TOO_LONG if "text" in says else live.BAD_MESSAGE)
    assert len(caplog.records) == 1
    assert caplog.records[0].exc_info is None


def test_who_says_nothing_is_sent_away(monkeypatch):
    async def silence(_caller):
        await asyncio.sleep(60)

    monkeypatch.setattr(live, "IDLE", 0.01)
    monkeypatch.setattr(Caller, "receive", silence)
    assert let_in().closed == live.GOING_AWAY


def test_there_is_room_for_so_many_and_no_more(monkeypatch):
    monkeypatch.setattr(live, "MOST_OPEN", 0)
    assert let_in({"text": "?"}).closed == live.TRY_LATER


def test_nobody_is_answered_more_often_than_the_rate_allows(monkeypatch):
    slept: list[float] = []

    async def sleep(seconds):
        slept.append(seconds)

    monkeypatch.setattr(live, "RATE", 0.5)  # a message every two seconds, the first at once
    monkeypatch.setattr(live.asyncio, "sleep", sleep)
    let_in(*[{"text": "?"}] * 3)
    assert slept[0] == 0
    assert slept[1] > 0.5
    assert slept[2] > slept[1] + 1


def test_a_fault_of_ours_is_logged_and_the_next_message_answered(monkeypatch, caplog):
    def broken(*_):
        raise RuntimeError("broken")

    with monkeypatch.context() as patch:
        patch.setattr(live, "answers", broken)
        caller = let_in({"text": "?"})
    assert taken_apart(caller.heard[0])[0] == {"refused": "something went wrong"}
    assert "could not answer" in caplog.text
    assert let_in({"text": "?"}).closed is None
