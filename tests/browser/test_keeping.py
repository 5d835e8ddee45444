"""Yours to keep: undo from the keyboard, back and forward, reload, the hints, and the files that arrive."""


from playwright.sync_api import Page, expect

from tests.browser.visitor import at_rest, says, shows, slider, stands_at

HEARD = 4000  # ms: by then the browser has long heard what we wrote into its address
FIRST_HINT = "Drag any framed number in the drawing sideways"


def button(page: Page, name: str):
    return page.get_by_role("button", name=name, exact=True)


def test_ctrl_z_and_ctrl_y_go_back_and_forth_and_the_address_with_them(visit):
    page = visit("/")
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
    button(page, "Undo").click()
    shows(page, y=0.3)
    says(page, y="0.3")
    button(page, "Redo").click()
    shows(page, **plateau, **network)
    page.wait_for_function("location.search.includes('y=0')")
    page.reload()
    shows(page, **plateau, **network)
    expect(page.locator(".st-key-story")).to_contain_text("A plateau")
