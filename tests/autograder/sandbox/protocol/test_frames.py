"""Frames carry a message there whole, and whatever else arrives is refused in one way."""

import ast
import contextlib
import json
import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from autograder import sandbox
from autograder.exercise import Opaque
from autograder.sandbox.protocol import frames
from autograder.sandbox.protocol.frames import BadFrame
from utils import reading

few = settings(max_examples=60)


def split(data):
    """A frame's header and body, as whoever reads them from a pipe takes them."""
    header, body = frames.lengths(data[: frames.LENGTHS.size])
    rest = data[frames.LENGTHS.size :]
    assert len(rest) == header + body
    return rest[:header], rest[header:]


def there(message):
    return frames.decode(*split(frames.encode(message)))


def same(one, other):
    """Whether what arrived is what was sent, to every bit of an array."""
    if isinstance(one, np.ndarray):
        alike = isinstance(other, np.ndarray) and (one.dtype, one.shape) == (other.dtype, other.shape)
        return alike and one.tobytes() == other.tobytes()
    if isinstance(one, dict):
        return type(other) is dict and one.keys() == other.keys() and all(same(one[k], other[k]) for k in one)
    if isinstance(one, (list, tuple)):
        return type(other) is list and len(one) == len(other) and all(map(same, one, other))
    return type(one) is type(other) and (one == other or (one != one and other != other))


@st.composite
def arrays(draw):
    shape = tuple(draw(st.lists(st.integers(0, 3), max_size=4)))
    whole = st.integers(-(2**63), 2**63 - 1)
    kinds = ((st.floats(), np.float64), (whole, np.int64), (st.booleans(), np.bool_))
    numbers, dtype = draw(st.sampled_from(kinds))
    size = int(np.prod(shape))
    return np.array(draw(st.lists(numbers, min_size=size, max_size=size)), dtype=dtype).reshape(shape)


NUMBERS = st.booleans() | st.integers(-(2**70), 2**70) | st.floats()
MESSAGES = st.recursive(
    st.none() | NUMBERS | st.text() | st.text().map(Opaque) | arrays(),
    lambda items: st.lists(items) | st.lists(items).map(tuple) | st.dictionaries(st.text(), items),
    max_leaves=20,
)


@few
@given(MESSAGES)
@example({"array": [2], "opaque": "x", "object": {"array": [1]}})
@example([np.zeros((0, 6)), np.zeros(0), np.array(1.0)])
@example(np.array([0.1, -0.0, np.nan, np.inf, 5e-324, 1 / 3]))
@example(Opaque("\ud800"))
@example([float("inf"), float("-inf"), float("nan"), None, "null"])
def test_a_message_arrives_as_it_was_sent(message):
    assert same(message, there(message))


@pytest.mark.parametrize(
    ("array", "dtype"),
    [
        (np.array([2**63 - 1, -(2**63)]), np.int64),
        (np.array([1, -2], dtype=np.int8), np.int64),
        (np.array([True, False]), np.bool_),
        (np.array([0.5], dtype=np.float32), np.float64),
        (np.array([1, 2], dtype=">i4"), np.int64),
    ],
)
def test_arrays_arrive_as_one_of_three_kinds(array, dtype):
    result = there([array])[0]
    assert result.dtype == dtype
    np.testing.assert_array_equal(result, array)


def test_tuples_arrive_as_tuples_among_inputs_and_as_lists_elsewhere():
    inputs = {"shape": (2, (3,)), "parts": [np.ones(1), ("add", 0, 1.5)]}
    result = there({"inputs": frames.Inputs(inputs), "other": (1, 2)})
    assert result["other"] == [1, 2]
    assert result["inputs"]["shape"] == (2, (3,))
    assert result["inputs"]["parts"][1] == ("add", 0, 1.5)
    assert there({"inputs": frames.Inputs({"shape": (2, 3)})}) == {"inputs": {"shape": (2, 3)}}


@pytest.mark.parametrize("byte", [2, 7, 255])
def test_a_mask_holds_nothing_but_true_and_false(byte):
    assert frames.decode(b'{"mask": [2]}', bytes([0, 1])).tolist() == [False, True]
    with pytest.raises(BadFrame):
        frames.decode(b'{"mask": [2]}', bytes([0, byte]))


@pytest.mark.parametrize(
    "array", [np.arange(12.0).reshape(3, 4).T, np.arange(12.0)[::-2], np.broadcast_to(1.0, (2, 3))]
)
def test_arrays_of_any_strides_arrive(array):
    np.testing.assert_array_equal(there(array), array, strict=True)


def test_what_arrives_may_be_written_to():
    array = there(np.zeros(3))
    array += 1
    np.testing.assert_array_equal(array, np.ones(3))


def test_a_frame_is_lengths_a_json_header_and_raw_bytes():
    data = frames.encode({"x": np.array([1.0, 2.0])})
    header, body = split(data)
    assert json.loads(header) == {"object": {"x": {"array": [2]}}}
    assert body == struct.pack("<2d", 1.0, 2.0)
    assert data[:16] == struct.pack(">QQ", len(header), len(body))


def test_everything_that_an_answer_may_hold_fits_into_a_frame():
    """What `reading.plain` lets through must not be refused later: the student would hear of a crash."""
    largest = [
        *([[0.0] * 1000] * 400, [np.zeros(1)] * 100_000, [None] * reading.MAX_ITEMS),
        *(np.zeros(reading.MAX_ENTRIES), np.zeros((1,) * 20), type("N" * 5_000_000, (), {})()),
    ]
    for returned in largest:
        there({"value": reading.plain(returned), "faults": []})


@pytest.mark.parametrize(
    ("header", "body"),
    [(frames.MAX_HEADER + 1, 0), (0, frames.MAX_ARRAYS + 1), (2**64 - 1, 2**64 - 1), (2**63, 0)],
)
def test_an_oversized_frame_is_refused_before_it_is_read(header, body):
    with pytest.raises(BadFrame):
        frames.lengths(struct.pack(">QQ", header, body))


@pytest.mark.parametrize("size", [0, 1, 8, 15, 17])
def test_lengths_of_another_size_are_refused(size):
    with pytest.raises(BadFrame):
        frames.lengths(bytes(size))


NO_CONTENTS = {
    "array": [
        *("[]", "[1]", "[-1]", "[1.0]", "[true]", '["1"]', "[null]", "3", "null", '{"0": 1}'),
        *("[0, 1000000000000000000000000]", "[4611686018427387904, 4]"),
        *("[0, 9223372036854775807, 9223372036854775807]", str([1] * 9), str([0] * 9)),
    ],
    "whole": ["[1]", "[0, 9223372036854775807, 9223372036854775807]"],
    "mask": ["[1]", "[-1]"],
    "tuple": ["3", '{"0": 1}'],
    "object": ["5", "null", '"text"', "[1, 2]", '{"x": {"object": true}}', '{"x": {"y": 1}}'],
    "unknown": ["1"],
}
BAD_HEADERS = [
    *(
        b"",
        b"\xff\xfe",
        b"\x80abc",
        b"text",
        b"{",
        b"{}",
        b"[" * 100_000,
        b'{"array":' * 100_000,
        b"9" * 10_000,
    ),
    *(b'{"array": [0], "opaque": "x"}', b'[{"array": [0]}, {"array": [1]}]'),
    b'{"object":' * 300 + b"{}" + b"}" * 300,
    *(f'{{"{kind}": {content}}}'.encode() for kind, contents in NO_CONTENTS.items() for content in contents),
]


@pytest.mark.parametrize("header", BAD_HEADERS, ids=lambda header: repr(header[:40]))
def test_a_header_that_is_not_ours_is_refused(header):
    with pytest.raises(BadFrame):
        frames.decode(header, b"")


@pytest.mark.parametrize("body", [b"", b"1234567", bytes(8), bytes(15), bytes(17), bytes(24)])
def test_arrays_must_add_up_to_the_body(body):
    with pytest.raises(BadFrame):
        frames.decode(b'{"array": [2]}', body)


@few
@given(MESSAGES, st.data())
def test_a_truncated_frame_is_refused(message, data):
    header, body = split(frames.encode(message))
    cut = data.draw(st.integers(0, len(header) + len(body) - 1))
    try:
        result = frames.decode(header[:cut], body[: max(cut - len(header), 0)])
    except BadFrame:
        return
    # some texts cut short are still JSON: a number's digits are all that can be lost unseen
    assert isinstance(result, int | float)
    assert cut < len(header)


@few
@given(MESSAGES, st.data())
def test_a_damaged_frame_gives_a_message_or_is_refused(message, data):
    pieces = [bytearray(piece) for piece in split(frames.encode(message))]
    for _ in range(data.draw(st.integers(1, 4))):
        piece = data.draw(st.sampled_from(pieces))
        if piece:
            piece[data.draw(st.integers(0, len(piece) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(BadFrame):
        frames.decode(*map(bytes, pieces))


KINDS = st.sampled_from(["array", "whole", "mask", "tuple", "opaque", "object", "x"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3),
    lambda items: st.lists(items) | st.dictionaries(KINDS, items, max_size=2),
    max_leaves=10,
)
HEADERS = st.binary(max_size=64) | JSON.map(lambda header: json.dumps(header).encode())


@settings(max_examples=600)
@given(HEADERS, st.binary(max_size=32))
def test_garbage_and_any_json_for_a_header_gives_a_message_or_is_refused(header, body):
    with contextlib.suppress(BadFrame):
        frames.decode(header, body)


def test_nothing_in_the_sandbox_unpickles():
    forbidden = {"pickle", "cPickle", "_pickle", "dill", "cloudpickle", "shelve", "marshal", "joblib"}
    files = sorted(Path(sandbox.__file__).parent.rglob("*.py"))
    assert len(files) >= 20
    for file in files:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            aliases = [getattr(alias, "name", "") for alias in getattr(node, "names", [])]
            modules = {name.split(".")[0] for name in (*aliases, str(getattr(node, "module", "")))}
            assert not modules & forbidden, file
            if isinstance(node, ast.keyword) and node.arg == "allow_pickle":
                assert ast.unparse(node.value) == "False"
            if isinstance(node, ast.Attribute) and node.attr in {"loads", "load"}:
                assert ast.unparse(node.value) in ("json", "orjson"), file
