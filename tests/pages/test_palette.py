"""The palette: words set in any of its colours can be read, in light and in dark."""

import pytest

from pages.screen.palette import ROLES
from tests.pages.screen import opened

BACKGROUNDS = ("surface", "raised")
WORDS = [role for role in ROLES if role not in (*BACKGROUNDS, "line")]


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_the_yardstick_itself():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("background", BACKGROUNDS)
@pytest.mark.parametrize("role", WORDS)
def test_words_reach_a_contrast_of_four_and_a_half(role, background, theme):
    assert contrast(ROLES[role][theme], ROLES[background][theme]) >= 4.5


def test_every_role_has_a_colour_of_its_own():
    for theme in (0, 1):
        assert len({colours[theme] for colours in ROLES.values()}) == len(ROLES)


def test_every_role_is_on_the_page_and_follows_the_theme():
    style = "".join("".join(html.proto.body for html in opened().get("html")).split())
    for role, (light, dark) in ROLES.items():
        assert f"--{role}:light-dark({light},{dark});" in style
