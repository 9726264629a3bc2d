"""An assignment costs its text and at most 110 lines."""

from autograder import assignments
from tests import readme

MOST = 110
BESIDE = {"notebook.py", "figure.py", "chain.py", "drawing.py", "make_files.py"}  # text, figures, data


def lines(folder):
    return {
        path.name: len(path.read_text(encoding="utf-8").splitlines())
        for path in sorted(folder.glob("*.py"))
        if path.name not in BESIDE
    }


def test_each_declaration_is_small_and_the_docs_count_it():
    rows = ["| assignment | lines of its declaration |", "| --- | ---: |"]
    for name, folder in assignments.folders().items():
        count = sum(lines(folder).values())
        assert count <= MOST, name
        if name in readme.quoted("sizes"):
            rows.append(f"| {name} | {count} |")
    assert len(rows) >= 2 + 3
    readme.compare("sizes", "\n".join(rows))
