"""What a JSON text holds is counted in bounded time and memory, before a parser sees it."""

import json
import time
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.json_items import FEW, count_items

MOST = 100_000
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(), inner, max_size=5),
    max_leaves=30,
)


def values(content):
    """How many values there are, keys not counted."""
    inner = content.values() if isinstance(content, dict) else content if isinstance(content, list) else ()
    return 1 + sum(map(values, inner))


@given(VALUES)
def test_no_value_is_missed(content):
    assert count_items(json.dumps(content).encode(), MOST) + 1 >= values(content)


@given(VALUES)
def test_behind_many_others_it_is_the_same(content):
    many = [0] * (FEW + 1)
    exact = count_items(json.dumps([many, content]).encode(), MOST)
    assert exact + 1 >= values([many, content])


def test_commas_and_brackets_in_a_long_text_are_no_values():
    text = json.dumps({"text": '[1, {"2": "\\\\"}], ' * 100_000}).encode()
    assert count_items(text, MOST) < 10


@pytest.mark.parametrize(
    "text",
    [b"[" * 5_000_000, b"[]," * 5_000_000, b'"",' * 5_000_000, b"{" * 5_000_000],
    ids=["opened", "lists", "texts", "objects"],
)
def test_too_many_are_found_at_once(text):
    tracemalloc.start()
    started = time.monotonic()
    assert count_items(text, MOST) > MOST
    assert time.monotonic() - started < 20
    assert tracemalloc.get_traced_memory()[1] < 4 * len(text)
    tracemalloc.stop()


@pytest.mark.parametrize("text", [b'"\\' * 1_000_000, b"\\" * 5_000_000, b'"' + b'\\"' * 1_000_000])
def test_texts_that_never_end_take_no_longer(text):
    started = time.monotonic()
    count_items(text + b"," * (FEW + 1), MOST)
    assert time.monotonic() - started < 10
