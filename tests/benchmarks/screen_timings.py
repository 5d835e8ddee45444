"""How long the screen takes, measured against a bare Streamlit page in the same minute. Run by hand:

    python -m tests.benchmarks.screen_timings [rounds]

Every page is open at once and they take turns, so that a busy moment of the machine meets them all. Times are the
browser's own clock; quote the ratios, the milliseconds belong to one machine at one moment.

    result    from a key press on the first slider until the frame that paints the new numbers of the result line
    settled   until the frame after the last change of the page that is followed by half a second of quiet
    CPU       the server's processor time for one slider move
"""

import os
import shutil
import statistics
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

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
REACH = {"forward": (0.65, 1.0), "chain rule": (0.65, 1.0), "descent, 200 steps": (0.65, 1.4)}
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


def drag(browser: Browser, address: str) -> None:
    """How often a second the server's answer reaches the result line while a number is dragged in the drawing."""
    page = browser.new_page(viewport={"width": 1400, "height": 900})
    page.add_init_script(RESULT)
    page.goto(address)
    number = page.locator(".st-key-network").get_by_role("slider", name="weight from input 1 to hidden unit 1")
    number.wait_for()
    page.wait_for_timeout(2000)
    page.evaluate("""() => { window.answers = new Set(); new MutationObserver(() =>
        answers.add(result())
    ).observe(document.body, {subtree: true, childList: true, characterData: true}); }""")
    box = number.bounding_box()
    assert box
    x, y = box["x"] + box["width"] - 12, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    start = time.monotonic()
    for move in range(200):
        page.mouse.move(x + move, y)
        page.wait_for_timeout(16)  # a hand sends some sixty moves a second
    taken = time.monotonic() - start
    answers = page.evaluate("answers.size")
    page.mouse.up()
    print(f"dragging a number: {answers / taken:.1f} answers of the server a second (≥ 12)")
    page.close()


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
        drag(browser, ours)
        key_presses(browser, {name: bare if name == "bare page" else ours for name in PAGES}, rounds)
        browser.close()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 4)
