"""Somebody who writes an assignment, and changes it."""

from autograder import assignments, new
from autograder.lint.checks import lint
from autograder.lint.remark import Level

NAME = "a-layer"


class Author:
    """Somebody who changes what `autograder new` wrote."""

    def __init__(self, folder):
        new.write(NAME, folder)
        self.folder = folder / "a_layer"
        self.name = NAME

    def changes(self, file, *changes):
        path = self.folder / file
        text = path.read_text(encoding="utf-8")
        for old, given in changes:
            assert old in text
            text = text.replace(old, given, 1)
        path.write_text(text, encoding="utf-8")

    def line(self, file, text):
        """The number of the first line with a text in it."""
        lines = (self.folder / file).read_text(encoding="utf-8").splitlines()
        return next(n for n, line in enumerate(lines, start=1) if text in line)

    def is_reported(self, **options):
        assignments.search(self.folder)
        return list(lint(NAME, **options))

    def errors(self):
        """What a build would refuse."""
        return [remark for remark in self.is_reported(thorough=False) if remark.level is Level.ERROR]

    def is_reported_once(self, file, text):
        """The one error, which is at the line of a file with a text in it."""
        (error,) = self.errors()
        assert error.file == self.folder / file
        assert error.line == self.line(file, text)
        assert str(error).startswith(f"{error.file}:{error.line}: error: ")
        return error.sentence
