"""One compact message for the browser: a JSON header, then arrays of floats as they lie in memory.

    uint32 length of the header │ header (JSON, padded with spaces to a multiple of 8) │ float64 arrays │ float32 arrays

payload.js reads it. Typed arrays are a tenth of the size of lists of text and need no parsing.
"""

import json
from collections.abc import Mapping
from typing import Any

import numpy as np


def pack(header: Mapping[str, Any], arrays: Mapping[str, np.ndarray]) -> bytes:
    """`header`, with the arrays' names, types and shapes added to it, followed by the arrays."""
    ordered = sorted(arrays.items(), key=lambda item: -item[1].itemsize)  # 8-byte numbers first keep all aligned
    described = dict(header) | {"arrays": [[name, str(array.dtype), list(array.shape)] for name, array in ordered]}
    text = json.dumps(described).encode()
    text += b" " * (-(4 + len(text)) % 8)
    return len(text).to_bytes(4, "little") + text + b"".join(array.tobytes() for _, array in ordered)
