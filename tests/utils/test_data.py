"""The arrays that the notebook loads, the numbers that the sheet prints, and damaged files."""

import shutil
from pathlib import Path

import numpy
import pytest
import torch

import utils
from utils import data

FILES = Path(data.__file__).parent.parent / "files"


@pytest.fixture(params=["beside", "inside"])
def files(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of files/ that may be damaged: beside the package, or in it as in a wheel."""
    package = tmp_path / "utils"
    copy = tmp_path / "files" if request.param == "beside" else package / "files"
    shutil.copytree(FILES, copy)
    monkeypatch.setattr(data, "__file__", str(package / "data.py"))
    return copy


def gradient(dtype: torch.dtype) -> torch.Tensor:
    """The gradient with respect to W1, all of it computed in `dtype`."""
    X, T = (torch.tensor(array, dtype=dtype) for array in utils.getdata())
    W, B = (
        [torch.nn.Parameter(torch.tensor(array, dtype=dtype)) for array in arrays]
        for arrays in utils.getparams()
    )
    A = X
    for weights, biases in zip(W[:3], B[:3], strict=True):
        A = torch.relu(A @ weights + biases)
    Y = A @ W[3] + B[3]
    (DW1,) = torch.autograd.grad(((Y - T) ** 2).mean(), W[:1])
    return DW1


@pytest.mark.parametrize(
    ("dtype", "digits"), [(torch.float64, "1.542282152339245"), (torch.float32, "1.5422822")]
)
def test_the_sheets_digits(dtype: torch.dtype, digits: str) -> None:
    assert str(numpy.linalg.norm(gradient(dtype)[0, 0])) == digits


def test_shapes_and_dtypes() -> None:
    X, T = utils.getdata()
    W, B = utils.getparams()
    assert (type(W), type(B)) == (list, list)
    assert (X.shape, T.shape) == ((len(X), 4), (len(X), 1))
    assert len(X) not in (1, 4, 6)
    assert [array.shape for array in W] == [(4, 6), (6, 6), (6, 6), (6, 1)]
    assert [array.shape for array in B] == [(6,), (6,), (6,), (1,)]
    for array in (X, T, *W, *B):
        assert type(array) is numpy.ndarray
        assert array.dtype == "float64"
        assert array.flags.writeable
        assert array.flags.c_contiguous


def test_every_call_gives_new_arrays() -> None:
    first = [*utils.getdata(), *(array for arrays in utils.getparams() for array in arrays)]
    kept = [array.copy() for array in first]
    for array in first:
        array += 1
    second = [*utils.getdata(), *(array for arrays in utils.getparams() for array in arrays)]
    for array, expected in zip(second, kept, strict=True):
        numpy.testing.assert_array_equal(array, expected)


def test_reads_the_files_where_they_lie(files: Path) -> None:
    assert data.course_files() == files
    X, _ = utils.getdata()
    with numpy.load(files / "data.npz") as archive:
        numpy.testing.assert_array_equal(X, archive["X"])


@pytest.mark.parametrize("name", ["data.npz", "params.npz"])
def test_a_missing_file_is_named(files: Path, name: str) -> None:
    (files / name).unlink()
    with pytest.raises(utils.DataError, match="is missing") as caught:
        utils.getdata() if name == "data.npz" else utils.getparams()
    assert str(files / name) in str(caught.value)
    assert "Get a fresh copy of the course's files/ folder" in str(caught.value)


@pytest.mark.parametrize("name", ["data.npz", "params.npz"])
def test_an_altered_file_is_named(files: Path, name: str) -> None:
    content = bytearray((files / name).read_bytes())
    content[len(content) // 2] ^= 1
    (files / name).write_bytes(content)
    with pytest.raises(utils.DataError, match="is not the one that the course came with") as caught:
        utils.getdata() if name == "data.npz" else utils.getparams()
    assert str(files / name) in str(caught.value)
    assert "Get a fresh copy of the course's files/ folder" in str(caught.value)


def test_a_missing_list_of_sums_is_named(files: Path) -> None:
    (files / "SHA256SUMS").unlink()
    with pytest.raises(utils.DataError, match="SHA256SUMS is missing"):
        utils.getdata()


def test_a_list_without_the_file_is_named(files: Path) -> None:
    (files / "SHA256SUMS").write_text("")
    with pytest.raises(utils.DataError, match="SHA256SUMS was altered: it lists no sum for data"):
        utils.getdata()


def test_line_ends_of_the_list_do_not_matter(files: Path) -> None:
    sums = (files / "SHA256SUMS").read_bytes()
    (files / "SHA256SUMS").write_bytes(sums.replace(b"\n", b"\r\n"))
    utils.getdata()


def test_a_missing_folder_is_named(files: Path) -> None:
    shutil.rmtree(files)
    with pytest.raises(utils.DataError, match="files/ folder is missing") as caught:
        utils.getdata()
    assert str(files) in str(caught.value)


def test_the_error_is_a_runtime_error() -> None:
    assert issubclass(data.DataError, RuntimeError)
