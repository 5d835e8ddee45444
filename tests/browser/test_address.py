"""The address bar tells the whole state, and brings it back."""

from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import TITLES, address, at_rest, number, says, scrubber, slider, stands_at, turn_to

FULL = {"w1_12": "0.5", "y": "-1.5", "learning_rate": "0.05", "steps": "30", "parameter": "b1_1"}
QUERY = "?" + "&".join(f"{key}={text}" for key, text in FULL.items())


def test_a_key_press_is_in_the_address_and_a_reload_brings_it_back(visit):
    page = visit()
    for title in TITLES:
        turn_to(page, title)
        slider(page, "w1_12").press("ArrowRight")
        stands_at(page, w1_12=0.21)
        says(page, w1_12="0.21")
        page.reload()
        stands_at(page, w1_12=0.21)
        assert address(page) == {"w1_12": "0.21"}
        slider(page, "w1_12").press("ArrowLeft")  # back at its default it leaves the address
        stands_at(page, w1_12=0.2)
        says(page)


def test_every_page_keeps_the_whole_state_and_reset_the_rest_of_it(visit):
    page = visit("/descent" + QUERY)
    for title in TITLES:
        turn_to(page, title)
        stands_at(page, w1_12=0.5, y=-1.5)
        says(page, **FULL)
        if title == "Chain rule":
            expect(number(page, "b1_1")).to_have_attribute("aria-current", "true")
        if title == "Descent":
            expect(page.get_by_label("Learning rate η")).to_have_value("0.05")
            expect(scrubber(page)).to_have_attribute("max", "30")
    page.reload()
    stands_at(page, w1_12=0.5, y=-1.5)
    says(page, **FULL)
    page.get_by_role("button", name="Reset all values").click()
    stands_at(page, w1_12=0.2, y=0.7)
    says(page, learning_rate="0.05", steps="30", parameter="b1_1")


def test_back_and_forward_go_through_the_pages_and_keep_the_values(visit):
    page = visit()
    slider(page, "w1_12").press("ArrowRight")
    stands_at(page, w1_12=0.21)
    turn_to(page, "Chain rule")
    slider(page, "y").press("ArrowLeft")
    stands_at(page, w1_12=0.21, y=0.69)
    says(page, w1_12="0.21", y="0.69")
    turn_to(page, "Descent")
    page.go_back()
    expect(page.get_by_text("Study the gradient of")).to_be_visible()
    stands_at(page, w1_12=0.21, y=0.69)
    page.go_forward()
    expect(scrubber(page)).to_be_visible()
    stands_at(page, w1_12=0.21, y=0.69)
    page.go_back()
    expect(page.get_by_text("Study the gradient of")).to_be_visible()
    page.go_back()  # each gesture is an entry
    stands_at(page, w1_12=0.21, y=0.7)
    expect(page.get_by_text("Study the gradient of")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("button", name="Play forward, then backward")).to_be_visible()
    expect(page.get_by_text("Study the gradient of")).to_be_hidden()
    at_rest(page)
    assert address(page) == {"w1_12": "0.21"}
    stands_at(page, w1_12=0.21, y=0.7)  # what that address says
    page.go_back()
    stands_at(page, w1_12=0.2)


def test_a_page_with_more_in_its_address_is_left_with_one_press_of_back(visit):
    page = visit("/" + QUERY)
    turn_to(page, "Chain rule")
    says(page, **FULL)
    turn_to(page, "Descent")
    says(page, **FULL)
    for go, title in ((page.go_back, "Chain rule"), (page.go_forward, "Descent"), (page.go_back, "Chain rule")):
        go()
        expect(page.get_by_text("Study the gradient of")).to_be_visible(visible=title == "Chain rule")
        expect(scrubber(page)).to_be_visible(visible=title == "Descent")
        stands_at(page, w1_12=0.5, y=-1.5)
        says(page, **FULL)


def test_a_page_chosen_before_the_sliders_are_there_still_has_their_values_in_its_address(window, server):
    page = window()
    page.goto(server + "/" + QUERY)
    page.get_by_role("navigation").get_by_role("link", name="Chain rule").click()
    expect(page.get_by_text("Study the gradient of")).to_be_visible()
    stands_at(page, w1_12=0.5, y=-1.5)
    says(page, **FULL)


def test_a_bad_entry_is_told_once_and_its_notice_can_be_sent_away(visit):
    page = visit("/chain_rule?w1_11=abc&y=2&steps=-1")
    notice = page.locator(".st-key-notices")
    expect(notice.get_by_role("paragraph")).to_have_text(
        [
            "w1_11=abc: it is not a number. The default, 0.1, is used instead.",
            "steps=-1: steps -1 is not possible; choose a whole number from 0 to 2000. "
            "The default, 100, is used instead.",
            "Understood",
        ]
    )
    stands_at(page, w1_11=0.1, y=2.0)
    says(page, y="2")
    notice.get_by_role("button", name="Understood").click()
    expect(notice).to_be_hidden()
    slider(page, "b2").press("ArrowRight")
    stands_at(page, y=2.0, b2=0.31)
    says(page, y="2", b2="0.31")
    expect(notice).to_be_hidden()
    page.reload()
    stands_at(page, y=2.0, b2=0.31)
    expect(notice).to_be_hidden()


INJECTIONS = [
    "<img src=x onerror=alert(1)>",
    "<script>alert(1)</script>",
    "[x](javascript:alert(1))",
    "![x](https://evil.example/)",
    "`x` **y**",
    "$x^2$",
    ":red[x]",
]
KEYS = ["w1_11", "device", "parameter", "steps", "learning_rate", "precision", "y"]


@pytest.mark.parametrize("shift", [0, 3])
def test_what_stands_in_the_address_is_shown_as_plain_text(shift, visit):
    texts = INJECTIONS[shift:] + INJECTIONS[:shift]
    entries = [*zip(KEYS, texts, strict=True), *((text, "1") for text in texts[:3])]
    page = visit("/?" + "&".join(f"{quote(key)}={quote(text)}" for key, text in entries))
    notice = page.locator(".st-key-notices [data-testid=stAlert]")
    expect(notice.locator("p")).to_have_count(len(entries))
    said = [f"{key}={text}" if key in KEYS else key for key, text in entries]
    for paragraph, words in zip(notice.locator("p").all(), said, strict=True):
        expect(paragraph.locator("code").first).to_contain_text(words.replace("`", "·")[:40])
    expect(notice.locator("p strong, p img, p a, p script, p .katex, p [style]")).to_have_count(0)
    stands_at(page, w1_11=0.1, y=0.7)
