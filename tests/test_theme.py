"""Streamlit's own theme and the palette say the same about the page's ground and ink."""

import tomllib
from pathlib import Path

import pytest

from pages.screen.palette import ROLES

CONFIG = tomllib.loads((Path(__file__).parent.parent / ".streamlit" / "config.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("side", "theme"), [(0, "light"), (1, "dark")])
def test_the_theme_and_the_palette_agree(side: int, theme: str) -> None:
    ours = {
        option: ROLES[role][side]
        for option, role in [
            ("backgroundColor", "surface"),
            ("secondaryBackgroundColor", "raised"),
            ("textColor", "ink"),
        ]
    }
    assert CONFIG["theme"][theme].items() >= ours.items()
