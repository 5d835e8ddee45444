"""A person at the screen, without a browser: pages/app.py under Streamlit's AppTest, and the numbers worked by hand."""

import json
import math
import re
from collections.abc import Callable, Iterator
from decimal import ROUND_HALF_UP, Decimal, localcontext
from pathlib import Path
from typing import Any

from streamlit.components.v2.bidi_component.main import _make_trigger_id
from streamlit.proto.BidiComponent_pb2 import BidiComponent
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.testing.v1 import AppTest

from core.settings import Settings, read_address
from pages import chain_rule, descent, forward
from pages.scene import scene_of
from pages.words.result import result_line

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
# Every activation, and every output with every loss that goes with it, at least once.
ARCHITECTURES = (
    {"activation": "relu", "output": "identity", "loss": "half_squared_error"},
    {"activation": "leaky_relu", "output": "identity", "loss": "squared_error"},
    {"activation": "sigmoid", "output": "tanh", "loss": "half_squared_error"},
    {"activation": "tanh", "output": "sigmoid", "loss": "squared_error"},
    {"activation": "softplus", "output": "sigmoid", "loss": "binary_cross_entropy"},
    {"activation": "gelu", "output": "sigmoid", "loss": "half_squared_error"},
    {"activation": "identity", "output": "tanh", "loss": "squared_error"},
)
VIEWS = {FORWARD: forward.view, CHAIN_RULE: chain_rule.view, DESCENT: descent.view}
HIGHEST_ANSWER = 5 * 60  # s: a busy machine is slow, and that is not what these tests are about


def settings(**address: str) -> Settings:
    """The state that an address describes."""
    found, refused = read_address({key: [text] for key, text in address.items()})
    assert refused == {}
    return found


def view(page: str = FORWARD, **address: str) -> dict[str, Any]:
    """What a page shows of the state of an address, by component, as JSON brings it to the browser: no NaN."""
    seen = VIEWS[page](settings(**address))
    return {
        key: data if isinstance(data, bytes) else json.loads(json.dumps(data, allow_nan=False))
        for key, data in seen.items()
    }


def opened(page: str = FORWARD, **address: str) -> AppTest:
    """The page as a first visitor with this address sees it."""
    screen = AppTest.from_file(APP, default_timeout=HIGHEST_ANSWER)
    screen.query_params.update(address)
    return turned_to(page, screen) if page != FORWARD else screen.run()


def turned_to(page: str, screen: AppTest) -> AppTest:
    """The same visitor on this page; whoever has seen none yet comes to it by its address."""
    return screen.switch_page(page).run()


def _logistic(z: float) -> float:
    return 1 / (1 + math.exp(-z))


def _below(z: float) -> float:
    """The share of the standard normal distribution below z."""
    return (1 + math.erf(z / math.sqrt(2))) / 2


# f and f′ of every activation, L and ∂L/∂o of every loss, by the definitions of a textbook.
FUNCTIONS: dict[str, tuple[Callable[[float], float], Callable[[float], float]]] = {
    "relu": (lambda z: max(z, 0.0), lambda z: 1.0 if z > 0 else 0.0),
    "leaky_relu": (lambda z: z if z > 0 else z / 100, lambda z: 1.0 if z > 0 else 0.01),
    "sigmoid": (_logistic, lambda z: math.exp(-z) / (1 + math.exp(-z)) ** 2),
    "tanh": (math.tanh, lambda z: 1 / math.cosh(z) ** 2),
    "softplus": (lambda z: math.log1p(math.exp(z)), _logistic),
    "gelu": (lambda z: z * _below(z), lambda z: _below(z) + z * math.exp(-z * z / 2) / math.sqrt(2 * math.pi)),
    "identity": (lambda z: z, lambda z: 1.0),
}
LOSSES: dict[str, tuple[Callable[[float, float], float], Callable[[float, float], float]]] = {
    "half_squared_error": (lambda o, y: (o - y) ** 2 / 2, lambda o, y: o - y),
    "squared_error": (lambda o, y: (o - y) ** 2, lambda o, y: 2 * (o - y)),
    "binary_cross_entropy": (
        lambda o, y: -y * math.log(o) - (1 - y) * math.log(1 - o),
        lambda o, y: (1 - y) / (1 - o) - y / o,
    ),
}


def by_hand(
    *, activation: str = "relu", output: str = "identity", loss: str = "half_squared_error", **values: float
) -> dict[str, float]:
    """Every number of the network, worked with nothing but Python's arithmetic; slopes as "dL/d…", "dz2/dh_1", …"""
    (f, slope_f), (g, slope_g), (measure, slope_L) = FUNCTIONS[activation], FUNCTIONS[output], LOSSES[loss]
    v = NOTEBOOK | values
    v["z1_1"] = v["x_1"] * v["w1_11"] + v["x_2"] * v["w1_21"] + v["b1_1"]
    v["z1_2"] = v["x_1"] * v["w1_12"] + v["x_2"] * v["w1_22"] + v["b1_2"]
    v["h_1"], v["h_2"] = f(v["z1_1"]), f(v["z1_2"])
    v["z2"] = v["h_1"] * v["w2_1"] + v["h_2"] * v["w2_2"] + v["b2"]
    v["o"] = g(v["z2"])
    v["L"] = measure(v["o"], v["y"])
    v |= {"dL/do": slope_L(v["o"], v["y"]), "do/dz2": slope_g(v["z2"])}
    v["dL/dz2"] = v["dL/do"] * v["do/dz2"]
    v |= {"dL/db2": v["dL/dz2"], "dz2/db2": 1.0, "dL/dx_1": 0.0, "dL/dx_2": 0.0}
    for j in "12":
        v |= {f"dz2/dh_{j}": v[f"w2_{j}"], f"dz2/dw2_{j}": v[f"h_{j}"], f"dh_{j}/dz1_{j}": slope_f(v[f"z1_{j}"])}
        v[f"dL/dw2_{j}"] = v["dL/dz2"] * v[f"h_{j}"]
        v[f"dL/dh_{j}"] = v["dL/dz2"] * v[f"w2_{j}"]
        v[f"dL/dz1_{j}"] = v[f"dL/dh_{j}"] * v[f"dh_{j}/dz1_{j}"]
        v |= {f"dL/db1_{j}": v[f"dL/dz1_{j}"], f"dz1_{j}/db1_{j}": 1.0}
        for i in "12":
            v |= {f"dz1_{j}/dw1_{i}{j}": v[f"x_{i}"], f"dz1_{j}/dx_{i}": v[f"w1_{i}{j}"]}
            v[f"dL/dw1_{i}{j}"] = v[f"dL/dz1_{j}"] * v[f"x_{i}"]
            v[f"dL/dx_{i}"] += v[f"dL/dz1_{j}"] * v[f"w1_{i}{j}"]
    return v


def half_up(value: float, digits: int = 4) -> float:
    """A middling number rounded as in school: 1.4625 is 1.463, and so is 1.4624999999999997, a float's idea of it.

    What floats get wrong lies far behind the twelfth decimal, so that one is taken to be on paper.
    """
    with localcontext(prec=digits, rounding=ROUND_HALF_UP):
        return float(+Decimal(str(round(value, 12))))


def shown(value: float) -> str:
    """Four significant digits, zeros kept, a true minus sign: how the result line writes a middling number."""
    return f"{half_up(value):#.4g}".rstrip(".").replace("-", "−")


def brief(value: float) -> str:
    """Four significant digits without idle zeros: how a middling number stands anywhere else."""
    return f"{half_up(value):.4g}"


def raw_result(screen: AppTest) -> dict[str, Any]:
    """What the result line is sent."""
    sent: dict[str, Any] = json.loads(component(screen, "result_line").json)
    return sent


def result(screen: AppTest) -> str:
    """The result line as it reads: "o = 1.420 L = 0.2592 Move a slider: …"."""
    return as_read(raw_result(screen))


def as_read(line: Any) -> str:
    numbers = " ".join(f"{name} = {text}" for name, text, _ in line["numbers"])
    causes = [f"{''.join((each['name'] or {}).values())} {each['text']}".strip() for each in line["causes"]]
    return f"{numbers} {', '.join(causes)}{': ' if line['effect'] else ''}{line['effect']}"


def result_of(**address: str) -> str:
    """The result line of a first visitor with this address."""
    return as_read(result_line(scene_of(settings(**address)), None))


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
    """Every word and formula of a page's derivation, a line each, the formulas without colours and marks."""
    return said_in(data(screen, key))


def said_in(derivation: dict[str, Any]) -> str:
    """The same of the data of a derivation."""
    return bare("\n".join(texts(derivation["rows"])))


def bare(latex: str) -> str:
    r"""Formulas without what only paints or links them: \textcolor{ROLE}{…} and \mark{PLACE}{…} are … alone."""
    while found := re.search(r"\\(?:textcolor|mark)\{[^{}]*\}\{", latex):
        end = closing(latex, found.end())
        latex = latex[: found.start()] + latex[found.end() : end] + latex[end + 1 :]
    return latex


def closing(latex: str, start: int) -> int:
    """Where the brace closes that was opened just before `start`."""
    depth = 1
    for at in range(start, len(latex)):
        depth += {"{": 1, "}": -1}.get(latex[at], 0)
        if depth == 0:
            return at
    raise AssertionError(f"no brace closes {latex[start - 1 :]:.80}")


def texts(nested: Any) -> Iterator[str]:
    """Every string in nested lists and dicts."""
    if isinstance(nested, str):
        yield nested
    elif isinstance(nested, dict | list):
        for entry in nested.values() if isinstance(nested, dict) else nested:
            yield from texts(entry)


def notice(screen: AppTest) -> list[str]:
    """The sentences that say what the address got wrong."""
    return [sentence for warning in screen.warning for sentence in warning.value.split("\n\n")]


def values(screen: AppTest) -> dict[str, float]:
    """Where the twelve sliders stand."""
    return {key: screen.session_state[key] for key in NOTEBOOK}


def moved(screen: AppTest, key: str, value: float) -> AppTest:
    """The same visitor moves one slider."""
    return screen.slider(key=key).set_value(value).run()


def chosen(screen: AppTest, key: str, option: str) -> AppTest:
    """The same visitor chooses a function in the sidebar."""
    return screen.selectbox(key=f"{key}_shown").set_value(option).run()


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
