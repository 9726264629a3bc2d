"""From a pool comes one instance of each kind; test_draw.py holds that sets are many, and instances few."""

import numpy as np

from autograder.exercise import Instance
from autograder.instances.pool import from_pool


def drawn(rng, kind):
    return Instance({"x": rng.standard_normal(kind + 1)}, f"kind {kind}")


def test_a_seed_gives_one_instance_of_each_kind_and_always_the_same():
    first, again = (from_pool(drawn, 3)(5) for _ in range(2))
    assert [one.description for one in first] == ["kind 0", "kind 1", "kind 2"]
    for one, other in zip(first, again, strict=True):
        np.testing.assert_array_equal(one.inputs["x"], other.inputs["x"])
