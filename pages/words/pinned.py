"""A state set aside, and every number of now against it: was, now, change."""

import math

from core.compare import Change, compare
from core.settings import Settings
from core.typeset import partial, text_number
from pages.components import Data
from pages.components.derivation import Row, row
from pages.words.explain import symbol


def against_pinned(settings: Settings) -> dict[str, Data]:
    """The table, if a state is set aside."""
    if settings.pinned is None:
        return {}
    return {"pinned": {"rows": [table(*compare(settings.pinned, settings))]}}


def table(values: dict[str, Change], gradients: dict[str, Change]) -> Row:
    body = [line(symbol(key), change) for key, change in values.items()]
    body += [line(f"${partial('L', key)}$", change) for key, change in gradients.items()]
    differ = sum(change.was != change.now for change in (*values.values(), *gradients.values()))
    return row(
        "pinned",
        f"{differ} of {len(body)} numbers differ from the state you pinned.",
        title="Against the pinned state",
        wide=True,
        table={"head": ["", "was", "now", "change"], "body": body, "align": ["left", "right", "right", "right"]},
    )


def line(name: str, change: Change) -> list[str]:
    """Was, now, and the change with its sign; nothing where nothing changed."""
    plus = "+" if change.change > 0 else ""
    moved = "" if change.was == change.now or math.isnan(change.change) else f"{plus}{text_number(change.change)}"
    return [name, text_number(change.was, 6), text_number(change.now, 6), moved]
