"""Where a declaration says nothing of its instances, they have sizes that tell dimensions apart."""

from autograder.declare import backward
from autograder.forward_pass import ForwardPass
from autograder.instances.usual import usual_sizes

ATTENTION = ForwardPass(
    """
    R = Q @ K.T
    P = softmax(R, axis=1)
    O = P @ V
    """,
    Q=("T", "d"), K=("S", "d"), V=("S", 3),
)  # fmt: skip
LAYER = ForwardPass(
    "Y = X @ W + B\nerr = mean_squared_error(Y, T)", X=("N", "D"), W=("D", 1), B=(1,), T=("N", 1)
)


def test_no_two_dimensions_of_an_instance_have_one_size_and_none_a_fixed_one():
    for sizes in usual_sizes(ATTENTION):
        assert set(sizes) == {"T", "d", "S"}
        assert len({*sizes.values(), 3}) == 4


def test_each_dimension_has_several_sizes():
    result = usual_sizes(ATTENTION)
    assert all(len({sizes[name] for sizes in result}) == len(result) for name in ("T", "d", "S"))


def test_a_single_data_point_is_among_them_where_rows_are_data_points():
    assert next(sizes["N"] for sizes in usual_sizes(LAYER)) == 1
    assert all(sizes["T"] > 1 for sizes in usual_sizes(ATTENTION))


def test_an_exercise_without_instances_has_these():
    declared = backward("exercise1", LAYER, title="A layer", hand_in="DY, DW, DB", marks=1)
    drawn = declared.instances(4)
    assert [one.sizes for one in drawn] == usual_sizes(LAYER)
    assert not any(one.public for one in drawn)
    again = declared.instances(4)
    assert all((a.inputs["X"] == b.inputs["X"]).all() for a, b in zip(drawn, again, strict=True))
