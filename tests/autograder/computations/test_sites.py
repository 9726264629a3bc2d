"""Many combinations of wrong forms are computed at once, each different value a single time."""

import numpy as np
import torch

from autograder.computations.elementwise import identity
from autograder.computations.sites import Form, Given, run, run_all

GIVEN = Given({"x": torch.tensor([1.0, 2.5, -3.0], dtype=torch.float64), "t": torch.tensor(1.25)}, {})


def counted(function, calls):
    def compute(*operands):
        calls.append(function)
        return function(*operands)

    return compute


def sites(calls):
    """The sum of (2x - t)²."""
    return {
        "double": Form(counted(lambda x: 2 * x, calls), ("x",)),
        "off": Form(counted(lambda a, t: a - t, calls), ("double", "t")),
        "square": Form(counted(lambda a: a**2, calls), ("off",)),
        "loss": Form(counted(torch.sum, calls), ("square",)),
    }


ABS = Form(torch.abs, ("off",))
SKIPPED = Form(identity, ("off",))
UNDOUBLED = Form(identity, ("x",))
SWAPPED = Form(lambda t, a: t - a, ("t", "double"))
OUTER = Form(lambda a: a[:, None] * a, ("off",))
ROWS = Form(lambda a: a.sum(dim=1), ("square",))
IMPOSSIBLE = Form(lambda a: a @ torch.ones(5, dtype=torch.float64), ("double",))
COMBINATIONS = [
    (),
    (("square", ABS),),
    (("square", SKIPPED),),
    (("double", UNDOUBLED), ("square", ABS)),
    (("double", UNDOUBLED), ("off", SWAPPED), ("square", SKIPPED)),
    (("square", OUTER),),
    (("double", UNDOUBLED), ("square", OUTER)),
]


def test_each_combination_has_the_value_that_it_has_alone():
    together = run_all(sites([]), GIVEN, COMBINATIONS, "loss")
    alone = [run(sites([]), GIVEN, dict(changes))["loss"].item() for changes in COMBINATIONS]
    np.testing.assert_allclose(together, alone)
    assert len(set(alone)) == len(alone)


def test_forms_that_differ_in_a_number_are_computed_at_once():
    calls = []
    power = counted(lambda a, exponent: a.abs() ** exponent, calls)
    combinations = [(("square", Form(power, ("off",), number=n)),) for n in (1.0, 2.0, 3.0, 2.0)]
    together = run_all(sites([]), GIVEN, combinations, "loss")
    assert len(calls) == 1
    np.testing.assert_allclose(
        together, [run(sites([]), GIVEN, dict(one))["loss"].item() for one in combinations]
    )
    assert together[1] == run(sites([]), GIVEN, {})["loss"].item()


def test_what_combinations_have_in_common_is_computed_once():
    calls = []
    run_all(sites(calls), GIVEN, [*COMBINATIONS[:5], *COMBINATIONS[:5]], "loss")
    assert len(calls) == 4  # each right form is run once, for all different values at a time


def test_a_combination_whose_shapes_do_not_fit_has_no_value_and_spoils_no_other():
    result = run_all(
        sites([]), GIVEN, [(("off", IMPOSSIBLE),), (), (("loss", ROWS), ("square", OUTER))], "loss"
    )
    assert np.isnan(result[[0, 2]]).all()  # the last one is no single number
    assert result[1] == run(sites([]), GIVEN, {})["loss"].item()
