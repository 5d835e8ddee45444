"""How bytes travel to the browser beside the JSON that describes them. shared/framed.js reads it.

uint32 length of the JSON │ JSON, padded with spaces to a multiple of 8 │ the bytes, one block after another
"""

import json
from collections.abc import Mapping
from typing import Any


def framed(header: Mapping[str, Any], *blocks: bytes) -> bytes:
    """One message. Numbers are little-endian; the first block begins where typed arrays may, at a multiple of 8."""
    text = json.dumps(header).encode()
    text += b" " * (-(4 + len(text)) % 8)
    return len(text).to_bytes(4, "little") + text + b"".join(blocks)
