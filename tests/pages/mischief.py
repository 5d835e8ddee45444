"""Ten thousand bad ideas of what to write into a field, an address or a file: the same ones on every machine."""

import math
import os
import random
import re
from collections.abc import Iterator

CANARY = "BACKPROP_TEST_EVALUATED"  # set in the environment by whoever evaluates what stands here
CODE = (
    f"__import__('os').environ.__setitem__('{CANARY}', '1')",
    f"[1 for _ in [__import__('os').putenv('{CANARY}', '1')]]",
    f"exec(\"import os; os.environ['{CANARY}'] = '1'\")",
    "().__class__.__bases__[0].__subclasses__()",
    "9**9**9**9",
    "lambda: 1",
    "${7*7}{{7*7}}#{7*7}",
    "'; DROP TABLE evil; --",
)
MARKUP = (
    "<script>evil(1)</script>",
    "<img src=x onerror=evil(1)>",
    "</code></pre><h1>evil</h1>",
    "[evil](javascript:evil(1))",
    "![evil](https://evil.example/)",
    "`evil`",
    "``` evil",
    "**evil**",
    "~~evil~~",
    "$\\evil^2$",
    "$$\\evil$$",
    ":red[evil]",
    ":material/evil:",
    "# evil",
    "\n\n# evil",
    "| evil | evil |\n|---|---|",
    "“evil” “",
    "” <b>evil</b> “",
    "&lt;evil&gt;",
    "https://evil.example/",
)
NUMBERS = (
    *("nan", "NaN", "-nan", "inf", "-Infinity", "∞", "1e999", "-1e999", "1e-999", "1/0", "0/0", "1e308/1e-308", "1//2"),
    *("1_000", "0x1F", "0b1", "٣", "０．５", "½", "1,5", "1e", "e5", "--1", "+-1", "1+1", "2**8", "5.", ".5", "−5/4"),
    *("True", "None", "1970-01-01", "1j", "9" * 400, "0." + "0" * 400 + "1", "1e5000", "9" * 5000),
)
WORDS = (
    *("w1_11", "W1", "b1", "W2", "b2", "x", "y", "torch.tensor(", "np.array(", "requires_grad=True", "=", "==", "# no"),
    *(
        "[",
        "]",
        "[[",
        "]]",
        "(",
        ")",
        ",",
        ";",
        "~",
        "_",
        "\n",
        "\r",
        "\t",
        " ",
        "/",
        "-",
        "−",
        "0.1",
        "1",
        "-2.5",
        "rows",
    ),
    *(
        "relu",
        "sigmoid",
        "binary_cross_entropy",
        "random_7",
        "random_",
        "adam",
        "on",
        "end",
        "cuda:0",
        '"',
        "'",
        "{",
        "}",
    ),
)
ODD = (
    *("\x00", "\x07", "\x1b[31m", "\u202eevil", "\u200b", "\ufeff", "\u2028", "\u2029", "\x85", "\xa0", "\u0300" * 40),
    *(
        "👩‍👩‍👧‍👦",
        "🇺🇳",
        "ﷺ",
        "Ǆ",
        "ß",
        "İ",
        "\U0010ffff",
        "\ufffe",
        "ｗ１",
        "𝟏",
        "①",
        "Ⅷ",
        "%00",
        "%",
        "\\",
        "\\n",
        "\\u0000",
    ),
)
EVERYTHING = CODE + MARKUP + NUMBERS + WORDS + ODD
HUGE = ("9" * 1_000_000, "[" * 1_000_000, "<b>evil" * 150_000, "1/" * 500_000, "\u0300" * 500_000, " " * 1_000_000)


def texts(count: int, seed: int, huge: bool = True) -> Iterator[str]:
    """Each bad idea alone, a few of a megabyte, then as many at random as are left: pieces of all of them, in a row."""
    first = (*EVERYTHING, *(HUGE if huge else ()), "")
    yield from first[:count]
    dice = random.Random(seed)
    for _ in range(count - len(first)):
        pieces = [dice.choice(EVERYTHING) for _ in range(dice.randint(1, 6))]
        if dice.random() < 0.3:
            pieces.append(
                repr(dice.choice((math.ldexp(dice.uniform(-2, 2), dice.randint(-1080, 1020)), dice.random())))
            )
        if dice.random() < 0.2:
            pieces.append("".join(chr(_scalar(dice)) for _ in range(dice.randint(1, 12))))
        dice.shuffle(pieces)
        yield dice.choice(("", " ", "")).join(pieces)


def _scalar(dice: random.Random) -> int:
    """Any character but half of one."""
    number = dice.choice((dice.randrange(0x100), dice.randrange(0x3000), dice.randrange(0x110000)))
    return number if not 0xD800 <= number < 0xE000 else number - 0xD800


def check_said(sentence: str) -> None:
    """Nobody's words stand in it but as inline code: what is left is one line of our own, without any markup."""
    assert sentence.isprintable(), sentence
    outside = re.sub(r"`[^`]+`", "", sentence)
    assert not re.search(r"[<>$*`#!|~\\{}]|evil|\]\(|:\w+[\[:]|https?:", outside), sentence
    assert len(outside) < 400, sentence


def check_nothing_was_evaluated() -> None:
    assert CANARY not in os.environ
    assert os.getenvb(CANARY.encode()) is None
