"""A person at the screen, without a browser: pages/app.py under Streamlit's AppTest, and the numbers worked by hand."""

import json
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

from streamlit.components.v2.bidi_component.main import _make_trigger_id
from streamlit.proto.BidiComponent_pb2 import BidiComponent
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.testing.v1 import AppTest

APP = Path(__file__).parents[2] / "pages" / "app.py"
FORWARD, CHAIN_RULE, DESCENT = PAGES = ("forward.py", "chain_rule.py", "descent.py")

NOTEBOOK = {
    "w1_11": 0.1,
    "w1_12": 0.2,
    "w1_21": 0.3,
    "w1_22": 0.4,
    "b1_1": 0.1,
    "b1_2": 0.2,
    "w2_1": 0.5,
    "w2_2": 0.6,
    "b2": 0.3,
    "x_1": 1.0,
    "x_2": 2.0,
    "y": 0.7,
}
HIGHEST_ANSWER = 5 * 60  # s: a busy machine is slow, and that is not what these tests are about


def opened(page: str = FORWARD, **address: str) -> AppTest:
    """The page as a first visitor with this address sees it."""
    screen = AppTest.from_file(APP, default_timeout=HIGHEST_ANSWER)
    screen.query_params.update(address)
    return turned_to(page, screen.run()) if page != FORWARD else screen.run()


def turned_to(page: str, screen: AppTest) -> AppTest:
    """The same visitor, one page on."""
    return screen.switch_page(page).run()


def by_hand(**values: float) -> dict[str, float]:
    """Every number of the network, worked with nothing but Python's arithmetic; gradients as "dL/d…"."""
    v = NOTEBOOK | values
    v["z1_1"] = v["x_1"] * v["w1_11"] + v["x_2"] * v["w1_21"] + v["b1_1"]
    v["z1_2"] = v["x_1"] * v["w1_12"] + v["x_2"] * v["w1_22"] + v["b1_2"]
    v["h_1"], v["h_2"] = max(v["z1_1"], 0.0), max(v["z1_2"], 0.0)
    v["o"] = v["h_1"] * v["w2_1"] + v["h_2"] * v["w2_2"] + v["b2"]
    v["L"] = 0.5 * (v["o"] - v["y"]) ** 2
    d = v["o"] - v["y"]
    d1 = d * v["w2_1"] * (v["z1_1"] > 0)
    d2 = d * v["w2_2"] * (v["z1_2"] > 0)
    slopes = {
        "w1_11": d1 * v["x_1"],
        "w1_12": d2 * v["x_1"],
        "w1_21": d1 * v["x_2"],
        "w1_22": d2 * v["x_2"],
        "b1_1": d1,
        "b1_2": d2,
        "w2_1": d * v["h_1"],
        "w2_2": d * v["h_2"],
        "b2": d,
        "x_1": d1 * v["w1_11"] + d2 * v["w1_12"],
        "x_2": d1 * v["w1_21"] + d2 * v["w1_22"],
    }
    return v | {f"dL/d{key}": slope for key, slope in slopes.items()}


def shown(value: float) -> str:
    """Four significant digits, zeros kept, a true minus sign: how the result line writes a middling number."""
    return f"{value:#.4g}".rstrip(".").replace("-", "−")


def raw_result(screen: AppTest) -> str:
    """The HTML of the result line."""
    (line,) = [html.proto.body for html in screen.get("html") if 'class="result"' in html.proto.body]
    return line


def result(screen: AppTest) -> str:
    """The result line as it reads: "o = 1.420 L = 0.2592 Move a slider: …"."""
    text = raw_result(screen).replace("</span>", " ")
    return unescape(re.sub(r"<[^>]*>", "", text)).strip()


def change(screen: AppTest) -> str:
    """The part of the result line that tells of the last change."""
    return re.split(r"L = \S+ ", result(screen), maxsplit=1)[1]


def component(screen: AppTest, key: str) -> BidiComponent:
    """What one of our components was sent."""
    (found,) = [each.proto for each in screen.get("bidi_component") if each.proto.id.endswith(f"-{key}")]
    return found


def data(screen: AppTest, key: str) -> dict[str, Any]:
    """The data of a component that is given a dict."""
    return json.loads(component(screen, key).json)


def words(screen: AppTest, key: str) -> str:
    """Every word and formula of a page's derivation, a line each."""
    return "\n".join(_texts(data(screen, key)["rows"]))


def _texts(nested: Any) -> Iterator[str]:
    if isinstance(nested, str):
        yield nested
    elif isinstance(nested, dict | list):
        for entry in nested.values() if isinstance(nested, dict) else nested:
            yield from _texts(entry)


def notice(screen: AppTest) -> list[str]:
    """The sentences that say what the address got wrong."""
    return [sentence for warning in screen.warning for sentence in warning.value.split("\n\n")]


def values(screen: AppTest) -> dict[str, float]:
    """Where the twelve sliders stand."""
    return {key: screen.session_state[key] for key in NOTEBOOK}


def moved(screen: AppTest, key: str, value: float) -> AppTest:
    """The same visitor moves one slider. A move runs the stage alone, so the sliders are drawn first."""
    return screen.run().slider(key=key).set_value(value).run()


def pressed(screen: AppTest, label: str) -> AppTest:
    """The same visitor presses a button."""
    (button,) = [button for button in screen.button if button.label == label]
    return button.click().run()


def told(screen: AppTest, key: str, event: str, value: object) -> AppTest:
    """A component says `event`, as the browser would: its value travels as JSON."""
    states = screen._tree.get_widget_states()
    message = json.dumps([{"event": event, "value": value}])
    trigger = _make_trigger_id(component(screen, key).id, "events")
    states.widgets.append(WidgetState(id=trigger, json_trigger_value=message))
    return screen._run(states)
