"""Compare an array with the true one: how they differ, in a sentence and in a few words below a heat map."""

import numpy
from numpy.typing import NDArray

from utils.pictures.answer_structure import Entry
from utils.pictures.numbers import Floats, written

AGREE = 1e-4  # of the largest true entry; less than this is rounding, or the true one's own error
DIFFERENCE = 2  # the last of the panels


class Compared:
    """Hold one array of a gradient, given and true."""

    def __init__(self, entry: Entry, true: Floats, size: int = 0) -> None:
        """Compare an array with the true one.

        size : the number N of data points of both; 0 if it is not known.
        """
        self.name, self.shape, self.complaint = entry.name, true.shape, entry.complaint
        given = entry.values
        self.panels = (given, true, None if given is None else given - true)
        self.scale = max(_largest(panel) for panel in self.panels if panel is not None) or 1.0
        """The largest entry of the three, so that none of them is cut off."""
        self._unit = _largest(true) or 1.0
        difference = self.panels[DIFFERENCE]
        self._off = 0.0 if difference is None else _largest(difference) / self._unit
        self.agrees = not self.complaint and self._off <= AGREE
        self._times, self._lines, self._of_zeros = "", "", False
        if given is not None and not self.complaint and not self.agrees:
            self._times = self._factor(given, true, size)
            self._lines, self._of_zeros = self._where(given - true, true)

    @property
    def farthest(self) -> int | None:
        """Return where the largest difference is, counted row by row; None if there is nothing to report."""
        difference = self.panels[DIFFERENCE]
        if difference is None or self.complaint or self.agrees:
            return None
        return int(numpy.abs(difference).argmax())

    @property
    def verdict(self) -> str:
        """Describe in a sentence or two how the two differ."""
        if self.complaint:
            return self.complaint
        if self.agrees:
            return f"{self.name} agrees."
        if self._times:
            return f"{self.name} is {self._times} the true one{self._everywhere}."
        index = [int(i) for i in numpy.unravel_index(self.farthest or 0, self.shape)]
        most = f"{self.name} differs most at {index}, by {_share(self._off)} of the largest true entry."
        if not self._lines:
            return most
        return f"{most} It differs in {self._lines} alone{', of units that are off' * self._of_zeros}."

    @property
    def short(self) -> str:
        """Return the verdict as it is below the heat maps, in one line or two."""
        if self.complaint:
            return f"{self.name}: ×"
        if self.agrees:
            return f"{self.name}: ✓"
        if self._times:
            return f"{self.name}: {self._times}{self._everywhere.replace(' ', chr(10))}"
        return f"{self.name}: {self._lines or _share(self._off)}" + ":\nunits that are off" * self._of_zeros

    @property
    def _everywhere(self) -> str:
        return " everywhere" if numpy.prod(self.shape) > 1 else ""

    def _factor(self, given: Floats, true: Floats, size: int) -> str:
        """Name the number that the true array was multiplied by; an empty text if there is none."""
        with numpy.errstate(all="ignore"):
            factor = float(numpy.vdot(given, true) / numpy.vdot(true, true))
            rest = _largest(given - factor * true)
        if not rest <= AGREE * self._unit * max(1.0, abs(factor)):
            return ""
        for amount, name in ((size, "N"), (1 / size if size else 0, "1/N")):
            if size > 1 and abs(factor - amount) <= AGREE * amount:
                return f"{name} times"
        return f"{written(factor)} times" if written(factor) != "1" else ""

    def _where(self, difference: Floats, true: Floats) -> tuple[str, bool]:
        """Name the columns or rows that contain all differences, and say whether the true ones are 0."""
        rows, columns = matrix(self.shape)
        wrong = (numpy.abs(difference) > AGREE * self._unit).reshape(rows, columns)
        across, down = numpy.flatnonzero(wrong.any(axis=0)), numpy.flatnonzero(wrong.any(axis=1))
        if len(across) < columns and (len(down) > 1 or (rows == 1 and len(across) > 1)):
            zeros = not true.reshape(rows, columns)[:, across].any()
            return _named(("column", "columns") if rows > 1 else ("entry", "entries"), across), zeros
        if len(down) < rows and len(across) > 1:
            return _named(("row", "rows"), down), False
        return "", False


def matrix(shape: tuple[int, ...]) -> tuple[int, int]:
    """Return rows and columns of a picture of an array: a vector is one row."""
    return (int(shape[0]), int(numpy.prod(shape[1:]))) if len(shape) > 1 else (1, int(numpy.prod(shape)))


def _largest(values: Floats) -> float:
    return float(numpy.abs(values[numpy.isfinite(values)]).max(initial=0.0))


def _named(words: tuple[str, str], numbers: NDArray[numpy.intp]) -> str:
    return f"{words[len(numbers) > 1]} {', '.join(str(number) for number in numbers)}"


def _share(part: float) -> str:
    return f"{part:.2g} times" if part >= 10 else f"{part:.2%}" if part < 0.01 else f"{part:.0%}"
