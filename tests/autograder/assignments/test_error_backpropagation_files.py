"""files/ is what its script makes, and its data make mistakes visible."""

import hashlib
import importlib
import math
import re
import zipfile
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from PIL import Image

from autograder import student_material
from tests.autograder.mutants.backward import BACKWARD

make_files = importlib.import_module("autograder.assignments.01_error_backpropagation.make_files")
FILES = student_material.FOLDER / "files"
FIGURES = ("net.svg.png", "chain.png")
MADE = ("data.npz", "params.npz", "SHA256SUMS", "net.svg", *FIGURES)


@pytest.fixture(scope="module")
def network():
    """The stored arrays, the forward pass, X among the A, and the gradient by automatic differentiation."""
    with np.load(FILES / "data.npz") as data, np.load(FILES / "params.npz") as parameters:
        X, T = (torch.tensor(data[name]) for name in "XT")
        W, B = (
            [torch.tensor(parameters[f"{kind}{i}"], requires_grad=True) for i in (1, 2, 3, 4)]
            for kind in "WB"
        )
    Z, A = [], [X]
    for weights, biases in zip(W[:3], B[:3], strict=True):
        Z.append(A[-1] @ weights + biases)
        A.append(Z[-1].clamp(min=0))
    Y = A[-1] @ W[3] + B[3]
    gradient = torch.autograd.grad(((Y - T) ** 2).mean(), [*W, *B])
    lists = {"W": W, "B": B, "Z": Z, "A": A, "gradient": gradient}
    arrays = {name: [tensor.detach().numpy() for tensor in tensors] for name, tensors in lists.items()}
    return SimpleNamespace(X=X.numpy(), T=T.numpy(), Y=Y.detach().numpy(), **arrays)


@pytest.fixture(scope="module")
def rebuilt(tmp_path_factory):
    folder = tmp_path_factory.mktemp("rebuilt") / "files"
    make_files.make_files(folder)
    return folder


def test_the_script_makes_the_same_bytes_and_nothing_else(rebuilt):
    assert sorted(path.name for path in rebuilt.iterdir()) == sorted(MADE)
    for name in MADE:
        assert (rebuilt / name).read_bytes() == (FILES / name).read_bytes(), name


def test_a_failed_write_leaves_the_old_file(tmp_path, monkeypatch):
    def full(path, content):
        with path.open("wb") as file:
            file.write(content[:3])
        raise OSError("no space left")

    (tmp_path / "data.npz").write_bytes(b"old")
    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OSError, match="no space left"):
        make_files.make_files(tmp_path)
    monkeypatch.undo()
    assert [path.name for path in tmp_path.iterdir()] == ["data.npz"]
    assert (tmp_path / "data.npz").read_bytes() == b"old"


def test_values_are_rounded_to_multiples_but_not_to_zero():
    result = make_files._rounded(np.array([0.3, -0.3, 0.01, -0.01]), 8)
    np.testing.assert_array_equal(result, [0.25, -0.25, 0.125, -0.125])


@pytest.mark.parametrize("edge", [0.1875, -0.1875, 1e-12])
def test_a_value_between_two_roundings_is_refused(edge):
    with pytest.raises(ArithmeticError):
        make_files._rounded(np.array([0.5, edge]), 8)


@pytest.mark.parametrize("name", ["data.npz", "params.npz"])
def test_archives_carry_no_date(name):
    with zipfile.ZipFile(FILES / name) as archive:
        assert {member.date_time for member in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_the_sums_are_in_the_form_that_sha256sum_checks():
    expected = "".join(
        f"{hashlib.sha256((FILES / name).read_bytes()).hexdigest()}  {name}\n"
        for name in sorted(path.name for path in FILES.glob("*.npz"))
    )
    assert (FILES / "SHA256SUMS").read_bytes() == expected.encode()


def test_inputs_and_parameters_are_multiples_of_an_eighth(network):
    for array in (network.X, *network.W, *network.B):
        np.testing.assert_array_equal(array, np.rint(array * 8) / 8)
    for array in (*network.W, *network.B):
        assert np.abs(array).min() > 0


@pytest.mark.parametrize(("digits", "coarse"), [(24, 2.0**-6), (53, 2.0**-35)], ids=["single", "double"])
def test_no_sum_on_the_way_to_the_first_entry_is_rounded(network, digits, coarse):
    """All numbers are multiples of a unit, and no sum, in whatever order, reaches 2**digits units."""
    W, B, A = network.W, network.B, network.A
    for layer in range(4):
        unit = 8.0 ** -(layer + 2)
        assert (np.abs(A[layer]) @ np.abs(W[layer]) + np.abs(B[layer])).max() < unit * 2**digits

    T = network.T.astype(np.float32).astype(np.float64) if digits == 24 else network.T
    R = network.Y - T
    for array, unit in ((T, min(coarse, 8.0**-5)), (R, coarse)):
        np.testing.assert_array_equal(array, np.rint(array / unit) * unit)
        assert np.abs(array).max() < unit * 2**digits
    N = len(R)
    assert math.log2(N).is_integer()
    D, unit = 2 / N * R, 2 / N * coarse
    for layer in (3, 2, 1):
        unit /= 8
        assert (np.abs(D) @ np.abs(W[layer]).T).max() < unit * 2**digits
        D = (D @ W[layer].T) * (A[layer] > 0)
    terms, unit = network.X[:, 0] * D[:, 0], unit / 8
    assert max(terms[terms > 0].sum(), -terms[terms < 0].sum()) < unit * 2**digits
    assert abs(terms.sum()) == (make_files.SINGLE if digits == 24 else make_files.CHECK)


def test_both_signs(network):
    for array in (network.X, network.T, network.Y, network.Y - network.T):
        assert 0.2 < (array > 0).mean() < 0.8


def test_targets_are_those_of_a_network_in_training(network):
    err = ((network.Y - network.T) ** 2).mean()
    assert 0.05 * network.T.var() < err < 0.95 * network.T.var()


def test_every_unit_is_sometimes_on_and_sometimes_off(network):
    for Z in network.Z:
        on = (Z > 0).mean(axis=0)
        assert on.min() >= 0.1
        assert on.max() <= 0.9


def test_no_preactivation_near_zero(network):
    assert min(np.abs(Z).min() for Z in network.Z) > 1.5e-3


def test_no_gradient_entry_near_zero(network):
    assert sum(array.size for array in network.gradient) == 121
    for array in network.gradient:
        assert np.abs(array).min() >= 0.01 * np.abs(array).max()


def test_masks_differ(network):
    masks = [Z > 0 for Z in network.Z]
    for one, other in ((0, 1), (0, 2), (1, 2)):
        assert (masks[one] != masks[other]).mean() > 0.25


PARTS = [f"D{kind}{layer}" for kind in "WB" for layer in (1, 2, 3, 4)]
VISIBLE = {
    *("missing-factor-two", "sum-instead-of-mean", "wrong-sign", "mean-twice", "missing-relu-mask"),
    *("wrong-relu-mask", "activation-instead-of-derivative", "weights-not-transposed"),
}


def by_hand(network, exercise1):
    """The gradients of a backward pass that is written by hand, and shares nothing with the grader's."""
    between = [array for pair in zip(network.Z, network.A[1:], strict=True) for array in pair]
    DW, DB = exercise1(network.W, network.B, network.X, *between, network.Y, network.T)
    return dict(zip(PARTS, [*DW, *DB], strict=True))


def test_the_backward_pass_by_hand_is_right(network):
    for result, expected in zip(
        by_hand(network, BACKWARD.function()).values(), network.gradient, strict=True
    ):
        np.testing.assert_allclose(result, expected, rtol=1e-9)


@pytest.mark.parametrize("mutant", [m for m in BACKWARD.single() if m.faults[0][0] in VISIBLE], ids=str)
def test_a_mistake_changes_every_gradient_that_it_touches(network, mutant):
    ((_, where),) = mutant.faults
    layer = "4" if where == "DY" else where[-1]
    touched = {where} if where in PARTS else {part for part in PARTS if part[-1] <= layer}
    right, wrong = by_hand(network, BACKWARD.function()), by_hand(network, mutant.function)
    for part in PARTS:
        change = np.abs(wrong[part] - right[part]).max() / np.abs(right[part]).max()
        assert change > 0.05 if part in touched else change < 1e-9, part


@pytest.mark.parametrize("name", FIGURES)
def test_a_png_is_small_and_opaque(name):
    content = (FILES / name).read_bytes()
    assert len(content) < 90_000
    with Image.open(BytesIO(content)) as picture:
        assert picture.width == 820
        assert picture.mode == "P"
        assert "transparency" not in picture.info
        assert picture.convert("RGB").getpixel((0, 0)) == (255, 255, 255)


def test_the_svg_has_a_white_ground_and_no_date():
    text = (FILES / "net.svg").read_text(encoding="utf-8")
    assert "<title>" in text
    assert "date" not in text
    assert not re.search(r"Matplotlib v\d", text)
    assert "fill: #ffffff" in text
