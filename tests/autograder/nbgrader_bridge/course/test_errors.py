"""What goes wrong with one submission is a row in the log; what goes wrong with the run ends it."""

import errno

import pytest

from autograder.nbgrader_bridge.course.errors import (
    CannotGrade,
    EntryRefused,
    GradebookError,
    isolate_submission,
)
from autograder.parallel.process_pool import CannotStart
from autograder.sandbox.client.fork_server import ForkServerGone, NoForkServer
from autograder.submissions.notebook import UnreadableNotebook

OWN = [
    *(OSError(n, "told", "a\nname") for n in (errno.ENAMETOOLONG, errno.EISDIR, errno.ENOTDIR, errno.ELOOP)),
    *(OSError(n, "told") for n in (errno.EACCES, errno.EPERM, errno.EIO, errno.EILSEQ, errno.EINVAL)),
    RecursionError("too deep"),
    MemoryError(),
    UnicodeEncodeError("utf-8", "\udcff", 0, 1, "surrogates not allowed"),
    UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid"),
    KeyError("cells"),
    AssertionError(),
    ValueError("\x1b[2J" + "x" * 100_000),
    UnreadableNotebook("The file is empty."),
    EntryRefused("does not take it"),
]
THE_RUNS = [
    *(OSError(n, "told") for n in (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EMFILE, errno.ENOMEM)),
    GradebookError("locked"),
    NoForkServer("gone"),
    ForkServerGone("gone"),
    CannotStart("no"),
    KeyboardInterrupt(),
    SystemExit(1),
    GeneratorExit(),
]


@pytest.mark.parametrize("error", OWN, ids=repr)
def test_a_submissions_own_trouble_is_one_short_line(error):
    with pytest.raises(CannotGrade) as message, isolate_submission("It could not be read"):
        raise error
    text = str(message.value)
    assert text.startswith("It could not be read: ") or isinstance(error, UnreadableNotebook | EntryRefused)
    assert text.isprintable()
    assert len(text) < 700


@pytest.mark.parametrize("error", THE_RUNS, ids=repr)
def test_the_runs_own_trouble_goes_through_as_it_is(error):
    with pytest.raises(type(error)) as message, isolate_submission("It could not be read"):
        raise error
    assert message.value is error


def test_a_folder_that_nobody_may_write_to_is_the_runs_and_another_is_not(tmp_path, monkeypatch):
    def refuse():
        raise PermissionError(errno.EACCES, "Permission denied", str(tmp_path))

    with pytest.raises(CannotGrade, match="Permission denied"), isolate_submission("x", tmp_path):
        refuse()
    monkeypatch.setattr("os.access", lambda path, mode: False)  # root may write wherever it likes
    with pytest.raises(PermissionError), isolate_submission("x", tmp_path):
        refuse()
