"""The arrays that the notebook loads, and damaged files."""

import shutil
from pathlib import Path

import numpy
import pytest

import utils
from utils import data

FILES = Path(data.__file__).parent.parent / "files"


@pytest.fixture(params=["beside", "inside"])
def files(request, tmp_path, monkeypatch):
    """A copy of files/ that may be damaged: beside the package, or in it as in a wheel."""
    package = tmp_path / "utils"
    copy = tmp_path / "files" if request.param == "beside" else package / "files"
    shutil.copytree(FILES, copy)
    monkeypatch.setattr(data, "__file__", str(package / "data.py"))
    return copy


def test_shapes_and_dtypes():
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


def test_every_call_gives_new_arrays():
    first = [*utils.getdata(), *(array for arrays in utils.getparams() for array in arrays)]
    kept = [array.copy() for array in first]
    for array in first:
        array += 1
    second = [*utils.getdata(), *(array for arrays in utils.getparams() for array in arrays)]
    for array, expected in zip(second, kept, strict=True):
        numpy.testing.assert_array_equal(array, expected)


def test_reads_the_files_where_they_lie(files):
    assert data.course_files() == files
    X, _ = utils.getdata()
    with numpy.load(files / "data.npz") as archive:
        numpy.testing.assert_array_equal(X, archive["X"])


def altered(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def emptied(path):
    path.write_text("")


@pytest.mark.parametrize(
    ("damage", "name", "load", "words"),
    [
        (Path.unlink, "data.npz", utils.getdata, "is missing"),
        (Path.unlink, "params.npz", utils.getparams, "is missing"),
        (Path.unlink, "SHA256SUMS", utils.getdata, "SHA256SUMS is missing"),
        (altered, "data.npz", utils.getdata, "is not the one that the course came with"),
        (altered, "params.npz", utils.getparams, "is not the one that the course came with"),
        (emptied, "SHA256SUMS", utils.getdata, "SHA256SUMS was altered: it lists no sum for data"),
        (shutil.rmtree, ".", utils.getdata, "files/ folder is missing"),
    ],
)
def test_what_is_missing_or_altered_is_named_with_what_to_do(files, damage, name, load, words):
    damage(files / name)
    with pytest.raises(utils.DataError, match=words) as caught:
        load()
    assert str(files / name) in str(caught.value)
    assert "Get a fresh copy of the course's files/ folder" in str(caught.value)


def test_line_ends_of_the_list_do_not_matter(files):
    sums = (files / "SHA256SUMS").read_bytes()
    (files / "SHA256SUMS").write_bytes(sums.replace(b"\n", b"\r\n"))
    utils.getdata()


def test_the_error_is_a_runtime_error():
    assert issubclass(data.DataError, RuntimeError)
