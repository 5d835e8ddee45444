"""The live channel under a hand: what moves before it lets go, that nothing jumps when it does, and life without it."""

import random
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pytest
from playwright.sync_api import Locator, Page, expect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from tests.browser.visitor import (
    address,
    at_rest,
    cell,
    come_to,
    number,
    result,
    says,
    scrubber,
    shows,
    slider,
    stands_at,
)
from tests.pages.screen import brief, by_hand, shown

# Before any script of the page: what goes to Streamlit is counted.
COUNTING = """
if (window.told === undefined) { // a tab that is used again has this script twice
  window.told = 0;
  window.WebSocket = class extends window.WebSocket {
    send(data) {
      if (this.url.includes("_stcore/stream")) window.told += 1;
      return super.send(data);
    }
  };
}
"""


@pytest.fixture
def listened(window, server) -> Callable[[str], Page]:
    """A first visit, at rest, with the live channel open."""

    def first_visit(path: str = "/") -> Page:
        page = window()
        page.add_init_script(COUNTING)
        with page.expect_websocket(lambda socket: socket.url.endswith("/live/channel")) as opened:
            page.goto(server + path)
        expect(result(page).locator("b")).to_have_count(2)
        at_rest(page)
        assert not opened.value.is_closed()
        return page

    return first_visit


def told(page: Page) -> int:
    """How many messages Streamlit has had."""
    count: int = page.evaluate("window.told")
    return count


def middle(place: Locator) -> tuple[float, float]:
    box = place.bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def thumb(page: Page, key: str) -> Locator:
    return page.locator(f".st-key-{key} [data-testid=stSliderThumbValue]").locator("..")


@contextmanager
def in_hand(page: Page, place: Locator, across: float, up: float = 0.0) -> Iterator[None]:
    """A mouse takes this and moves it so far; the hand lets go afterwards."""
    x, y = middle(place)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + across, y - up, steps=10)
    at_rest(page)  # what a mouse does is told to a page once a frame
    yield
    page.mouse.up()


def heard(page: Page, key: str) -> float:
    """The value that a slider's thumb names."""
    return float(slider(page, key).get_attribute("aria-valuetext") or "nan")


def test_a_slider_is_answered_while_it_is_held_and_nothing_jumps_when_it_is_let_go(listened):
    page = listened("/chain_rule?parameter=w2_1")
    product = page.locator('.st-key-chain .row[data-id="product 1"] .katex-html')
    come_to(product)  # what is far away waits until the hand lets go
    at_first = product.first.inner_text()
    before = told(page)
    with in_hand(page, thumb(page, "w2_1"), 20):
        value = heard(page, "w2_1")
        assert value > 0.6
        now = by_hand(w2_1=value)
        shows(page, w2_1=value)
        expect(result(page)).to_contain_text(f"0.5 → {value:g}: L rose by {brief(now['L'] - by_hand()['L'])}")
        expect(cell(page, "z2")).to_have_attribute("aria-label", re.compile(re.escape(brief(now["z2"]))))
        expect(product.first).not_to_have_text(at_first)
        product_held = product.first.inner_text()
        assert told(page) == before
        assert address(page) == {"parameter": "w2_1"}
        while_held = result(page).inner_text()
    stands_at(page, w2_1=value)
    at_rest(page)
    assert (result(page).inner_text(), product.first.inner_text()) == (while_held, product_held)
    assert told(page) == before + 1
    says(page, parameter="w2_1", w2_1=f"{value:g}")
    page.keyboard.press("Control+z")  # the whole gesture
    stands_at(page, w2_1=0.5)
    page.go_back()
    stands_at(page, w2_1=value)


def test_a_number_of_the_drawing_is_answered_while_it_is_held(listened):
    page = listened()
    before = told(page)
    with in_hand(page, number(page, "b2"), 40):
        shows(page, b2=0.7)
        expect(slider(page, "b2")).to_have_value("0.7")  # its slider goes with it
        assert told(page) == before
    stands_at(page, b2=0.7)
    at_rest(page)
    assert told(page) == before + 1
    says(page, b2="0.7")


@pytest.mark.parametrize("turned", [slider, number], ids=["slider", "number"])
def test_a_key_that_is_held_is_answered_at_every_step_and_told_once(turned, listened):
    page = listened()
    turned(page, "y").focus()
    before = told(page)
    for step in range(1, 6):
        page.keyboard.down("ArrowRight")  # pressed again while it is down: it repeats
        shows(page, y=round(0.7 + step / 100, 2))
    assert told(page) == before
    page.keyboard.up("ArrowRight")
    stands_at(page, y=0.75)
    at_rest(page)
    assert told(page) == before + 1
    page.keyboard.press("Control+z")
    stands_at(page, y=0.7)


def test_the_point_on_the_slope_is_dragged_along_its_curve(listened):
    page = listened("/chain_rule")
    point = page.get_by_role("slider", name="the point on the curve")
    come_to(page.locator(".st-key-slope"), point.locator(".dot"))
    before = told(page)
    with in_hand(page, point.locator(".dot"), 60):
        value = heard(page, "w1_12")  # its slider goes with it
        assert value > 0.3
        shows(page, w1_12=value)
        expect(point).to_have_attribute("aria-valuenow", f"{value:g}")
        assert told(page) == before
    stands_at(page, w1_12=value)
    at_rest(page)
    assert told(page) == before + 1


def test_the_learning_rate_is_held_and_the_whole_descent_follows(listened):
    page = listened("/descent?steps=20")
    rate = page.get_by_role("slider", name="Learning rate")
    rows = page.locator(".st-key-path section.numbers tr.update")
    before = told(page)
    x, y = middle(rate)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 20, y, steps=5)
    chosen = float((rate.get_attribute("aria-valuetext") or "").removeprefix("learning rate "))
    assert chosen > 0.02
    expect(rows).to_contain_text(brief(-chosen * by_hand()["dL/db2"]).replace("-", "−"))
    assert told(page) == before
    page.mouse.up()
    expect(page.locator(".st-key-learning_rate_shown input")).to_have_value(f"{chosen:g}")
    at_rest(page)
    says(page, learning_rate=f"{chosen:g}", steps="20")
    assert told(page) == before + 1


def test_the_start_of_the_path_is_moved_on_the_map_of_two_parameters(listened):
    page = listened("/descent?steps=20")
    start = page.get_by_role("slider", name="The start of the path")
    come_to(page.locator(".st-key-path section.two-axes"), start.locator(".rim"))
    before = told(page)
    with in_hand(page, start.locator(".rim"), 60, up=40):
        moved = {key: heard(page, key) for key in ("w1_12", "w2_2")}  # the axes as they are at first
        assert moved["w1_12"] > 0.2
        assert moved["w2_2"] > 0.6
        shows(page, **moved)
        assert told(page) == before
    stands_at(page, **moved)
    at_rest(page)
    assert told(page) == before + 1


def test_what_takes_too_long_to_follow_a_hand_waits_until_it_lets_go(listened):
    page = listened("/descent?steps=300")
    with in_hand(page, thumb(page, "b2"), 10):
        value = heard(page, "b2")
        shows(page, b2=value)
        expect(page.locator(".st-key-path").locator(".wait p")).to_have_text("Let go to see.")
    at_rest(page)
    expect(page.locator(".st-key-path").locator(".wait")).to_have_count(0)
    expect(scrubber(page)).to_have_attribute("aria-valuetext", re.compile(f"loss {brief(by_hand(b2=value)['L'])}"))


def test_two_windows_are_not_mixed_up(listened):
    one, other = listened(), listened("/?y=-1")
    with in_hand(one, thumb(one, "b2"), 10), in_hand(other, thumb(other, "w2_2"), -10):
        values = heard(one, "b2"), heard(other, "w2_2")
        shows(one, b2=values[0])
        shows(other, y=-1.0, w2_2=values[1])
    stands_at(one, b2=values[0])
    stands_at(other, y=-1.0, w2_2=values[1])


# Everything to and from the live channel is 100 ms longer under way.
FAR_AWAY = """
window.WebSocket = class extends window.WebSocket {
  send(data) {
    if (!this.url.endsWith("/live/channel")) return super.send(data);
    setTimeout(() => super.send(data), 100);
    const now = performance.now();
    window.questions = [...(window.questions ?? []).filter(at => now - at < 200), now];
    window.most = Math.max(window.most ?? 0, window.questions.length);
  }
  set onmessage(listener) {
    const late = this.url.endsWith("/live/channel") ? 100 : 0;
    super.onmessage = event => setTimeout(() => listener(event), late);
  }
};
"""


def test_over_a_slow_line_answers_keep_coming(contexts, server):
    page = contexts().new_page()
    page.add_init_script(FAR_AWAY)
    page.goto(server)
    expect(result(page).locator("b")).to_have_count(2)
    at_rest(page)
    with in_hand(page, thumb(page, "b2"), 10):
        for move in (5, -5) * 20:
            x, y = middle(thumb(page, "b2"))
            page.mouse.move(x + move, y)
        at_rest(page)
        value = heard(page, "b2")
        shows(page, b2=value)
    stands_at(page, b2=value)
    says(page, b2=f"{value:g}")
    assert page.evaluate("window.most") > 1  # more than one question was on its way
    page.close()


# ── life without it ─────────────────────────────────────────────────────────────────────────────────────────────


def test_where_the_channel_is_refused_the_page_works_through_streamlit(window, server):
    page = window()
    page.route_web_socket(re.compile("/live/channel$"), lambda route: route.close())
    page.goto(server)
    at_rest(page)
    slider(page, "w1_12").press("ArrowRight")
    stands_at(page, w1_12=0.21)
    with in_hand(page, number(page, "b2"), 30):
        shows(page, w1_12=0.21, b2=0.6)
    stands_at(page, w1_12=0.21, b2=0.6)
    at_rest(page)
    says(page, w1_12="0.21", b2="0.6")


def test_where_the_channel_breaks_under_a_hand_nothing_is_lost(window, server):
    page = window()
    sockets = []

    def between(route):
        route.connect_to_server()
        sockets.append(route)

    page.route_web_socket(re.compile("/live/channel$"), between)
    page.goto(server)
    expect(result(page).locator("b")).to_have_count(2)
    at_rest(page)
    with in_hand(page, thumb(page, "w2_1"), 10):
        shows(page, w2_1=heard(page, "w2_1"))
        sockets[-1].close()
        x, y = middle(thumb(page, "w2_1"))
        page.mouse.move(x + 10, y, steps=5)
        value = heard(page, "w2_1")
    stands_at(page, w2_1=value)
    at_rest(page)
    says(page, w2_1=f"{value:g}")


# ── the door ────────────────────────────────────────────────────────────────────────────────────────────────────


def called(server: str, **options: str) -> ClientConnection:
    return connect(server.replace("http", "ws") + "/live/channel", **{"origin": server, **options})  # type: ignore[arg-type]


def test_a_page_of_another_origin_is_turned_away(server):
    with pytest.raises(InvalidStatus, match="403"):
        called(server, origin="https://evil.example")


def test_whatever_is_sent_to_it_the_server_goes_on_without_a_traceback(server, log):
    dice = random.Random(13)
    nasty: list[Callable[[ClientConnection], None]] = [
        lambda caller: caller.send(dice.randbytes(dice.randrange(2000))),
        lambda caller: caller.send("?" + "a" * 100_000),
        lambda caller: caller.send("{" * 5000),
        lambda caller: caller.send('{"w1_11": 1}'),
        lambda caller: caller.send(iter(["?b2=", "0.5"])),  # in two frames
        lambda caller: caller.socket.sendall(b"\x81\xff\x00\x00"),  # the beginning of a message, and no more
        lambda caller: caller.socket.sendall(dice.randbytes(50)),  # no frame at all
        lambda caller: caller.socket.close(),
    ]
    for _ in range(100):
        with called(server) as caller, suppress(ConnectionClosed, OSError):
            dice.choice(nasty)(caller)
    open_at_once = [called(server) for _ in range(50)]
    for caller in open_at_once:
        caller.socket.close()
    with called(server) as caller:
        caller.send("?b2=0.5")
        assert shown(by_hand(b2=0.5)["o"]).encode() in caller.recv()
    said = log.read_text()
    assert "no address" in said
    assert "Traceback" not in said
