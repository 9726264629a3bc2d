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


def ratios(law):
    return [law.of(sizes) for sizes in SIZES]


@pytest.mark.parametrize("law", LAWS.values(), ids=LAWS.keys())
def test_a_law_is_found_in_the_factors_that_follow_from_it(law):
    result = common(ratios(law), SIZES, HIDDEN)
    assert result.powers == law.powers
    assert result.factor == pytest.approx(law.factor, rel=1e-9)


@pytest.mark.parametrize("words", LAWS)
def test_a_law_is_written_as_one_writes_it(words):
    assert str(LAWS[words]) == words


@pytest.mark.parametrize("law", LAWS.values(), ids=LAWS.keys())
def test_a_law_divided_by_itself_is_none(law):
    assert law / law == Scale()
    assert (Scale(1.0, 1, (("d", 2),)) / law).of(SIZES[0]) == pytest.approx(5 * 9 / law.of(SIZES[0]))


def test_only_factors_of_n_have_names_of_their_own():
    assert Scale(1.0, 1).faults(mean=True) == (("sum-instead-of-mean", ""),)
    assert Scale(-0.5, -1).faults(mean=True) == (
        ("wrong-sign", ""),
        ("missing-factor-two", ""),
        ("mean-twice", ""),
    )
    assert Scale(1.0, 0, (("d", -0.5),)).faults(mean=True) == (("wrong-scale", "1/√d"),)
    assert Scale(-1.0, 1, (("d", 1),)).faults(mean=True) == (("wrong-sign", ""), ("wrong-scale", "N·d"))
    assert Scale(2.0, 0, (("d", 1),)).faults(mean=True) == (("wrong-scale", "2·d"),)
    assert Scale(1 / 64, 1).faults(mean=True, sheet=64) == (("hard-coded-size", "64"),)


def test_numbers_that_follow_from_no_law_have_none():
    assert common([1.3, 0.7, 2.9], SIZES, HIDDEN) is None
    assert common([1.0, -1.0, 1.0], SIZES, HIDDEN) is None


def test_what_students_have_seen_and_what_tells_nothing_proves_nothing():
    assert common([2.0, np.nan, np.nan], SIZES, [False, True, True]) is None
    assert common([np.nan] * 3, SIZES, HIDDEN) is None


def test_instances_of_one_size_tell_no_factor_from_a_law():
    assert common([3.0, np.nan, np.nan], SIZES, HIDDEN) is None
    assert common([1.0, np.nan, np.nan], SIZES, HIDDEN) == Scale()


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


def test_an_instance_of_one_data_point_alone_proves_nothing_beside_larger_ones():
    sizes = [{"N": 1}, {"N": 5}]
    assert common([1.0, np.nan], sizes, [True, True]) is None
    assert common([np.nan, 1.0], sizes, [True, True]) == Scale()


@pytest.mark.parametrize("power", [0, 1, -1, 2, 0.5])
def test_a_glance_at_two_ratios_excludes_no_law_and_most_of_what_has_none(power):
    sizes = [{"N": 7}, {"N": 12}]
    law = [3 * n["N"] ** power for n in sizes]
    assert not exclude(law, sizes, {"N"})
    assert exclude([law[0], 1.02 * law[1]], sizes, {"N"})
    assert exclude([law[0], -law[1]], sizes, {"N"})
    assert not exclude([law[0], 1.02 * law[1]], sizes, {"N", "d"})  # the other one may have a part in it
    assert not exclude([np.nan, law[1]], sizes, {"N"})
