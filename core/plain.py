"""LaTeX → plain text, for the subset our formulas use: ∂L/∂w⁽¹⁾₁₂ = (o − y) · w⁽²⁾₂ · x₁."""

import re

_WORDS = {
    r"\partial ": "∂", r"\partial": "∂", r"\cdot": "·", r"\times": "×", r"\approx": "≈", r"\infty": "∞",
    r"\le": "≤", r"\sigma": "σ", r"\Phi": "Φ", r"\varphi": "φ", r"\eta": "η", r"\delta": "δ", r"\pi": "π",
    r"\tanh": "tanh", r"\ln": "ln", r"\max": "max", r"\tfrac12": "½", r"\,": " ", r"\left": "", r"\right": "",
}  # fmt: skip
_UP = str.maketrans("0123456789()-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁽⁾⁻")
_DOWN = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_GROUP = r"\{([^{}]*)\}"  # innermost braces: what is inside them is plain already


def plain(latex: str) -> str:
    """The formula as one line of Unicode text."""
    text = re.sub(r"\\left\.(.*?)\\right\|_\{(\d)\}", r"\1 (route \2)", latex)
    text = re.sub(r"\\(?:operatorname|text)" + _GROUP, r"\1", text)
    for word in sorted(_WORDS, key=len, reverse=True):
        text = text.replace(word, _WORDS[word])
    text = re.sub(r"\\begin\{cases\}(.*?)\\end\{cases\}", _cases, text)
    before = ""
    while before != text:  # from the innermost braces outwards
        before = text
        text = re.sub(r"(?<!e)\^" + _GROUP, _raised, text)
        text = re.sub(r"_" + _GROUP, lambda found: found[1].translate(_DOWN), text)
        text = re.sub(r"e\^" + _GROUP, r"e^(\1)", text)
        text = re.sub(r"\\sqrt" + _GROUP, r"√(\1)", text)
        text = re.sub(r"\\frac" + _GROUP + _GROUP, _quotient, text)
    text = text.replace("^2", "²").replace("-", "−").replace("'", "′")
    return re.sub(r" +", " ", text).replace("( ", "(").replace(" )", ")").strip()


def _cases(found: re.Match[str]) -> str:
    return ", ".join(case.replace(" & ", " if ").strip() for case in found[1].split(r"\\"))


def _raised(found: re.Match[str]) -> str:
    """A superscript: digits and the mark of a layer, (1), have characters of their own."""
    return found[1].translate(_UP)


def _quotient(found: re.Match[str]) -> str:
    above, below = (_grouped(part.strip()) for part in found.groups())
    return f"{above}/{below}"


def _grouped(text: str) -> str:
    return f"({text})" if " " in text else text
