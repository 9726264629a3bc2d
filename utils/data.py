"""Load the data and the parameters that the exercises start from, from the folder `files/`."""

import codecs
import contextlib
import hashlib
import io
import os
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["DataError", "getdata", "getdigits", "getparams", "getzen"]

Array = NDArray[np.float64]
INK = 16  # of a pixel of the digits at most

SUMS = "SHA256SUMS"
REMEDY = (
    "Get a fresh copy of the course's files/ folder, put it beside the utils/ folder, "
    "and restart the notebook's kernel."
)


class DataError(RuntimeError):
    """A file of the course is missing, or is not the one that the course came with."""


def getdata() -> tuple[Array, Array]:
    """Return the inputs and the targets of a regression problem, one data point per row.

    Returns
    -------
    X : (N, 4) float64, the inputs
    T : (N, 1) float64, the targets

    The arrays are new at every call, so they may be changed freely.
    """
    arrays = _load("data.npz")
    return arrays["X"], arrays["T"]


def getparams() -> tuple[list[Array], list[Array]]:
    """Return the current parameters of the network 4-6-6-6-1, part of the way through training.

    Returns
    -------
    W : list of four float64 arrays of shapes (4, 6), (6, 6), (6, 6), (6, 1), the weights
    B : list of four float64 arrays of shapes (6,), (6,), (6,), (1,), the biases

    Lists and arrays are new at every call, so they may be changed freely.
    """
    arrays = _load("params.npz")
    layers = (1, 2, 3, 4)
    return [arrays[f"W{layer}"] for layer in layers], [arrays[f"B{layer}"] for layer in layers]


def getdigits() -> tuple[Array, NDArray[np.int64]]:
    """Return 1797 handwritten digits, one per row, and which digit each of them is.

    Returns
    -------
    X : (1797, 64) float64, the 8 × 8 pixels row by row, from 0 (paper) to 1 (ink)
    t : (1797,) int64, the classes 0 to 9

    The arrays are new at every call, so they may be changed freely. They are the test set of E. Alpaydin and
    C. Kaynak, Optical Recognition of Handwritten Digits, UCI Machine Learning Repository (1998), CC BY 4.0;
    `files/digits.txt` says more.
    """
    arrays = _load("digits.npz")
    return arrays["X"] / INK, arrays["t"].astype(np.int64)


def getzen() -> str:
    """Return the Zen of Python, by Tim Peters, which comes with Python: only its letters, in lower case.

    Returns
    -------
    677 characters, a to z: "thezenofpythonbytimpetersbeautifulisbetter…"
    """
    with contextlib.redirect_stdout(None):  # or its first import prints it
        import this
    return "".join(re.findall("[a-z]", codecs.decode(this.s, "rot13").lower()))


def _load(name: str) -> dict[str, Any]:
    folder = course_files()
    arrays = _checked(name, folder, *(_version(f"{folder}/{file}") for file in (name, SUMS)))
    return {key: array.copy() for key, array in arrays.items()}


def _version(file: str) -> tuple[int, int, int] | None:
    """Distinguish a file from what it is after a change; None if there is none."""
    try:
        status = os.stat(file)  # noqa: PTH116  notebooks ask for the arrays again and again
    except OSError:
        return None
    return status.st_ino, status.st_mtime_ns, status.st_size


@lru_cache(maxsize=4)
def _checked(name: str, folder: Path, *versions: object) -> dict[str, Any]:
    """Read a file of arrays, if it is the one the course came with; once, as long as it does not change."""
    del versions
    content = _read(folder / name)
    expected = _expected(folder / SUMS, name)
    digest = hashlib.sha256(content).hexdigest()
    if digest != expected:
        raise DataError(
            f"The file {folder / name} is not the one that the course came with: its SHA-256 sum "
            f"is {digest}, but {SUMS} beside it lists {expected}. {REMEDY}"
        )
    # Read from the bytes that were checked: the file itself may change in between.
    with np.load(io.BytesIO(content), allow_pickle=False) as archive:
        return {key: archive[key] for key in archive.files}


def course_files() -> Path:
    """Find `files/`: beside this package, as in the course's folder, or inside it, as when installed."""
    return _beside(__file__)


@lru_cache(maxsize=4)
def _beside(module: str) -> Path:
    package = Path(module).resolve().parent
    candidates = (package.parent / "files", package / "files")
    for folder in candidates:
        if folder.is_dir():
            return folder
    raise DataError(
        f"The course's files/ folder is missing: it was expected at {candidates[0]} or at "
        f"{candidates[1]}. {REMEDY}"
    )


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        why = "is missing" if isinstance(error, FileNotFoundError) else f"is unreadable ({error})"
        raise DataError(
            f"The file {file} {why}; it was expected in the course's files/ folder. {REMEDY}"
        ) from error


def _expected(sums: Path, name: str) -> str:
    """Look up the SHA-256 sum that the list `sums` gives for the file `name`."""
    for line in _read(sums).decode("utf-8", errors="replace").splitlines():
        digest, _, listed = line.partition("  ")
        if listed == name:
            return digest
    raise DataError(f"The file {sums} was altered: it lists no sum for {name}. {REMEDY}")
