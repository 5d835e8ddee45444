"""The descent page moves in the browser: no message to the server, no blank frame, no lost place."""

import base64
from pathlib import Path

import pytest
from playwright.sync_api import Page, WebSocket, expect

from tests.browser.visitor import at_rest, come_to, loss_plot, result, scrubber, slider, stands_at, turn_to
from tests.pages.screen import brief, by_hand
from tests.pages.test_descent import walked


def listen(page: Page) -> list[object]:
    """Every message the page sends to the server from its next visit on."""
    sent: list[object] = []

    def note(frame: object) -> None:
        sent.append(frame)

    def hear(socket: WebSocket) -> None:
        socket.on("framesent", note)  # Playwright takes no built-in methods

    page.on("websocket", hear)
    return sent


def drawn(page: Page) -> None:
    """Plotly has drawn the loss."""
    come_to(loss_plot(page), loss_plot(page).locator(".main-svg"))
    at_rest(page)


def test_scrubbing_moves_every_number_and_tells_the_server_nothing(window, server):
    page = window()
    sent = listen(page)
    page.goto(f"{server}/descent?steps=200")
    drawn(page)
    assert sent
    sent.clear()
    before = page.get_by_role("table", name="W1, before").get_by_role("cell")
    expect(before).to_have_text(["0.1", "0.2", "0.3", "0.4"])
    for _ in range(3):
        scrubber(page).press("ArrowRight")
    path = walked(4, 0.01)
    expect(page.get_by_text("step 3 of 200")).to_be_visible()
    expect(before).to_have_text([f"{brief(path[3][key])}" for key in ("w1_11", "w1_12", "w1_21", "w1_22")])
    expect(page.get_by_role("table", name="b2, after").get_by_role("cell")).to_have_text(f"{brief(path[4]['b2'])}")
    expect(page.get_by_text(f"L = {brief(path[3]['L'])}")).to_be_visible()
    page.get_by_role("button", name="Last step").click()
    expect(page.get_by_text("step 200 of 200")).to_be_visible()
    page.get_by_role("button", name="Previous step").click()
    expect(scrubber(page)).to_have_value("199")
    scrubber(page).fill("120")
    expect(page.get_by_text("step 120 of 200")).to_be_visible()
    page.get_by_role("button", name="Play").click()
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    expect(scrubber(page)).not_to_have_value("120")
    page.get_by_role("button", name="Pause").click()
    assert sent == []


WATCH = """node => {
  window.kept = node;
  window.frames_seen = 0;
  window.blank_frames = 0;
  const look = () => {
    window.frames_seen += 1;
    if (!node.isConnected || !node.querySelector('.main-svg .scatterlayer path')) window.blank_frames += 1;
    requestAnimationFrame(look);
  };
  look();
}"""


UNSTYLED = """() => {
  window.looks = new Set();
  const look = () => {
    if (window.looks.isOver) return;
    const controls = document.querySelector('.st-key-descent_controls');
    if (!controls) return; // the page was left
    window.looks.add(getComputedStyle(controls).display);
    requestAnimationFrame(look);
  };
  look();
}"""


def test_a_descent_in_the_hand(visit):
    """One visit: what is drawn is pointed at, moved and zoomed, and in the end the steps are taken."""
    page = visit("/descent")
    drawn(page)
    a_click_on_the_curve_goes_to_that_step(page)
    the_scrubbers_place_survives_a_slider_move(page)
    a_slider_move_redraws_in_place_without_a_blank_frame_and_keeps_the_zoom(page)
    take_these_steps_moves_the_sliders_there_and_the_page_keeps_its_styles(page)


def a_click_on_the_curve_goes_to_that_step(page: Page) -> None:
    area = loss_plot(page).locator(".nsewdrag").bounding_box()
    assert area is not None
    page.mouse.click(area["x"] + 0.5 * area["width"], area["y"] + 0.5 * area["height"])
    expect(scrubber(page)).not_to_have_value("0")
    assert 45 <= int(scrubber(page).input_value()) <= 55


def the_scrubbers_place_survives_a_slider_move(page: Page) -> None:
    scrubber(page).fill("40")
    slider(page, "w1_12").press("ArrowRight")
    stands_at(page, w1_12=0.21)
    path = walked(40, 0.01, w1_12=0.21)
    expect(page.get_by_role("table", name="b2, before").get_by_role("cell")).to_have_text(f"{brief(path[40]['b2'])}")
    expect(scrubber(page)).to_have_value("40")


def zoom(page: Page) -> None:
    """The loss plot, by the pointer."""
    area = loss_plot(page).locator(".nsewdrag").bounding_box()
    assert area is not None
    page.mouse.move(area["x"] + 0.3 * area["width"], area["y"] + 0.3 * area["height"])
    page.mouse.down()
    page.mouse.move(area["x"] + 0.6 * area["width"], area["y"] + 0.7 * area["height"], steps=5)
    page.mouse.up()
    page.wait_for_function("plot => plot._fullLayout.xaxis.range[0] > 20", arg=loss_plot(page).element_handle())


def shown_range(page: Page) -> list[float]:
    return loss_plot(page).evaluate("plot => [...plot._fullLayout.xaxis.range, ...plot._fullLayout.yaxis.range]")


def a_slider_move_redraws_in_place_without_a_blank_frame_and_keeps_the_zoom(page: Page) -> None:
    at_rest(page)
    zoom(page)
    before = shown_range(page)
    loss_plot(page).evaluate(WATCH)
    loss_plot(page).evaluate("plot => { window.first_loss = plot.data[0].y[0]; }")
    slider(page, "w1_12").press("ArrowLeft")
    stands_at(page, w1_12=0.2)
    page.wait_for_function("window.kept.data[0].y[0] !== window.first_loss")
    at_rest(page)
    assert loss_plot(page).evaluate("plot => plot === window.kept")
    assert loss_plot(page).evaluate("plot => plot.data[0].y[0]") == pytest.approx(by_hand()["L"])
    assert shown_range(page) == before
    assert page.evaluate("window.frames_seen") > 3
    assert page.evaluate("window.blank_frames") == 0


def take_these_steps_moves_the_sliders_there_and_the_page_keeps_its_styles(page: Page) -> None:
    page.evaluate(UNSTYLED)
    scrubber(page).fill("10")
    page.get_by_role("button", name="Take these steps").click()
    expect(page.get_by_text("The sliders stand at step 10 now.")).to_be_visible()
    goal = walked(10, 0.01)[10]
    expect(result(page).locator("b").first).to_have_text(f"{brief(goal['o'])}")
    expect(page.locator(".st-key-w1_12").get_by_text(f"{brief(goal['w1_12'])}")).to_be_visible()
    for key in ("w1_11", "w2_2", "b2"):
        page.wait_for_function(
            "([key, value]) => Math.abs(document.querySelector(`.st-key-${key} input`).value - value) < 0.0051",
            arg=[key, goal[key]],
        )
    page.wait_for_function(
        "keys => keys.every(key => new URL(location).searchParams.has(key))", arg=["w1_11", "w2_2", "b2"]
    )
    at_rest(page)
    assert page.evaluate("[...window.looks]") == ["grid"]  # in every frame: its own layout, not Streamlit's column
    page.evaluate("window.looks.isOver = true")
    turn_to(page, "Forward pass")
    expect(result(page).locator("b").first).to_have_text(f"{brief(goal['o'])}")


def test_a_diverging_descent_offers_a_rate_that_holds(visit):
    page = visit("/descent?learning_rate=10&steps=200&w1_11=3&x_1=5")
    expect(page.get_by_text("The descent diverged.")).to_be_visible()
    page.get_by_role("button", name="Use η =").click()
    expect(page.get_by_text("The descent diverged.")).to_be_hidden()
    expect(scrubber(page)).to_have_attribute("max", "200")


# How many colours a picture has, counted in every seventh pixel; an empty one has one.
COLOURS = """async address => {
  const image = new Image();
  image.src = address;
  await image.decode();
  const pen = new OffscreenCanvas(image.width, image.height).getContext('2d');
  pen.drawImage(image, 0, 0);
  const pixels = new Uint32Array(pen.getImageData(0, 0, image.width, image.height).data.buffer);
  return [image.width, image.height, new Set(pixels.filter((_, i) => i % 7 === 0)).size];
}"""


def test_a_saved_figure_holds_what_is_shown(visit, tmp_path):
    page = visit("/descent")
    axes = page.locator(".two-axes")
    for shown in ("map", "surface"):
        if shown == "surface":
            axes.get_by_role("button", name="Show as surface").click()
        figure = axes.locator(".surface" if shown == "surface" else ".stack .stack")
        come_to(figure, figure.locator(".main-svg"))  # a figure is drawn when it comes into sight
        at_rest(page)
        for kind, sharpness in {"PNG": 2, "SVG": 1}.items():
            width, height, colours = page.evaluate(COLOURS, saved(page, kind, tmp_path))
            expect(figure).to_be_visible()
            box = figure.bounding_box()
            assert box is not None
            assert width == pytest.approx(sharpness * box["width"], abs=2), (shown, kind)
            assert height == pytest.approx(sharpness * 430, abs=2), (shown, kind)
            assert colours > 100, (shown, kind)


def saved(page: Page, kind: str, folder: Path) -> str:
    """The file that is offered, as a data URL."""
    save = page.locator(".two-axes").get_by_role("group", name="Save this figure")
    with page.expect_download(timeout=120_000) as download:
        save.get_by_role("button", name=kind).click()
    file = folder / download.value.suggested_filename
    download.value.save_as(file)
    type_ = {"PNG": "image/png", "SVG": "image/svg+xml"}[kind]
    return f"data:{type_};base64,{base64.b64encode(file.read_bytes()).decode()}"
