"""The usual slips, as rows: what comes out if one makes them here, beside the right factor."""

from core import Derivation, Slip
from core.typeset import in_formula, number, partial
from pages.parts.derivation import Row, marked, row
from pages.parts.drawing import edge


def slip_rows(slips: tuple[Slip, ...], worked: Derivation) -> list[Row]:
    """Every slip that changes the result here; where there is none, why."""
    title = "Slips worth making once"
    if not slips:
        why = "None of the usual slips changes the result here: there is nothing left to get wrong."
        return [row("no slips", why, title=title, wide=True)]
    right = number(float(worked.value))
    words = (
        f"What comes out for ${partial('L', worked.key)}$ if one factor is written wrongly. The right value is "
        f"${right}$; the brace says what was written."
    )
    return [row("slips", words, title=title, wide=True), *(slip_row(slip, worked) for slip in slips)]


def slip_row(slip: Slip, worked: Derivation) -> Row:
    """The product with the wrong factor in its place, and the wrong number that comes of it."""
    parts = []
    for route, written, wrong, _ in zip(worked.routes, slip.written, slip.wrong, slip.products, strict=True):
        factors = [
            marked(edge(factor), in_formula(float(value)))
            for factor, value in zip(route.factors, route.values, strict=True)
        ]
        factors[slip.index] = rf"\underbrace{{\boxed{{{number(wrong)}}}}}_{{{written}}}"
        parts.append(r" \cdot ".join(factors))
    factor = worked.routes[0].factors[slip.index]
    return row(
        f"slip {slip.name}",
        f"**{slip.name[0].upper()}{slip.name[1:]}.** {slip.sentence}",
        note=f"It goes wrong at ${partial(factor.above, factor.below)}$.",
        formulas=[f"{' + '.join(parts)} = {number(slip.result)}"],
    )
