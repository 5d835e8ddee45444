"""The packed message to the browser, unpacked here by its description alone."""

import json
import struct

import numpy as np
import pytest

from pages.components.descent.payload import pack


def unpacked(message: bytes) -> tuple[dict, dict[str, np.ndarray]]:
    """uint32 length │ JSON padded to a multiple of 8 │ arrays, one after another, little-endian."""
    (length,) = struct.unpack_from("<I", message)
    header = json.loads(message[4 : 4 + length])
    offset = 4 + length
    assert offset % 8 == 0
    arrays = {}
    for name, dtype, shape in header.pop("arrays"):
        kind = {"float64": "<f8", "float32": "<f4"}[dtype]
        count = int(np.prod(shape))
        assert offset % np.dtype(kind).itemsize == 0  # a typed array in JavaScript starts nowhere else
        arrays[name] = np.frombuffer(message, kind, count, offset).reshape(shape)
        offset += arrays[name].nbytes
    assert offset == len(message)
    return header, arrays


@pytest.mark.parametrize("word", ["", "η", "a", "ab", "abc", "abcd", "abcde", "abcdef", "abcdefg", "∂L/∂θ “w¹”"])
def test_header_and_arrays_come_back_as_they_went(word):
    arrays = {
        "slices": np.linspace(-1, 1, 3 * 9 * 5, dtype=np.float32).reshape(3, 9, 5),
        "theta": np.random.default_rng(1).normal(size=(3, 9)),
        "odd": np.array([1.5], dtype=np.float32),
        "loss": np.array([0.1, np.inf, np.nan]),
        "none": np.empty((0, 9)),
    }
    header = {"word": word, "rate": 0.01, "diverged_at": None}
    read_header, read_arrays = unpacked(pack(header, arrays))
    assert read_header == header
    assert read_arrays.keys() == arrays.keys()
    for name, array in arrays.items():
        assert read_arrays[name].dtype == array.dtype
        np.testing.assert_array_equal(read_arrays[name], array)


def test_a_header_alone_is_a_message():
    assert unpacked(pack({"a": 1}, {})) == ({"a": 1}, {})


def test_the_header_given_is_left_as_it_was():
    header = {"a": 1}
    pack(header, {"x": np.zeros(2)})
    assert header == {"a": 1}
