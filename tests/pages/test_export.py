"""What is exported is what core makes of this screen; and a state file comes back bit for bit, or not at all."""

import json

import pytest
from streamlit.testing.v1 import AppTest

from core import derivation_latex, derivation_text, descend, exact_derive
from core.batches import check_batch_size
from core.datasets import DATASETS
from core.export import descent_csv, notebook, script
from core.parameters import Architecture, from_values
from core.reading import NotRead
from core.settings import ENTRIES, Settings
from core.state_file import VERSION, WHAT, read_state, state_json
from pages.screen import export as menu
from pages.screen import sidebar
from pages.screen.address import harmless
from tests.pages.mischief import check_nothing_was_evaluated, check_said, texts
from tests.pages.screen import CHAIN_RULE, DESCENT, NOTEBOOK, PAGES, opened, pressed, turned_to, values
from tests.pages.state import bits, random_state, state

IN_FILE = [key for key, entry in ENTRIES.items() if entry.in_file]


@pytest.fixture
def files(monkeypatch):
    """What the menu offers, by suffix."""
    offered: dict[str, str] = {}
    button = menu.st.download_button

    def noted(label, text, name, *more, **asked):
        offered[name.rpartition(".")[2]] = text
        return button(label, text, name, *more, **asked)

    monkeypatch.setattr(menu.st, "download_button", noted)
    return offered


def address_of(whole: dict) -> dict[str, str]:
    return Settings(**whole).address


def brought(screen: AppTest, text: str | bytes) -> AppTest:
    """The same visitor opens a state file."""
    raw = text.encode("utf-8", errors="surrogatepass") if isinstance(text, str) else text
    pressed(screen, "Export").file_uploader(key="state_file").set_value(("state.json", raw, "application/json"))
    return screen.run()


def trouble(screen: AppTest) -> dict[str, str]:
    return screen.session_state.memory.trouble


def file_of(state: object, **changed: object) -> str:
    return json.dumps({"what": WHAT, "version": VERSION, "state": state} | changed)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("seed", [1, 3])
def test_every_file_is_what_core_makes_of_this_screen(page, seed, files):
    whole = random_state(seed) | {"steps": 4}
    screen = pressed(opened(page, **address_of(whole)), "Export")
    assert not screen.exception
    parameters, example = from_values({key: whole[key] for key in NOTEBOOK})
    network = Architecture(*(whole[key] for key in ("activation", "output", "loss")))
    rows = (
        {"one": None, "rows": whole["rows"]}.get(whole["data"])
        if whole["data"] in ("one", "rows")
        else DATASETS[whole["data"]].rows
    )
    size = whole["batch"] if rows and 0 < whole["batch"] < len(rows) else None
    check_batch_size(size, len(rows or [1]))
    walk = {
        "learning_rate": whole["learning_rate"],
        "steps": 4,
        "optimizer": whole["optimizer"],
        "clear_gradients": whole["zero_grad"],
        "rows": rows,
        "batch_size": size,
        "seed": whole["seed"],
        "architecture": network,
        "precision": whole["precision"],
    }
    settings = Settings(**whole)
    worked = exact_derive(parameters, example, whole["parameter"], architecture=network)
    saved = files.pop("json")
    assert bits(read_state(saved).entries) == bits(whole | {"preset": "", "pin": ()})
    assert files == {
        "ipynb": notebook(settings),
        "py": script(settings),
        "tex": derivation_latex(worked, network),
        "txt": derivation_text(worked, network),
        "csv": descent_csv(descend(parameters, example, **walk)),
    }


def test_the_menu_names_what_it_offers():
    screen = pressed(opened(), "Export")
    assert [button.label for button in screen.get("download_button")] == [
        "Jupyter notebook",
        "Python script",
        "Derivation as LaTeX",
        "Derivation as text",
        "Descent as CSV",
        "State as JSON",
    ]
    assert all(button.help.endswith(".") for button in screen.get("download_button"))


@pytest.mark.parametrize("seed", range(6))
def test_a_state_file_brings_everything_back_to_the_last_bit(seed, files):
    whole = random_state(seed) | {"steps": seed, "preset": "", "pin": ()}
    opened_there = pressed(opened(PAGES[seed % 3], **address_of(whole)), "Export")
    assert not opened_there.exception
    saved = files["json"]
    screen = brought(opened(PAGES[(seed + 1) % 3], **address_of(random_state(seed + 50) | {"steps": 2})), saved)
    assert not screen.exception
    assert trouble(screen) == {}
    brought_back = state(screen)
    for key in ("preset", "pin"):
        brought_back.pop(key)
        whole.pop(key)
    assert brought_back == bits(whole)


def test_a_device_that_is_not_here_gives_way_to_the_cpu():
    screen = brought(opened(), file_of({"device": "cuda:7", "precision": "float32", "w1_11": 0.5}))
    assert not screen.exception
    assert (screen.session_state.device, screen.session_state.precision) == ("cpu", "float32")
    assert values(screen)["w1_11"] == 0.5


def test_what_a_file_leaves_out_is_as_at_first():
    """read_state(): which keys the file has is up to it; the others keep their default."""
    screen = brought(
        opened(DESCENT, w1_12="0.9", steps="3", optimizer="adam", activation="tanh"), file_of({"w1_11": 0.5})
    )
    assert values(screen) == NOTEBOOK | {"w1_11": 0.5}
    assert screen.session_state.steps == ENTRIES["steps"].default
    assert screen.session_state.activation == "relu"


def test_half_a_file_never_leaves_what_does_not_go_together():
    for half in ({"output": "tanh"}, {"output": "sigmoid", "loss": "binary_cross_entropy"}, {"loss": "squared_error"}):
        screen = brought(opened(output="sigmoid", loss="squared_error", y="3"), file_of(half))
        assert not screen.exception
        screen = brought(opened(output="sigmoid", loss="binary_cross_entropy"), file_of(half))
        assert not screen.exception


BAD_FILES = [
    ("", {"file"}),
    ("no json", {"file"}),
    ("[]", {"file"}),
    ("{}", {"file"}),
    (b"\xff\xfe\x00", {"file"}),
    (file_of({}, version=2), {"file"}),
    (file_of({}, what="<b>evil</b>"), {"file"}),
    ("[" * 100_000, {"file"}),
    (file_of({"w1_11": 0.5})[:-1] + " " * 30_000 + "}", {"file"}),
    (file_of({"w1_11": float("nan")}), {"file"}),
    (file_of({"w1_11": "0.5", "steps": -1, "w1_12": 0.9}), {"w1_11", "steps"}),
    (file_of({"w1_11": 3.5, "y": -6, "w1_12": 0.9}), {"w1_11", "y"}),
    (file_of({"<b>evil</b>": 1, "w1_12": 0.9}), {"“<b>evil</b>”"}),
    (file_of({"output": "tanh", "loss": "binary_cross_entropy", "w1_12": 0.9}), {"loss"}),
    (file_of({"output": "sigmoid", "loss": "binary_cross_entropy", "y": 2}), {"y"}),
    (file_of({"activation": "a; **evil** [evil](//evil.co)"}), {"activation"}),  # a semicolon of somebody else's
    (file_of({"seed": "; <b>evil</b>", "steps": "; ![](//evil.co)"}), {"seed", "steps"}),
    (file_of({"data": "rows", "rows": [[1, 2, 1e300]]}), {"rows"}),
    (file_of({"activation": "[evil](javascript:evil(1))", "device": "$x$"}), {"activation", "device"}),
]


def test_a_bad_file_is_named_entry_by_entry_and_nothing_is_changed(monkeypatch):
    screen, deeds = opened(w1_22="0.5"), sidebar.deeds
    before = state(screen)
    for text, places in BAD_FILES:
        screen = brought(screen, text)
        assert not screen.exception
        assert trouble(screen).keys() == places
        assert state(screen) == before
        with monkeypatch.context() as patch:
            patch.setattr(sidebar, "deeds", lambda: (deeds(), menu.export()))  # the menu as it stands, still open
            screen = screen.run()
        told = [error.value for error in screen.error]
        assert len(told) == len(places)
        for sentence in told:
            assert sentence.endswith(". Nothing was changed.")
            check_said(sentence)


def test_opened_again_the_menu_has_forgotten_what_was_wrong():
    screen = brought(opened(), "no json")
    screen = pressed(turned_to(CHAIN_RULE, screen), "Export")
    assert [error.value for error in screen.error] == []


def test_two_thousand_strange_files_are_read_or_named_in_our_own_words():
    keys = list(ENTRIES)
    good = state_json(Settings())
    for number, text in enumerate(texts(2000, seed=4)):
        strange = {
            0: text,
            1: file_of({keys[number % len(keys)]: text}),
            2: file_of({text: 1, keys[number % len(keys)]: [text, {text: None}]}),
            3: good[: number % len(good)] + text + good[number % len(good) + number % 3 :],
            4: file_of({keys[number % len(keys)]: [[text] * 3]}, version=text),
        }[number % 5]
        try:
            read_state(strange)
        except NotRead as error:
            for place, sentence in error.sentences.items():
                check_file_said(f"{harmless(place)}: {harmless(sentence)}. Nothing was changed.")
    check_nothing_was_evaluated()


def check_file_said(sentence: str) -> None:
    """Our own words may show how axes and rows are written."""
    check_said(sentence.replace('["w1_12", "w2_2", "end"]', "…").replace('["adam", "rmsprop"]', "…"))
