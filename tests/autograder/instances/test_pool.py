"""Hidden instances come from a pool: many sets of them, few instances, and the same for the same seed."""

import numpy as np

from autograder.exercise import VARIANTS, Instance
from autograder.instances.pool import POOL, from_pool

KINDS = 3


def drawn(rng, kind):
    return Instance({"x": rng.standard_normal(kind + 1)}, f"kind {kind}")


def test_a_seed_gives_one_instance_of_each_kind_and_always_the_same():
    first, again = from_pool(drawn, KINDS)(5), from_pool(drawn, KINDS)(5)
    assert [one.description for one in first] == ["kind 0", "kind 1", "kind 2"]
    for one, other in zip(first, again, strict=True):
        np.testing.assert_array_equal(one.inputs["x"], other.inputs["x"])


def test_the_variants_of_an_exercise_share_instances_and_hardly_ever_whole_sets():
    choose = from_pool(drawn, KINDS)
    sets = [choose(seed) for seed in range(VARIANTS)]
    assert len({id(one) for each in sets for one in each}) <= POOL * KINDS
    assert len({tuple(map(id, each)) for each in sets}) > 0.95 * VARIANTS


def test_two_courses_share_nothing():
    choose = from_pool(drawn, KINDS)
    ours, theirs = (
        {one.inputs["x"].tobytes() for seed in range(first, first + VARIANTS) for one in choose(seed)}
        for first in (0, VARIANTS)
    )
    assert ours.isdisjoint(theirs)
