"""How long the screen takes, measured against a bare Streamlit page in the same minute. Run by hand:

    python -m tests.benchmarks.screen_timings [rounds]

Every page is open at once and they take turns, so that a busy moment of the machine meets them all. Times are the
browser's own clock; quote the ratios, the milliseconds belong to one machine at one moment.

    result    from a key press on the first slider until the frame that paints the new numbers of the result line
    settled   until the frame after the last change of the page that is followed by half a second of quiet
    CPU       the server's processor time for one slider move
    answers   how often a second the result line changes while a slider or a number is held and moved; the hand itself
              moves as often as this browser takes its moves
    lag       from a move, as the slider's thumb shows it, to the result line that answers it
    crowd     visitors without browsers who drag at once, each asking again a frame after it was answered
"""

import asyncio
import os
import shutil
import statistics
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

import websockets
from playwright.sync_api import Browser, Locator, Page, sync_playwright

from tests.browser.conftest import served

# A person's browser compiles its scripts: nothing here that changes how they run, as the tests' own flags do.
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PAGES = {"bare page": "/", "forward": "/", "chain rule": "/chain_rule", "descent, 200 steps": "/descent?steps=200"}
REACH = {"forward": (0.35, 0.8), "chain rule": (0.35, 0.8), "descent, 200 steps": (0.35, 1.0)}
HELD_FOR = 3.0  # s
CROWD, FRAME = 20, 1 / 60  # visitors; s
PRESSES, QUIET = 5, 500  # key presses a turn; ms without a change that count as settled
# What the result line says, through shadow roots. innerText would have the page laid out anew at each look.
RESULT = """(() => {
  const inside = node => [...(node.shadowRoot?.childNodes ?? []), ...node.childNodes];
  const text = node => (node.nodeType === Node.TEXT_NODE ? node.data : inside(node).map(text).join(""));
  window.result = () => {
    const line = document.querySelector(".st-key-result");
    return line && text(line);
  };
})()"""
WATCH = """quiet => {
  let run = null;
  const painted = then => requestAnimationFrame(() => setTimeout(then, 0));
  addEventListener("keydown", () => {
    run = window.run = {start: performance.now(), before: result(), result: null, settled: 0};
  }, true);
  const changed = () => {
    if (!run) return;
    const mine = run, first = mine.result === null && result() !== mine.before;
    if (first) mine.result = 0;
    painted(() => {
      mine.settled = performance.now() - mine.start;
      if (first) mine.result = mine.settled;
    });
  };
  const watched = new WeakSet();
  const watch = root => {
    watched.add(root);
    const everything = {subtree: true, childList: true, characterData: true, attributes: true};
    new MutationObserver(changed).observe(root, everything);
  };
  watch(document.body);
  setInterval(() => document.querySelectorAll("*").forEach(node => {
    if (node.shadowRoot && !watched.has(node.shadowRoot)) watch(node.shadowRoot);
  }), 250);
}"""
SETTLED = "quiet => run.result > 0 && performance.now() - run.start - run.settled > quiet"
SCRUB = """async input => {
  const waits = [];
  for (let step = 1; step <= 60; step++) {
    const start = performance.now();
    input.value = step;
    input.dispatchEvent(new Event("input", {bubbles: true}));
    await new Promise(done => requestAnimationFrame(() => setTimeout(done, 0)));
    waits.push(performance.now() - start);
  }
  return waits;
}"""


def press(page: Page) -> tuple[float, float]:
    """One key press on the first slider: ms to the result, ms to a settled page."""
    page.locator("[data-testid=stSlider] input[type=range]").first.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function(SETTLED, arg=QUIET, timeout=30_000)
    return page.evaluate("[run.result, run.settled]")


def opened(browser: Browser, address: str) -> Page:
    page = browser.new_page(viewport={"width": 1400, "height": 900})
    page.add_init_script(RESULT)
    page.goto(address)
    page.wait_for_selector(".st-key-result", timeout=60_000)
    page.wait_for_timeout(2500)
    page.evaluate(WATCH, QUIET)
    page.wait_for_timeout(600)
    press(page)  # a warm-up, not counted
    return page


def processor_seconds(port: str) -> float:
    """Processor time so far of the server that listens on this port (Linux only)."""
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if f"--server.port\0{port}" in (process / "cmdline").read_text():
                user, system = (process / "stat").read_text().rpartition(") ")[2].split()[11:13]
                return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")
        except OSError:
            pass
    raise RuntimeError(f"no server on port {port}")


def key_presses(browser: Browser, servers: dict[str, str], rounds: int) -> None:
    pages = {name: opened(browser, servers[name] + path) for name, path in PAGES.items()}
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in pages}
    processor = dict.fromkeys(pages, 0.0)
    for _ in range(rounds):
        for name, page in pages.items():
            page.bring_to_front()
            port = servers[name].rpartition(":")[2]
            before = processor_seconds(port)
            times[name] += [press(page) for _ in range(PRESSES)]
            processor[name] += processor_seconds(port) - before
    base = [statistics.median(time[k] for time in times["bare page"]) for k in (0, 1)]
    print(f"{'':20}{'result':>18}{'settled':>18}{'server CPU':>14}")
    for name in pages:
        columns = []
        for k in (0, 1):
            median = statistics.median(time[k] for time in times[name])
            reach = f" (≤ {REACH[name][k]})" if name in REACH else ""
            columns.append(f"{median:.0f} ms ×{median / base[k]:.2f}{reach}")
        print(f"{name:20}{columns[0]:>22}{columns[1]:>22}{processor[name] * 1000 / rounds / PRESSES:>8.1f} ms")
    for page in pages.values():
        page.close()


# At every frame: has the thumb moved, has the result line changed; and what goes where.
HOLD = """key => {
  const input = document.querySelector(`.st-key-${key} input[type=range]`);
  const hold = window.hold = {moves: [], answers: [], told: window.told, on: true};
  let value = input.getAttribute("aria-valuetext"), line = result();
  const look = now => {
    if (!hold.on) return;
    if (value !== (value = input.getAttribute("aria-valuetext"))) hold.moves.push(now);
    if (line !== (line = result())) hold.answers.push(now);
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}"""
COUNT = """window.told = 0; window.largest = 0;
window.WebSocket = class extends window.WebSocket {
  constructor(...given) {
    super(...given);
    if (this.url.endsWith("/live/channel")) this.addEventListener("message", ({data}) => {
      window.largest = Math.max(window.largest, data.byteLength);
    });
  }
  send(data) {
    if (this.url.includes("_stcore/stream")) window.told += 1;
    return super.send(data);
  }
};"""


# Everything to and from the server is 100 ms longer under way.
FAR_AWAY = """window.WebSocket = class extends window.WebSocket {
  send(data) { setTimeout(() => super.send(data), 100); }
  set onmessage(listener) { super.onmessage = event => setTimeout(() => listener(event), 100); }
  addEventListener(type, listener, ...more) {
    const late = event => setTimeout(() => listener(event), 100);
    super.addEventListener(type, type === "message" ? late : listener, ...more);
  }
};"""


def held(browser: Browser, address: str, key: str, thing: str, line: str = "") -> None:
    """A slider, or the number of the drawing, is held and moved to and fro."""
    page = browser.new_page(viewport={"width": 1400, "height": 900})
    page.add_init_script(f"{RESULT};{line};{COUNT}")
    page.goto(address)
    page.wait_for_selector(".st-key-result b", timeout=60_000)
    page.wait_for_timeout(2500)
    x, y = middle(place_of(page, key, thing))
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 5, y)
    page.evaluate(HOLD, key)
    began, k = time.monotonic(), 0
    while time.monotonic() - began < HELD_FOR:
        k = (k + 1) % 80
        page.mouse.move(x + min(k, 80 - k) - 20, y)
        time.sleep(0.004)
    moves, answers, before, told, largest = page.evaluate(
        "(hold.on = false, [hold.moves, hold.answers, hold.told, window.told, window.largest])"
    )
    page.mouse.up()
    lags = [next((answer for answer in answers if answer >= move), move + 1e9) - move for move in moves]
    where = f"{thing} held on {address.rpartition('/')[2] or 'forward'}{' over a slow line' if line else ''}"
    print(
        f"{where:42} {len(answers) / HELD_FOR:4.0f} answers/s to {len(moves) / HELD_FOR:.0f} moves/s, median lag "
        f"{statistics.median(lags):.0f} ms, {told - before} messages to Streamlit, largest answer "
        f"{largest / 1000:.0f} kB"
    )
    page.close()


def place_of(page: Page, key: str, thing: str) -> Locator:
    if thing == "slider":
        return page.locator(f".st-key-{key} [data-testid=stSliderThumbValue]").locator("..")
    return page.locator(f".st-key-network .node[data-key={key}]")


def middle(place: Locator) -> tuple[float, float]:
    box = place.bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


async def crowd(address: str, page: str, query: str) -> None:
    """Many drag at once: answers a second for each, and how long one takes."""
    waits: list[list[float]] = [[] for _ in range(CROWD)]

    async def visitor(mine: list[float], number: int) -> None:
        async with websockets.connect(address.replace("http", "ws") + "/live/channel", origin=address) as socket:
            await asyncio.sleep(FRAME * number / CROWD)
            until = time.monotonic() + HELD_FOR
            while (began := time.monotonic()) < until:
                value = round(0.5 + 0.01 * (len(mine) % 100), 2)
                await socket.send(f"{page}?{query}w2_1={value}#since=w2_1%3D0.5&parts=introduction~chain&steps=0~50")
                while b'"more": true' in (await socket.recv())[:300]:  # the result line goes ahead
                    pass
                mine.append(time.monotonic() - began)
                await asyncio.sleep(max(0.0, FRAME - mine[-1]))

    await asyncio.gather(*(visitor(mine, number) for number, mine in enumerate(waits)))
    each = sorted(len(mine) / HELD_FOR for mine in waits)
    took = sorted(wait * 1000 for mine in waits for wait in mine)
    print(
        f"{CROWD} drag at once on {page or 'forward':12} {each[0]:.0f} to {each[-1]:.0f} answers/s each (≥ 20); "
        f"median {took[len(took) // 2]:.0f} ms, p95 {took[int(0.95 * len(took))]:.0f} ms"
    )


def scrub(browser: Browser, address: str) -> None:
    """A step of the scrubber: ms until it is painted, and messages to the server."""
    page = browser.new_page(viewport={"width": 1400, "height": 900})
    sent: list[int] = []
    received: list[int] = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda _: sent.append(1)))
    page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: received.append(len(frame))))
    page.goto(address)
    scrubber = page.get_by_role("slider", name="Step of the descent")
    scrubber.wait_for()
    page.wait_for_timeout(2500)
    before = len(sent)
    waits = sorted(scrubber.evaluate(SCRUB))
    print(
        f"scrubbing one step of 200: median {statistics.median(waits):.1f} ms, worst of 60 {waits[-1]:.1f} ms "
        f"(≤ 33 ms, two frames); {len(sent) - before} messages to the server; payload {max(received) / 1000:.0f} kB"
    )
    page.close()


def main(rounds: int) -> None:
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
    with ExitStack() as stack:
        logs = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        bare = stack.enter_context(served(logs / "bare.txt", "tests/benchmarks/bare_page.py"))
        ours = stack.enter_context(served(logs / "ours.txt"))
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        scrub(browser, f"{ours}/descent?steps=200")
        for path in ("/", "/chain_rule", "/descent?steps=200"):
            held(browser, ours + path, "w2_1", "slider")
        held(browser, ours + "/", "w2_1", "number")
        held(browser, ours + "/", "w2_1", "slider", FAR_AWAY)
        key_presses(browser, {name: bare if name == "bare page" else ours for name in PAGES}, rounds)
        browser.close()
    with ExitStack() as stack:
        logs = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        ours = stack.enter_context(served(logs / "ours.txt"))
        for page, query in (("", ""), ("chain_rule", ""), ("descent", "steps=200&")):
            asyncio.run(crowd(ours, page, query))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 4)
