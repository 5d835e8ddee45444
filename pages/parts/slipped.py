"""The usual slips, as rows: what comes out if one makes them here, beside the right factor."""

from core import Derivation, Slip
from core.typeset import in_formula, number, partial, sign
from pages.parts.derivation import Row, marked, row
from pages.parts.drawing import edge
from pages.parts.witnesses import ALL_DIGITS


def slip_rows(slips: tuple[Slip, ...], worked: Derivation) -> list[Row]:
    """Every slip that changes the result here; where there is none, why."""
    title = "Slips worth making once"
    if not slips:
        why = "None of the usual slips changes the result here: there is nothing left to get wrong."
        return [row("no slips", why, title=title, wide=True)]
    words = f"What comes out for ${partial('L', worked.key)}$ if one factor is wrong; the brace says what was written."
    return [row("slips", words, title=title, wide=True), *(slip_row(slip, worked) for slip in slips)]


def slip_row(slip: Slip, worked: Derivation) -> Row:
    """The product with the wrong factor in its place, and the wrong number that comes of it."""
    parts = []
    for route, written, value in zip(worked.routes, slip.written, slip.wrong, strict=True):
        shown, _ = told_apart(value, float(route.values[slip.index]))
        factors = [
            marked(edge(factor), in_formula(float(right_value)))
            for factor, right_value in zip(route.factors, route.values, strict=True)
        ]
        factors[slip.index] = rf"\underbrace{{\boxed{{{shown}}}}}_{{{written}}}"
        parts.append(r" \cdot ".join(factors))
    factor = worked.routes[0].factors[slip.index]
    wrong, right = told_apart(slip.result, float(worked.value))
    how = sign([*slip.wrong, slip.result, *(float(value) for route in worked.routes for value in route.values)])
    return row(
        f"slip {slip.name}",
        f"**{slip.name[0].upper()}{slip.name[1:]}.** {slip.sentence}",
        note=f"It goes wrong at ${partial(factor.above, factor.below)}$.",
        formulas=[rf"{' + '.join(parts)} {how} {wrong} \quad\text{{not }} {right}"],
    )


def told_apart(wrong: float, right: float) -> tuple[str, str]:
    """Both numbers with as many digits as it takes to see that they differ."""
    for digits in range(4, ALL_DIGITS):
        if number(wrong, digits) != number(right, digits):
            break
    return number(wrong, digits), number(right, digits)
