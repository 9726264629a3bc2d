"""docs/operations.md shows every operation; run as a module, this file writes its table."""

from pathlib import Path

from autograder.operations.table import OPERATIONS
from tests.autograder.operations.samples import SAMPLES

PAGE = Path(__file__).parents[3] / "docs" / "operations.md"
START = "| in the text | on the sheet |\n|---|---|\n"


def rows():
    """Each operation by its first sample, and softmax and its like once more with a mask."""
    for name, operation in OPERATIONS.items():
        own = [sample for sample in SAMPLES if sample.operation == name]
        masked = [sample for sample in own if "where=" in sample.line]
        for sample in [own[0], *masked[: bool(operation.masked)]]:
            text = sample.line.splitlines()[-1].removeprefix("V = ")
            formula = sample.forward.formula("V").removeprefix("V = ").replace("|", "\\|")
            yield f"| `{text}` | {formula} |\n"


def page():
    before, start, _ = PAGE.read_text(encoding="utf-8").partition(START)
    return before + start + "".join(rows())


def test_the_page_shows_every_operation():
    assert PAGE.read_text(encoding="utf-8") == page()


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
