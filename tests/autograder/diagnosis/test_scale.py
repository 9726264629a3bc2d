"""Factors are laws of the dimensions with names, and are written as one writes them."""

import numpy as np
import pytest

from autograder.diagnosis.scale import Scale, common, exclude, points

SIZES = [{"N": 5, "d": 3, "T": 4}, {"N": 9, "d": 7, "T": 6}, {"N": 17, "d": 2, "T": 11}]
HIDDEN = [True, True, True]
LAWS = {
    "3": Scale(3.0),
    "N": Scale(1.0, 1),
    "1/N²": Scale(1.0, -2),
    "N/64": Scale(1 / 64, 1),
    "1/√d": Scale(1.0, 0, (("d", -0.5),)),
    "√d": Scale(1.0, 0, (("d", 0.5),)),
    "d": Scale(1.0, 0, (("d", 1),)),
    "d²": Scale(1.0, 0, (("d", 2),)),
    "-T": Scale(-1.0, 0, (("T", 1),)),
    "2/d": Scale(2.0, 0, (("d", -1),)),
    "N/√d": Scale(1.0, 1, (("d", -0.5),)),
    "1/(N·T)": Scale(1.0, -1, (("T", -1),)),
}


@pytest.mark.parametrize(("words", "law"), LAWS.items(), ids=LAWS)
def test_a_law_is_found_in_the_factors_that_follow_from_it_and_written_as_one_writes_it(words, law):
    result = common([law.of(sizes) for sizes in SIZES], SIZES, HIDDEN)
    assert result.powers == law.powers
    assert result.factor == pytest.approx(law.factor, rel=1e-9)
    assert str(law) == words
    assert law / law == Scale()
    assert (Scale(1.0, 1, (("d", 2),)) / law).of(SIZES[0]) == pytest.approx(5 * 9 / law.of(SIZES[0]))


@pytest.mark.parametrize(
    ("law", "faults"),
    [
        (Scale(1.0, 1), [("sum-instead-of-mean", "")]),
        (Scale(-0.5, -1), [("wrong-sign", ""), ("missing-factor-two", ""), ("mean-twice", "")]),
        (Scale(1.0, 0, (("d", -0.5),)), [("wrong-scale", "1/√d")]),
        (Scale(-1.0, 1, (("d", 1),)), [("wrong-sign", ""), ("wrong-scale", "N·d")]),
        (Scale(2.0, 0, (("d", 1),)), [("wrong-scale", "2·d")]),
        (Scale(1 / 64, 1), [("hard-coded-size", "64")]),
    ],
)
def test_only_factors_of_n_have_names_of_their_own(law, faults):
    assert law.faults(mean=True, sheet=64) == tuple(faults)


NAN = np.nan
ONE_AND_FIVE = [{"N": 1}, {"N": 5}]
EVIDENCE = {
    "numbers from no law": ([1.3, 0.7, 2.9], SIZES, HIDDEN, None),
    "another sign once": ([1.0, -1.0, 1.0], SIZES, HIDDEN, None),
    "what students have seen": ([2.0, NAN, NAN], SIZES, [False, True, True], None),
    "nothing": ([NAN] * 3, SIZES, HIDDEN, None),
    "one size, which tells no factor from a law": ([3.0, NAN, NAN], SIZES, HIDDEN, None),
    "one size, on which it is right": ([1.0, NAN, NAN], SIZES, HIDDEN, Scale()),
    "one data point alone, beside larger ones": ([1.0, NAN], ONE_AND_FIVE, [True] * 2, None),
    "five data points, beside one": ([NAN, 1.0], ONE_AND_FIVE, [True] * 2, Scale()),
}


@pytest.mark.parametrize(("ratios", "sizes", "hidden", "law"), EVIDENCE.values(), ids=EVIDENCE)
def test_a_law_is_found_only_where_the_numbers_prove_it(ratios, sizes, hidden, law):
    assert common(ratios, sizes, hidden) == law


def test_two_instances_do_not_bear_out_powers_of_two_dimensions():
    law = Scale(1.0, 1, (("d", -0.5),))
    given = [law.of(sizes) for sizes in SIZES[:2]]
    assert common(given, SIZES[:2], HIDDEN[:2]) is None


def test_random_factors_are_hardly_ever_taken_for_a_law():
    rng = np.random.default_rng(0)
    result = [common(list(rng.uniform(0.1, 10, 3)), SIZES, HIDDEN) for _ in range(500)]
    assert not any(result)


def test_one_data_point_counts_as_one_and_no_data_points_as_several():
    assert [points(sizes) for sizes in ({"N": 1, "T": 4}, {"T": 4}, 1)] == [1, 2, 1]


@pytest.mark.parametrize("power", [0, 1, -1, 2, 0.5])
def test_a_glance_at_two_ratios_excludes_no_law_and_most_of_what_has_none(power):
    sizes = [{"N": 7}, {"N": 12}]
    law = [3 * n["N"] ** power for n in sizes]
    assert not exclude(law, sizes, {"N"})
    assert exclude([law[0], 1.02 * law[1]], sizes, {"N"})
    assert exclude([law[0], -law[1]], sizes, {"N"})
    assert not exclude([law[0], 1.02 * law[1]], sizes, {"N", "d"})  # the other one may have a part in it
    assert not exclude([np.nan, law[1]], sizes, {"N"})
