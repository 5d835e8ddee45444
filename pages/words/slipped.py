"""The usual slips, as rows: what comes out if one makes them here, beside the right factor."""

from core import Derivation, Slip, SlippedRoute
from core.chain_rule import WorkedRoute
from core.corners import in_floats
from core.typeset import in_formula, number, partial, sign
from pages.components.derivation import Row, marked, row
from pages.components.network import edge
from pages.words.gradient_check import ALL_DIGITS


def slip_rows(slips: tuple[Slip, ...], worked: Derivation) -> list[Row]:
    """Every slip that changes the result here; where there is none, why."""
    title = "Slips worth making once"
    if not slips:
        why = "None of the usual slips changes the result here: there is nothing left to get wrong."
        return [row("no slips", why, title=title, wide=True)]
    words = (
        f"What comes out for ${partial('L', worked.key)}$ if one of them is made; a box is a wrong factor, and its "
        "brace says what was written there."
    )
    return [row("slips", words, title=title, wide=True), *(slip_row(slip, worked) for slip in slips)]


def slip_row(slip: Slip, worked: Derivation) -> Row:
    """The product with what is wrong in its place, and the wrong number that comes of it."""
    parts = [_as_slipped(one, worked.routes[one.route]) for one in slip.routes]
    wrong, right = told_apart(slip.result, in_floats(worked.value))
    boxed = [one.value for route in slip.routes for one in route.wrong]
    kept = [in_floats(value) for one in slip.routes for value in worked.routes[one.route].values]
    how = sign([*boxed, slip.result, *kept])
    return row(
        f"slip {slip.name}",
        f"**{slip.name[0].upper()}{slip.name[1:]}.** {slip.sentence}",
        note=_place(slip, worked),
        formulas=[rf"{' + '.join(parts)} {how} {wrong} \quad\text{{not }} {right}"],
    )


def _as_slipped(slipped: SlippedRoute, route: WorkedRoute) -> str:
    """The factors of one route, the wrong ones boxed."""
    factors = [
        marked(edge(factor), in_formula(in_floats(value)))
        for factor, value in zip(route.factors, route.values, strict=True)
    ]
    for one in slipped.wrong:
        shown, _ = told_apart(one.value, in_floats(route.values[one.place]))
        factors[one.place] = rf"\underbrace{{\boxed{{{shown}}}}}_{{{one.written}}}"
    return r" \cdot ".join(factors)


def _place(slip: Slip, worked: Derivation) -> str:
    """Where it goes wrong."""
    written = {one.route for one in slip.routes}
    left_out = [f"route {index}" for index in range(1, len(worked.routes) + 1) if index - 1 not in written]
    if left_out:
        return f"It leaves out {' and '.join(left_out)}."
    spots = {(one.route, wrong.place) for one in slip.routes for wrong in one.wrong}
    factors = [worked.routes[route].factors[index] for route, index in sorted(spots)]
    if len({index for _, index in spots}) == 1:
        factors = factors[:1]  # the same mistake on both routes
    return f"It goes wrong at {', '.join(f'${partial(factor.above, factor.below)}$' for factor in factors)}."


def told_apart(wrong: float, right: float) -> tuple[str, str]:
    """Both numbers with as many digits as it takes to see that they differ."""
    for digits in range(4, ALL_DIGITS):
        if number(wrong, digits) != number(right, digits):
            break
    return number(wrong, digits), number(right, digits)
