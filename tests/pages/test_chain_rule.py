r"""The chain-rule page: the whole argument, every number of it against a hand's, and what it says in words.

The formulas are read by tests/pages/paper.py, which works out each side of every = and ≈.
"""

import dataclasses
import re
from functools import cache
from itertools import pairwise

import pytest

from core import DIFFERENTIABLE, NAMES, Architecture, exact_derive
from core.parameters import from_values
from core.typeset import derivation_latex, derivation_text
from pages import chain_rule
from tests.pages.paper import parts, said, untrue, unwrapped, worked
from tests.pages.screen import (
    ARCHITECTURES,
    CHAIN_RULE,
    NOTEBOOK,
    bare,
    by_hand,
    closing,
    data,
    opened,
    texts,
    view,
)

STUDIED = [name.key for name in DIFFERENTIABLE]
NINE = STUDIED[:9]
THIRD = {"x_1": "0.3333333333333333"}
CURVED = {"x_1": "-0.75", "w1_12": "-0.5", "y": "0.4", "b2": "-0.25"}  # no number behind a curved function is short
LONGEST = {"activation": "gelu", "output": "sigmoid", "loss": "binary_cross_entropy"}
RELU, LEAKY, SIGMOID, TANH, SOFTPLUS, GELU, IDENTITY = ARCHITECTURES
# Every function, both layers and both inputs: what is studied, and in which network.
SCENES = [
    {"parameter": "w1_12"},
    {"parameter": "w1_12", **RELU, **THIRD, "b2": "-1.25"},
    {"parameter": "x_2", "y": "-1.25", "w2_2": "-0.5"},
    {"parameter": "w1_11", **LEAKY, **THIRD, "w1_11": "-3"},
    {"parameter": "w2_1", **SIGMOID, **CURVED},
    {"parameter": "b1_2", **TANH, **CURVED},
    {"parameter": "w1_21", **SOFTPLUS, **CURVED},
    {"parameter": "x_1", **GELU, **CURVED},
    {"parameter": "x_2", **IDENTITY, **CURVED},
    {"parameter": "x_1", **LONGEST, **CURVED},
    {"parameter": "b2", "activation": "gelu", **CURVED},
]
EVERY_SCENE = pytest.mark.parametrize("scene", SCENES, ids=lambda scene: "-".join(list(scene.values())[:4]))


@cache
def _looked_at(address: tuple[tuple[str, str], ...]) -> dict[str, dict]:
    return by_id(view(CHAIN_RULE, **dict(address))["chain"])


def by_id(derivation: dict) -> dict[str, dict]:
    return {row["id"]: row for row in derivation["rows"]}


def rows(**address: str) -> dict[str, dict]:
    """The rows of the page, by their id."""
    return _looked_at(tuple(address.items()))


def words(**address: str) -> str:
    """Every word and formula of the page, a line each."""
    return bare("\n".join(texts(list(rows(**address).values()))))


def hand(**address: str) -> dict[str, float]:
    """by_hand, for an address."""
    given = {key: float(text) if key in NOTEBOOK else text for key, text in address.items() if key != "parameter"}
    return parts(by_hand(**given))


def opened_up(row: dict) -> dict[str, str]:
    """What a factor says when it is opened: its rule, its symbols, its numbers."""
    return {part["id"]: part["formulas"][0] for part in row["details"]["rows"]}


def factors(page: dict[str, dict]) -> dict[str, dict]:
    return {row["id"].removeprefix("factor "): row for row in page.values() if row["id"].startswith("factor ")}


def gradient(page: dict[str, dict]) -> str:
    """The last number of the chain, as it is written."""
    last = page.get("total") or page["product 1"]
    return re.findall(r"\\textcolor\{gradient\}\{(.+)\}$", last["formulas"][0])[-1]


# The argument -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key, text", [("w1_12", "0.432"), ("b1_1", "0.36"), ("w2_1", "0.576"), ("b2", "0.72")])
def test_the_gradients_that_the_notebook_gets_wrong_are_right_here(key, text):
    page = rows(parameter=key)
    assert gradient(page) == text
    assert bare(page["product 1"]["formulas"][0]).endswith(f" = {text}")


def test_the_chain_is_written_in_symbols_and_in_numbers():
    page = rows(parameter="w1_12")
    links = [
        ("L", "o"),
        ("o", "z^{(2)}"),
        ("z^{(2)}", "h_{2}"),
        ("h_{2}", "z^{(1)}_{2}"),
        ("z^{(1)}_{2}", "w^{(1)}_{12}"),
    ]
    (claim,) = said(page["chain 1"]["formulas"][0])
    assert claim.right == r" \cdot ".join(rf"\frac{{\partial {a}}}{{\partial {b}}}" for a, b in links)
    numbers, result = said(page["product 1"]["formulas"][0])
    assert (numbers.sign, numbers.right) == ("=", r"0.72 \cdot 1 \cdot 0.6 \cdot 1 \cdot 1")
    assert (result.sign, result.right) == ("=", "0.432")
    assert r" = 0.72 \cdot 1 \cdot 0.8 = 0.576" in bare(rows(parameter="w2_1")["product 1"]["formulas"][0])


@EVERY_SCENE
def test_every_formula_is_true_and_exact_behind_an_equals_sign(scene):
    truth, page = hand(**scene), rows(**scene)
    for identity, row in page.items():
        if row["formulas"] and not identity.startswith(("legend", "all nine", "slip")):
            assert [claim for formula in row["formulas"] for claim in untrue(formula, truth)] == [], identity
    for _, _, equation in page["legend"]["table"]["body"][:-1]:
        assert untrue(equation.strip("$"), truth) == []
    assert worked(gradient(page), truth) == pytest.approx(truth[f"dL/d{scene['parameter']}"], rel=1e-6)


@EVERY_SCENE
def test_a_factor_opens_to_its_rule_its_symbols_and_its_numbers_and_all_are_true(scene):
    truth = hand(**scene)
    for place, row in factors(rows(**scene)).items():
        lines = opened_up(row)
        assert list(lines) == ["Rule", "Symbols", "Numbers"]
        assert row["details"]["summary"] == "Rule, symbols, numbers"
        assert untrue(lines["Symbols"], truth) == untrue(lines["Numbers"], truth) == [], place
        above, below = place.split()
        rule = list(said(lines["Rule"]))
        if "z)" not in rule[0].left:  # a rule for any z is tested where it is declared
            assert rule[0].left.startswith(rf"\frac{{\partial}}{{\partial {NAMES[below].latex}}}")
            for claim in rule:
                assert worked(claim.right, truth) == pytest.approx(truth[f"d{above}/d{below}"])


def test_fractions_stay_fractions_and_decimals_short():
    page = rows(**SCENES[1])
    assert numbers_of(page, "z1_2 w1_12") == [("=", r"\frac{1}{3}")]
    # z1 = (11/15, 16/15), o = 11/30 + 16/25 − 5/4 = −73/300, and −73/300 − 7/10 = −283/300
    assert numbers_of(page, "L o") == [("=", r"-\frac{73}{300} - 0.7"), ("=", r"-\frac{283}{300}")]
    assert gradient(page) == r"-\frac{283}{1500}"  # −283/300 · 0.6 · 1/3
    assert r"\approx" not in "".join(text for identity in ("product 1", "sharing") for text in texts(page[identity]))


def numbers_of(page: dict[str, dict], factor: str) -> list[tuple[str, str]]:
    """The numbers of an opened factor, each with the sign before it."""
    return [(claim.sign, claim.right) for claim in said(opened_up(page[f"factor {factor}"])["Numbers"])]


def test_what_is_rounded_says_so():
    page = rows(**SCENES[4])
    assert r"\approx" in page["factor L o"]["formulas"][0]
    assert re.search(r"\\approx .+ \\approx ", bare(page["product 1"]["formulas"][0]))
    assert "what follows a = is exact, what follows a ≈ is rounded" in page["chain 1"]["words"][0]


def test_the_shapes_of_all_nine():
    page = words()
    for matrix in (r"0.36 & 0.432 \\ 0.72 & 0.864", r"0.36 & 0.432", r"0.576 \\ 0.864", r"0.72"):
        assert rf"\begin{{bmatrix}} {matrix} \end{{bmatrix}}" in page


def test_the_nine_in_matrices_are_rounded_behind_an_approximately_sign_only():
    truth = hand(**SCENES[4])
    for formula in rows(**SCENES[4])["all nine"]["formulas"]:
        tensors = re.findall(r"\\partial (\w)\^\{\((\d)\)\}\}\s*(=|\\approx)\s*(.+?\\end\{bmatrix\})", bare(formula))
        assert len(tensors) == 2
        for letter, layer, sign, matrix in tensors:
            entries = re.findall(r"-?[\d.]+(?: \\times 10\^\{-?\d+\})?", matrix)
            keys = [key for key in NINE if key.startswith(f"{letter.lower()}{layer}")]
            right = [truth[f"dL/d{key}"] for key in keys]
            near = 1e-12 if sign == "=" else 1e-3
            assert [worked(entry, truth) for entry in entries] == pytest.approx(right, rel=near), formula


def test_a_parameter_has_one_route_and_an_input_two_that_add_up():
    one = words(parameter="w1_12")
    assert "Route" not in one
    assert "add up" not in one
    page = rows(parameter="x_1")
    assert [page[f"chain {i}"]["title"] for i in (1, 2)] == [f"Route {i}: through hidden unit {i}" for i in (1, 2)]
    assert "**add up**" in page["total"]["words"][0]
    # 0.72 · 0.5 · 0.1 and 0.72 · 0.6 · 0.2
    assert [gradient({"product 1": page[f"product {i}"]}) for i in (1, 2)] == ["0.036", "0.0864"]
    assert bare(page["total"]["formulas"][0]).endswith(r"= 0.036 + 0.0864 = 0.1224")
    shared = ["L o", "o z2"]
    unit = [[f"z2 h_{j}", f"h_{j} z1_{j}", f"z1_{j} x_1"] for j in "12"]
    assert list(factors(page)) == [*shared, *unit[0], *unit[1]]  # what both routes share is worked out once


def test_each_delta_is_worked_out_once_and_handed_on():
    lines = [(claim.left, claim.sign, claim.right) for claim in said(rows(**THIRD)["sharing"]["formulas"][0])]
    # o = ½ · 11/15 + 0.6 · 16/15 + 0.3 = 1.30…: (1.306… − 0.7) = 91/150
    assert (r"\delta^{(2)}", "=", r"\frac{91}{150}") in lines
    assert (r"\delta^{(1)}_{2}", "=", r"\frac{91}{150} \cdot 0.6 \cdot 1") in lines
    assert (r"\delta^{(1)}_{2}", "=", "0.364") in lines
    assert (r"\frac{\partial L}{\partial w^{(1)}_{12}}", "=", r"0.364 \cdot \frac{1}{3}") in lines
    assert lines[-1][2] == r"\frac{91}{750}"
    chain = rows()["chain 1"]["formulas"][0]
    assert chain.count(r"\underbrace") == 2
    assert chain.index(r"}_{\delta^{(2)}}") < chain.index(r"}_{\delta^{(1)}_{2}}")


def test_no_line_says_the_same_number_twice():
    page = rows(parameter="w2_1", **SOFTPLUS, y="1")  # δ is one factor here, and negative
    for one, other in pairwise(said(page["sharing"]["formulas"][0])):
        assert one.left != other.left or one.right.strip("()") != other.right.strip("()")


# Counted on the routes: four weights and two biases of layer 1 have chains of 5 factors, the weights and the bias of
# layer 2 of 3, an input two of 5. Cross-entropy has one factor less in each. Shared: one for each z, h and end.
@pytest.mark.parametrize(
    "address, how_many, alone, shared",
    [
        ({"parameter": "w1_12"}, "nine", 30, 14),  # 6 · 4 + 3 · 2, and 1 + 2 + 2 + 9
        ({"parameter": "x_1"}, "eleven", 46, 18),  # 4 · 4 more, and 4 more
        ({"parameter": "w1_21", **SOFTPLUS, **CURVED}, "nine", 21, 13),  # 6 · 3 + 3 · 1, and 2 + 2 + 9
        ({"parameter": "x_1", **LONGEST, **CURVED}, "eleven", 33, 17),  # 4 · 3 more, and 4 more
    ],
    ids=["nine", "eleven", "nine by cross-entropy", "eleven by cross-entropy"],
)
def test_what_sharing_saves_is_counted(address, how_many, alone, shared):
    counted = rows(**address)["sharing"]["words"][1]
    assert f"all {how_many} gradients: **{alone} multiplications** if every route" in counted
    assert f"**{shared}** if each beginning is worked out once" in counted


def test_cross_entropy_shows_what_cancels():
    page = rows(**SCENES[9])
    assert list(page).index("cancellation") == list(page).index("factor L z2") + 1
    (formula,) = page["cancellation"]["formulas"]
    assert formula.count(r"\cancel{") == 2
    assert r"\frac{o - y}{\cancel{o\,(1 - o)}} \cdot \cancel{o\,(1 - o)} = o - y" in formula
    assert "$L = -y \\ln o - (1 - y) \\ln(1 - o)$" in page["cancellation"]["words"][0]
    assert "cancellation" not in rows(**SCENES[5])


def test_where_the_output_is_wrong_and_saturated_what_is_left_is_still_right():
    page = rows(**LONGEST, parameter="b2", b2="3", w2_1="3", w2_2="3", x_1="5", x_2="5", y="0")  # o rounds to 1
    (formula,) = page["cancellation"]["formulas"]
    assert r"\infty" not in formula
    assert "not finite" not in words(**LONGEST, parameter="b2", b2="3", w2_1="3", w2_2="3", x_1="5", x_2="5", y="0")
    assert float(gradient(page)) == 1


def test_the_copies_are_the_exact_derivation():
    scene = SCENES[3]
    parameters, example = from_values({key: float(text) for key, text in scene.items() if key in NOTEBOOK})
    architecture = Architecture("leaky_relu", "identity", "squared_error")
    derived = exact_derive(parameters, example, "w1_11", architecture=architecture)
    copies = {copy["label"]: copy["text"] for copy in rows(**scene)["copy"]["copy"]}
    assert copies == {
        "Copy as LaTeX": derivation_latex(derived, architecture),
        "Copy as text": derivation_text(derived, architecture),
    }
    assert copies["Copy as text"].endswith("= 0.477 · 1 · 0.5 · 0.01 · 1/3\n" + " " * 11 + "= 0.000795\n")


# Every symbol is explained -----------------------------------------------------------------------------------------

SYMBOL = re.compile(
    "|".join(
        rf"(?<![\w\\]){re.escape(name.latex)}(?!\w)" for name in sorted(NAMES.values(), key=lambda n: -len(n.latex))
    )
)
LETTERS = {r"\Phi": r"\Phi(z)", r"\varphi": r"\varphi(z)", r"\sigma": r"\sigma(z)", r"\tanh": r"\tanh(z)"}


def formulas_of(row: dict) -> list[str]:
    """All LaTeX of a row: what is set as a formula, and what stands between dollar signs."""
    strings = [text for part in ("words", "note", "title", "table", "details") for text in texts(row.get(part) or "")]
    inside = [latex for text in strings for latex in re.findall(r"\$([^$]+)\$", text)]
    details = [latex for part in row.get("details", {}).get("rows", []) for latex in part["formulas"]]
    return [
        unwrapped(re.sub(r"\\mathrm\{\w+\}|\\text\{[^{}]*\}", "", latex))
        for latex in [*row["formulas"], *inside, *details]
    ]


def symbols_of(row: dict) -> set[str]:
    return {
        found for latex in formulas_of(row) for found in SYMBOL.findall(re.sub(r"\\operatorname\{\w+\}", "", latex))
    }


def explained(page: dict[str, dict]) -> set[str]:
    """The symbols whose meaning the legend gives: in its table, or in the note below it."""
    meaning = {NAMES[key].latex: NAMES[key].meaning for key in NAMES}
    table = {cells[0].strip("$"): cells[1] for cells in page["legend"]["table"]["body"]}
    note = page["legend"]["note"].removeprefix("Also in these equations: ").removesuffix(".")
    noted = dict(re.fullmatch(r"\$(.+?)\$: (.+)", entry).groups() for entry in note.split("; "))
    assert (table | noted).items() <= meaning.items()
    return {*table, *noted}


@EVERY_SCENE
def test_every_symbol_of_a_formula_stands_in_the_legend_with_its_meaning(scene):
    page = rows(**scene)
    known = explained(page)
    for identity, row in page.items():
        if identity != "verdicts":  # it lists all nine parameters
            assert symbols_of(row) <= known, identity


def test_the_table_of_all_nine_names_what_the_legend_does_not():
    page = rows(parameter="b2")
    there = " ".join(texts(page["verdicts"]))
    unknown = [key for key in NINE if NAMES[key].latex not in explained(page) and NAMES[key].meaning not in there]
    assert unknown == []


@EVERY_SCENE
def test_every_function_with_a_name_is_defined(scene):
    page = rows(**scene)
    used = {name for row in page.values() for latex in formulas_of(row) for name in functions_in(latex)}
    defined = {claim.left for formula in page["legend"]["formulas"] for claim in said(formula)}
    assert {f"{name}(z)" for name in used} <= defined


def functions_in(latex: str) -> set[str]:
    """The functions a formula calls by name, but for ln, max, e and roots, which come from school."""
    return set(re.findall(r"(?:\\operatorname\{\w+\}|\\Phi|\\varphi|\\sigma|\\tanh)'?", latex))


# The witnesses ----------------------------------------------------------------------------------------------------


DEAD = {"w1_11": "-3", "w1_21": "-3"}
BENT = {"w2_1": "-1.5", "x_1": "2.5", **TANH}
ASKED = [*((key, {}) for key in STUDIED), *((key, BENT) for key in ("w1_21", "x_1")), ("b1_1", DEAD), ("x_2", DEAD)]


@pytest.mark.parametrize("key, moved", ASKED, ids=lambda part: part if isinstance(part, str) else "-".join(part))
def test_three_witnesses_say_what_a_hand_computes(key, moved):
    page = rows(parameter=key, **moved)
    expected = hand(**moved)[f"dL/d{key}"]
    assert [who for who, *_ in page["witnesses"]["table"]["body"]] == ["Chain rule", "Autograd", "Finite difference"]
    for who, number, off, expected_off, verdict in page["witnesses"]["table"]["body"]:
        assert f"**{who}**: " in page["witnesses"]["note"]
        assert expected_off.startswith("up to ") or who == "Autograd"
        assert as_float(number) == pytest.approx(expected, rel=1e-8, abs=1e-9)
        assert (off, verdict) == ("", "") if who == "Autograd" else verdict == "agrees"


def as_float(text: str) -> float:
    """A number in plain text: "−6.7×10⁻¹²"."""
    plain = text.translate(str.maketrans("−⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "--0123456789"))
    return float(plain.replace("×10", "e"))


@pytest.mark.parametrize("scene", [SCENES[0], SCENES[9], {**SCENES[4], "precision": "float32"}], ids=str)
def test_the_table_of_verdicts_has_all_nine_and_all_agree(scene):
    page, truth = rows(**scene), hand(**{key: text for key, text in scene.items() if key != "precision"})
    body = page["verdicts"]["table"]["body"]
    assert [cells[0].strip("$") for cells in body] == [NAMES[key].latex for key in NINE]
    for key, (_, _, autograd, *offs, verdict) in zip(NINE, body, strict=True):
        assert as_float(autograd) == pytest.approx(truth[f"dL/d{key}"], rel=1e-5)
        assert all(as_float(off) < 1e-3 for off in offs)
        assert verdict == "agree"


def test_float32_says_why_the_witnesses_are_farther_apart():
    page = rows(parameter="w1_12", precision="float32")
    product, autograd, difference = page["witnesses"]["table"]["body"]
    assert as_float(product[1]) == pytest.approx(0.432, abs=1e-15)
    assert 0 < abs(as_float(autograd[1]) - 0.432) < 1e-6
    assert "backward pass, float32 on cpu" in page["witnesses"]["note"]
    assert as_float(difference[2]) > 1e-9
    assert any(sentence.startswith("float32 keeps about 7 digits") for sentence in page["witnesses"]["words"])
    assert "float32" not in words(parameter="w1_12")


def test_what_the_three_share_and_what_they_do_not_is_said():
    said_first = rows()["witnesses"]["words"][0]
    assert said_first.startswith("A **gradient check**: ")
    assert "Autograd and the finite difference share PyTorch’s forward pass" in said_first
    assert "share no code" not in words()


def test_near_the_target_in_float32_a_turned_sign_is_seen_on_the_page(monkeypatch):
    right = chain_rule.backpropagate

    def turned(*arguments, **place):
        gradients, deltas = right(*arguments, **place)
        return dataclasses.replace(gradients, b2=(-gradients.b2[0],)), deltas

    near = {"y": "1.417", "precision": "float32", "parameter": "b2"}
    assert [cells[4] for cells in rows(**near)["witnesses"]["table"]["body"]] == ["agrees", "", "agrees"]
    monkeypatch.setattr(chain_rule, "backpropagate", turned)
    page = by_id(view(CHAIN_RULE, **near)["chain"])
    assert [cells[4] for cells in page["witnesses"]["table"]["body"]] == ["**differs**", "", "**differs**"]


def test_where_rounding_drowns_the_gradient_the_page_says_cannot_tell():
    page = rows(y="1.42", precision="float32", parameter="w1_12", x_2="2.0000001")
    assert "*cannot tell*" in [cells[4] for cells in page["witnesses"]["table"]["body"]]
    assert any(sentence.startswith("Cannot tell") for sentence in page["witnesses"]["words"])
    assert "*cannot tell*" in [cells[-1] for cells in page["verdicts"]["table"]["body"]]


# Paper and floats on different sides of a kink ----------------------------------------------------------------------

PARTED = {"w1_21": "0.1", "b1_1": "-0.3"}  # 0.1 + 2 · 0.1 − 0.3 is 0 on paper and 5.6e-17 in float64


def test_on_a_kink_the_page_tells_paper_from_floats():
    page = rows(parameter="w1_11", **PARTED)
    assert gradient(page) == "0"
    assert list(page).index("product 1") < list(page).index("sides") < list(page).index("meaning")
    unit, which = page["sides"]["words"]
    assert "On paper the pre-activation of hidden unit 1 is 0, where the slope of ReLU is 0. In float64 on cpu" in unit
    assert "5.551×10⁻¹⁷, on the other side of the kink, where the slope is 1." in unit
    assert "On paper it is **0**" in which
    assert "Autograd, in floats, gives **0.16**" in which


def test_on_a_kink_the_sentences_know_which_number_they_speak_of():
    page = rows(parameter="w1_11", **PARTED)
    says, step, dead = page["meaning"]["words"]
    assert "the loss has a corner here" in says
    # o − y = 0.3 + 0.6 · 1.2 − 0.7 = 0.32, and 0.32 · 0.5 = 0.16
    assert "by a tiny amount and the loss **rises** by about **0.16 times** that amount; lower it and the loss" in says
    assert "the gradient on paper is **0**" in says
    assert says.endswith("Gradient descent goes by autograd’s number, 0.16, and so lowers $w^{(1)}_{11}$.")
    assert "the slope on that side predicts a change of $L$ by **0.0016**" in step
    assert dead.startswith("Hidden unit 1 is dead")
    assert (
        "with slope 0 to its left and 0.16 to its right. The tangent has the slope that autograd gives, 0.16."
        in (page["slope"]["words"][0])
    )
    assert "on paper the product is 0, as derived above" in " ".join(page["witnesses"]["words"])
    assert [bare(formula).partition(r"\quad")[2] for formula in slips(page).values()] == [r"\text{not } 0"]
    assert bare(slips(page)["the hidden unit’s gate forgotten"]).endswith(r" = 0.16 \quad\text{not } 0")


def test_on_a_kink_float32_may_stand_with_paper_and_the_chain_rule_in_float64_not():
    page = rows(parameter="w1_11", precision="float32", **PARTED)
    assert "sides" not in page
    assert page["meaning"]["words"][0].endswith("autograd’s number, 0, and so leaves $w^{(1)}_{11}$ where it is.")
    product, autograd, _ = page["witnesses"]["table"]["body"]
    assert (as_float(product[1]), autograd[1], product[4]) == (pytest.approx(0.16), "0", "*cannot tell*")
    assert "on paper the product is 0" in " ".join(page["witnesses"]["words"])


def test_on_a_kink_unit_2_and_leaky_relu_are_told_too():
    second = rows(parameter="b1_2", w1_12="0.1", w1_22="0.1", b1_2="-0.3")
    assert "the pre-activation of hidden unit 2 is 0" in second["sides"]["words"][0]
    leaking = rows(parameter="w1_11", activation="leaky_relu", **PARTED)
    assert gradient(leaking) == "0.0016"
    assert "where the slope of leaky ReLU is 0.01" in leaking["sides"]["words"][0]
    assert "On paper it is **0.0016**" in leaking["sides"]["words"][1]
    assert "**0.0016 times** that amount. At a corner" in leaking["meaning"]["words"][0]


def test_a_gradient_that_passes_no_parted_unit_has_one_value():
    page = rows(parameter="b2", **PARTED)
    assert "do not pass through that slope" in page["sides"]["words"][1]
    assert page["meaning"]["words"][0].startswith("Raise $b^{(2)}$")
    assert "on paper the product" not in " ".join(page["witnesses"]["words"])


def test_away_from_a_kink_none_of_this_is_said():
    page = rows(parameter="w1_12")
    assert "sides" not in page
    assert "corner" not in words(parameter="w1_12")


def test_a_step_over_a_kink_is_not_called_a_bend():
    page = rows(parameter="b1_1", b1_1="-0.705")
    assert "a gate that opens or shuts on the way" in page["meaning"]["words"][1]


def test_a_kink_within_reach_leaves_the_finite_difference_undecided_with_its_reason():
    page = rows(parameter="b1_2", w1_12="0", w1_22="0", b1_2="0", y="0")
    product, _, difference = page["witnesses"]["table"]["body"]
    assert product[4] == "agrees"
    assert difference[4] == "*cannot tell*"
    assert any("lies on the kink of ReLU" in sentence for sentence in page["witnesses"]["words"])
    assert [cells[-1] for cells in page["verdicts"]["table"]["body"]].count("*cannot tell*") > 0
    assert any("lies on the kink of ReLU" in sentence for sentence in page["verdicts"]["words"])


@pytest.mark.parametrize("key, seen", [("w1_22", True), ("b2", False)])
def test_a_planted_error_in_autograd_is_shown_and_never_hidden(key, seen, monkeypatch):
    right = chain_rule.backpropagate

    def wrong(*arguments, **place):
        gradients, deltas = right(*arguments, **place)
        (w11, w12), (w21, w22) = gradients.W1
        return dataclasses.replace(gradients, W1=((w11, w12), (w21, w22 + 0.001))), deltas

    monkeypatch.setattr(chain_rule, "backpropagate", wrong)
    page = by_id(view(CHAIN_RULE, parameter=key)["chain"])
    verdicts = dict(zip(NINE, (cells[-1] for cells in page["verdicts"]["table"]["body"]), strict=True))
    assert verdicts == dict.fromkeys(NINE, "agree") | {"w1_22": "**differ**"}
    product, autograd, difference = page["witnesses"]["table"]["body"]
    assert product[4] == difference[4] == ("**differs**" if seen else "agrees")
    assert not seen or (autograd[1], product[1], product[2]) == ("0.865", "0.864", "0.001")


# What it means ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address, sentence",
    [
        ({}, "the loss **rises** by about **0.432 times** that amount. A step of gradient descent therefore lowers"),
        (
            {"y": "5"},
            "the loss **falls** by about **2.148 times** that amount. A step of gradient descent therefore raises",
        ),
        ({"w2_2": "0"}, "The gradient is 0: to first order, moving"),
        ({"parameter": "x_1"}, "An input is given, not learned, so gradient descent leaves it where it is."),
    ],
    ids=str,
)
def test_the_sign_and_the_size_are_put_in_words(address, sentence):
    assert sentence in rows(**address)["meaning"]["words"][0]


def test_a_small_step_is_predicted_and_measured():
    # o goes from 1.42 to 1.42 + 0.6 · 0.01 = 1.426: ½ (0.726² − 0.72²) = 0.004338
    assert (
        "by 0.01, and the gradient predicts a change of $L$ by **0.00432**; the true change is **0.004338**. The rest"
    ) in rows()["meaning"]["words"][1]
    scene = SCENES[9]
    step = {**scene, "x_1": str(float(scene["x_1"]) + 0.01)}
    predicted, actual = (as_float(text) for text in re.findall(r"\*\*(.+?)\*\*", rows(**scene)["meaning"]["words"][1]))
    assert predicted == pytest.approx(0.01 * hand(**scene)["dL/dx_1"], rel=1e-3)
    assert actual == pytest.approx(hand(**step)["L"] - hand(**scene)["L"], rel=1e-3)


@pytest.mark.parametrize(
    "address, sentence",
    [
        ({"b1_2": "-3"}, "Hidden unit 2 is dead: $z^{(1)}_{2} = -2$ is not positive, so ReLU gives 0 with slope 0"),
        (
            {**SIGMOID, "w1_12": "3", "x_1": "5"},  # z = 15 + 0.8 + 0.2
            "Hidden unit 2 is saturated: at $z^{(1)}_{2} = 16$ sigmoid has levelled off (slope 1.1×10⁻⁷)",
        ),
        (
            {**LONGEST, "activation": "relu", "w2_1": "3", "w2_2": "3", "b2": "3"},  # z = 2.4 + 3.6 + 3
            "The output unit is saturated: at $z^{(2)} = 9$ sigmoid has levelled off (slope 0.00012), but binary "
            "cross-entropy cancels that slope: o − y passes back undiminished.",
        ),
    ],
    ids=["dead", "saturated", "saturated and no matter"],
)
def test_a_unit_that_lets_nothing_through_is_named_with_the_reason(address, sentence):
    assert any(sentence in said for said in rows(**address)["meaning"]["words"])


def test_a_unit_off_the_route_is_not_blamed():
    for address in ({}, {"b1_2": "-3", "parameter": "w1_11"}, {"b1_2": "-3", "parameter": "w2_2"}):
        assert len(rows(**address)["meaning"]["words"]) == 2


@pytest.mark.parametrize(
    "address, sentence",
    [
        ({}, "the gate is open"),
        ({"w1_12": "-3", "w1_22": "-3"}, "the gate is closed"),
        ({"w1_12": "0", "w1_22": "0", "b1_2": "0"}, "the gate is closed"),  # exactly on the kink
        ({**LEAKY, "b1_2": "-3"}, "the gate only leaks: $h_{2}$ moves 0.01 times as far"),
        (SIGMOID, "The slope of the sigmoid is ¼ at 0"),
    ],
    ids=str,
)
def test_the_gate_is_put_in_words(address, sentence):
    assert sentence in rows(**address)["factor h_2 z1_2"]["words"][0]


def test_picking_another_symbol_changes_the_page():
    screen = opened(CHAIN_RULE)
    screen.button_group(key="parameter_shown").set_value("b1_1").run()
    assert gradient(by_id(data(screen, "chain"))) == "0.36"
    assert screen.query_params["parameter"] == "b1_1"


# Slips ------------------------------------------------------------------------------------------------------------


def slips(page: dict[str, dict]) -> dict[str, str]:
    """The formula of every slip, by its name."""
    return {identity.removeprefix("slip "): row["formulas"][0] for identity, row in page.items() if "slip " in identity}


@pytest.mark.parametrize("key, wrong, right", [("w1_12", "0.5184", "0.432"), ("b1_1", "0.288", "0.36")])
def test_the_notebooks_own_slip_is_shown_with_the_right_number_beside_it(key, wrong, right):
    page = rows(parameter=key)
    formula = slips(page)["ReLU(z) for ReLU′(z)"]
    assert bare(formula).endswith(rf" = {wrong} \quad\text{{not }} {right}")
    unit = "2" if key == "w1_12" else "1"
    assert rf"_{{\operatorname{{ReLU}}\left(z^{{(1)}}_{{{unit}}}\right)}}" in formula
    place = rf"\frac{{\partial h_{{{unit}}}}}{{\partial z^{{(1)}}_{{{unit}}}}}"
    assert page["slip ReLU(z) for ReLU′(z)"]["note"] == f"It goes wrong at ${place}$."
    assert wrong not in words(parameter=key).partition("Slips worth making once")[0]


def test_a_slip_that_changes_nothing_is_not_shown():
    here = {"the sign of o − y turned", "the 2 of the square lost", "W2 taken after its update", "ReLU(z) for ReLU′(z)"}
    # x₁ and ReLU′ are 1: forgotten without a trace
    assert set(slips(rows(parameter="w1_12"))) == here | {"W1 transposed"}
    assert set(slips(rows(parameter="w1_22"))) == here | {"the input forgotten"}  # x₂ is 2
    # all else is times 0; transposed, the other unit is asked
    assert set(slips(rows(parameter="w1_22", b1_2="-3", y="0"))) == {"the hidden unit’s gate forgotten"}
    assert set(slips(rows(parameter="w1_12", b1_2="-3", y="0"))) == {
        "the hidden unit’s gate forgotten",
        "W1 transposed",
    }
    hit = rows(y="1.42")
    assert slips(hit) == {}
    assert "nothing left to get wrong" in hit["no slips"]["words"][0]


@EVERY_SCENE
def test_every_slip_brings_out_what_a_hand_that_makes_it_would_get(scene):
    truth, page, key = hand(**scene), rows(**scene), scene["parameter"]
    right = truth[f"dL/d{key}"]
    expected = {"the sign of o − y turned": -right, "the 2 of the square lost": right / 2}
    if key in ("w1_12", "w1_21"):
        expected["W1 transposed"] = truth["dL/dw1_21" if key == "w1_12" else "dL/dw1_12"]
    if key in ("x_1", "x_2"):
        i, other = key[-1], "12".replace(key[-1], "")
        crossed = {i: f"w1_{i}{i}", other: f"w1_{other}{i}"}
        expected["W1 transposed"] = sum(truth[f"dL/dz1_{j}"] * truth[weight] for j, weight in crossed.items())
        expected |= {f"the route through hidden unit {j} forgotten": right - truth[f"dL/d{key}|{j}"] for j in "12"}
    shown = slips(page)
    for name, formula in shown.items():
        product, _, wrong, beside = slip_parts(formula)
        if name in expected:
            assert worked(wrong, truth) == pytest.approx(expected[name], rel=1e-3), name
        for number, written in boxes(product):
            assert worked(number, truth) == pytest.approx(worked(written, truth | {"eta": 0.01}), rel=1e-3), name
        assert worked(beside, truth) == pytest.approx(right, rel=1e-3), name
        assert wrong != beside
    lost = {"the 2 of the square lost"} if scene.get("loss") == "binary_cross_entropy" else set()
    assert expected.keys() - shown.keys() <= lost


def test_a_slip_of_an_input_says_where_it_goes_wrong():
    page = rows(parameter="x_1")
    # 0.72 · 0.6 · 0.2 and 0.72 · 0.5 · 0.1; transposed, 0.3 stands for 0.2: 0.036 + 0.72 · 0.6 · 0.3
    for unit, wrong in (("1", "0.0864"), ("2", "0.036")):
        name = f"the route through hidden unit {unit} forgotten"
        assert bare(slips(page)[name]).endswith(rf" = {wrong} \quad\text{{not }} 0.1224")
        assert page[f"slip {name}"]["note"] == f"It leaves out route {unit}."
    assert bare(slips(page)["W1 transposed"]).endswith(r" = 0.1656 \quad\text{not } 0.1224")
    assert boxes(slips(page)["W1 transposed"]) == [("0.3", "w^{(1)}_{21}")]


@EVERY_SCENE
def test_a_slip_too_writes_only_what_is_exact_behind_an_equals_sign(scene):
    truth = hand(**scene) | {"eta": 0.01}
    exact = [slip_parts(formula) for formula in slips(rows(**scene)).values()]
    exact = [(product, wrong) for product, sign, wrong, _ in exact if sign == "="]
    for product, wrong in exact:
        assert worked(wrong, truth) == pytest.approx(worked(as_written(product), truth), rel=1e-12)


def slip_parts(formula: str) -> tuple[str, str, str, str]:
    """The product with the slip in it, = or ≈, what comes out, and the right number."""
    left, right = formula.split(r" \quad\text{not } ")
    product, sign, wrong = re.split(r" (=|\\approx) ", left)
    return product, sign, wrong, right


def boxes(product: str) -> list[tuple[str, str]]:
    """Each box of a slip: the number in it, and what the brace below says was written."""
    found = []
    for start in re.finditer(r"\\underbrace\{\\boxed\{", product):
        end = closing(product, start.end())
        found.append((product[start.end() : end], product[end + 4 : closing(product, end + 4)]))
    return found


def as_written(product: str) -> str:
    """The product with what was written in the place of the box: to be worked out from the truth."""
    for number, written in boxes(product):
        product = product.replace(rf"\underbrace{{\boxed{{{number}}}}}_{{{written}}}", rf"\left({written}\right)")
    return bare(product)
