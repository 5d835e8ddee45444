"""Yours to keep: undo from the keyboard, back and forward, reload, the hints, and the files that arrive."""

import ast
import json
import re
import subprocess
import sys
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from core import NAMES
from tests.browser.visitor import address, at_rest, number, says, shows, slider, stands_at
from tests.pages.screen import by_hand

FIRST_HINT = "Drag any framed number in the drawing sideways"


def button(page: Page, name: str):
    return page.get_by_role("button", name=name, exact=True)


def test_on_the_page_and_in_the_dialog_what_was_done_can_be_mended(visit):
    page = visit("/")
    ctrl_z_and_ctrl_y_go_back_and_forth_and_the_address_with_them(page)
    bad_fields_stay_to_be_mended_and_good_ones_move_the_sliders(page)


def ctrl_z_and_ctrl_y_go_back_and_forth_and_the_address_with_them(page: Page) -> None:
    slider(page, "w1_12").press("ArrowRight")
    stands_at(page, w1_12=0.21)
    at_rest(page)
    slider(page, "y").press("ArrowLeft")
    stands_at(page, w1_12=0.21, y=0.69)
    says(page, w1_12="0.21", y="0.69")
    page.keyboard.press("Control+z")
    stands_at(page, w1_12=0.21, y=0.7)
    says(page, w1_12="0.21")
    page.keyboard.press("Control+z")
    stands_at(page, w1_12=0.2, y=0.7)
    says(page)
    page.keyboard.press("Control+z")
    expect(page.get_by_text("There is nothing to undo.")).to_be_visible()
    page.keyboard.press("Control+y")
    stands_at(page, w1_12=0.21, y=0.7)
    page.keyboard.press("Control+y")
    stands_at(page, w1_12=0.21, y=0.69)
    says(page, w1_12="0.21", y="0.69")


def bad_fields_stay_to_be_mended_and_good_ones_move_the_sliders(page: Page) -> None:
    at_rest(page)
    button(page, "Type values").click()
    dialog = page.get_by_role("dialog")
    fields = dialog.get_by_role("textbox")
    expect(fields).to_have_count(13)
    for text, then in (("two", "cannot be read"), ("3.5", "out of reach")):
        fields.nth(0).fill(text)
        dialog.get_by_role("button", name="Use these values").click()
        expect(dialog.get_by_text(then)).to_be_visible()
        expect(fields.nth(0)).to_have_value(text)
    fields.nth(0).fill("−5/4")
    dialog.get_by_role("button", name="Use these values").click()
    expect(dialog).to_be_hidden()
    shows(page, w1_11=-1.25, w1_12=0.21, y=0.69)
    says(page, w1_11="-1.25", w1_12="0.21", y="0.69")


def test_a_preset_with_another_target_range_is_undone_and_redone_whole(visit):
    page = visit("/?y=0.3")
    button(page, "Presets").click()
    page.get_by_role("button", name="A plateau", exact=True).click()
    expect(page.get_by_role("dialog")).to_be_hidden()
    network = {"activation": "sigmoid", "output": "sigmoid", "loss": "binary_cross_entropy"}
    plateau = {
        **{"w1_11": 0.5, "w1_12": 0.4, "w1_21": -0.4, "w1_22": -0.4, "b1_1": 0.3, "b1_2": 0.2},
        **{"w2_1": 0.2, "w2_2": -0.2, "b2": 0.1, "x_1": 1.0, "x_2": 1.0, "y": 0.0},
    }
    shows(page, **plateau, **network)
    at_rest(page)
    page.get_by_role("button", name=re.compile("^Undo")).click()
    shows(page, y=0.3)
    says(page, y="0.3")
    page.get_by_role("button", name=re.compile("^Redo")).click()
    shows(page, **plateau, **network)
    page.wait_for_function("location.search.includes('y=0')")
    page.reload()
    shows(page, **plateau, **network)
    expect(page.locator(".st-key-story")).to_contain_text("A plateau")


def test_back_and_forward_go_through_chosen_parameters(visit):
    page = visit("/chain_rule")
    at_rest(page)
    page.locator(".st-key-parameter_shown").get_by_label(NAMES["b1_1"].meaning, exact=True).click()
    expect(number(page, "b1_1")).to_have_attribute("aria-current", "true")
    says(page, parameter="b1_1")
    page.go_back()
    says(page)
    expect(number(page, "w1_12")).to_have_attribute("aria-current", "true")
    page.go_forward()
    says(page, parameter="b1_1")
    expect(number(page, "b1_1")).to_have_attribute("aria-current", "true")


def test_a_reload_keeps_everything(visit):
    entries = {
        **{"w1_12": "-0.3333333333333333", "y": "0.25", "activation": "tanh", "output": "sigmoid"},
        **{"loss": "binary_cross_entropy", "parameter": "x_1", "learning_rate": "0.05", "steps": "30"},
        **{"optimizer": "adam", "compare": "sgd,rmsprop", "zero_grad": "off", "data": "xor", "batch": "2", "seed": "7"},
        **{"curves": "mean", "preset": "random_7", "axes": "b2,w2_1,start", "precision": "float32"},
        "pin": "0.1~0.2~0.3~0.4~0.1~0.2~0.5~0.6~0.3~1~2~0.7~relu~identity~half_squared_error",
    }
    page = visit("/?" + "&".join(f"{key}={text}" for key, text in entries.items()))
    at_rest(page)
    says(page, **entries)
    shown = page.locator(".st-key-result b").nth(1).get_attribute("title")
    page.reload()
    expect(page.locator(".st-key-result b").nth(1)).to_have_attribute("title", shown)
    at_rest(page)
    says(page, **entries)
    assert address(page) == entries
    expect(page.get_by_text("Against the pinned state")).to_be_visible()
    expect(page.locator(".st-key-story")).to_contain_text("seed 7")


def test_the_shared_link_opens_the_same_page_with_the_same_numbers(visit, window):
    page = visit("/chain_rule?w1_12=0.5&parameter=b1_1")
    at_rest(page)
    button(page, "Share").click()
    link = page.get_by_role("dialog").locator("code").inner_text()
    assert urlsplit(link).path == "/chain_rule"
    expect(page.get_by_role("dialog").locator("img")).to_be_visible()
    friend = window()
    friend.goto(link)
    stands_at(friend, w1_12=0.5)
    expect(number(friend, "b1_1")).to_have_attribute("aria-current", "true")


def test_the_hints_come_one_by_one_and_stay_away_when_they_were_sent_away(window, server):
    page = window()
    page.goto(f"{server}/?embed=true")
    shows(page)
    at_rest(page)
    page.evaluate("localStorage.clear()")  # a browser that was never here
    expect(page.get_by_text(FIRST_HINT)).to_have_count(0)
    page.goto(server)
    hint = page.get_by_role("complementary", name="Hints for a first visit")
    expect(hint).to_contain_text("Hint 1 of 3")
    expect(hint).to_contain_text(FIRST_HINT)
    hint.get_by_role("button", name="Next hint").click()
    expect(hint).to_contain_text("Hint 2 of 3")
    page.reload()  # not sent away yet
    expect(hint).to_contain_text("Hint 1 of 3")
    hint.get_by_role("button", name="Dismiss").click()
    expect(hint).to_have_count(0)
    stay_away(page, hint)
    page.evaluate("localStorage.clear()")
    page.reload()
    for number_ in (2, 3):
        hint.get_by_role("button", name="Next hint").click()
        expect(hint).to_contain_text(f"Hint {number_} of 3")
    expect(hint.get_by_role("button")).to_have_text(["Got it"])
    hint.get_by_role("button", name="Got it").click()
    expect(hint).to_have_count(0)
    stay_away(page, hint)
    page.evaluate("localStorage.clear()")


def stay_away(page: Page, hint: Locator) -> None:
    page.reload()
    shows(page)
    at_rest(page)
    expect(hint).to_have_count(0)


def test_notebook_and_script_arrive_and_the_script_prints_the_numbers_of_the_screen(visit, tmp_path):
    page = visit("/?w1_12=0.5&activation=tanh&steps=3")
    shows(page, w1_12=0.5, activation="tanh")
    at_rest(page)
    button(page, "Export").click()
    files = {}
    for name in ("Jupyter notebook", "Python script"):
        with page.expect_download() as download:
            button(page, name).click()
        files[name] = tmp_path / download.value.suggested_filename
        download.value.save_as(files[name])
    assert [path.name for path in files.values()] == ["backprop_by_hand.ipynb", "backprop_by_hand.py"]
    book = json.loads(files["Jupyter notebook"].read_text(encoding="utf-8"))
    assert book["nbformat"] == 4
    assert "0.5" in "".join(book["cells"][1]["source"])
    done = subprocess.run(
        [sys.executable, "-I", files["Python script"]], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    printed = dict(line.split(" = ", 1) for line in done.stdout.splitlines() if line.startswith(("o = ", "L = ")))
    shown = [page.locator(".st-key-result b").nth(n).get_attribute("title").split(", ")[1] for n in (0, 1)]
    assert [printed["o"], printed["L"]] == shown
    expected = by_hand(w1_12=0.5, activation="tanh")
    assert ast.literal_eval(printed["L"]) == pytest.approx(expected["L"], rel=1e-12)
