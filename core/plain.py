"""LaTeX → plain text, for the subset our formulas use: ∂L/∂w⁽¹⁾₁₂ = (o − y) · w⁽²⁾₂ · x₁."""

import re
from functools import lru_cache

_WORDS = {
    "partial": "∂", "cdot": "·", "times": "×", "approx": "≈", "infty": "∞", "le": "≤", "sigma": "σ", "Phi": "Φ",
    "varphi": "φ", "eta": "η", "delta": "δ", "pi": "π", "tanh": "tanh", "ln": "ln", "max": "max",
    "left": "", "right": "",
}  # fmt: skip
_WORD = re.compile(r"\\(" + "|".join(sorted(_WORDS, key=len, reverse=True)) + r")(?![a-zA-Z])")
UP = str.maketrans("0123456789()-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁽⁾⁻")
_DOWN = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_GROUP = r"\{([^{}]*)\}"  # innermost braces: what is inside them is plain already


@lru_cache(maxsize=2048)  # most of a derivation is symbols, and stays as it is while values change
def plain(latex: str) -> str:
    """The formula as one line of Unicode text."""
    text = re.sub(r"\\left\.(.*?)\\right\|_\{(\d)\}", r"\1 (route \2)", latex)
    text = re.sub(r"\\(?:operatorname|text)" + _GROUP, r"\1", text)
    text = re.sub(r"\\int_0\^" + _GROUP, r"∫ from 0 to \1 of", text).replace(r"\tfrac{2}{\sqrt{\pi}}", "2/√(π)")
    text = text.replace(r"\partial ", "∂").replace(r"\tfrac12", "½").replace(r"\,", " ")
    text = _WORD.sub(lambda found: _WORDS[found[1]], text)
    text = re.sub(r"\\begin\{cases\}(.*?)\\end\{cases\}", _cases, text)
    before = ""
    while "{" in text and before != text:  # from the innermost braces outwards
        before = text
        text = re.sub(r"(?<!e)\^" + _GROUP, lambda found: found[1].translate(UP), text)
        text = re.sub(r"_" + _GROUP, lambda found: found[1].translate(_DOWN), text)
        text = re.sub(r"e\^" + _GROUP, r"e^(\1)", text)
        text = re.sub(r"\\sqrt" + _GROUP, r"√(\1)", text)
        text = re.sub(r"\\frac" + _GROUP + _GROUP, _quotient, text)
    text = text.replace("^2", "²").replace("-", "−").replace("'", "′")
    return re.sub(r" +", " ", text).replace("( ", "(").replace(" )", ")").strip()


def _cases(found: re.Match[str]) -> str:
    return ", ".join(case.replace(" & ", " if ").strip() for case in found[1].split(r"\\"))


def _quotient(found: re.Match[str]) -> str:
    above, below = (_grouped(part.strip()) for part in found.groups())
    return f"{above}/{below}"


def _grouped(text: str) -> str:
    return f"({text})" if " " in text else text
