"""Distinguish what goes wrong with one submission from what goes wrong with the whole run.

Whatever somebody hands in affects their own submission and no other: each step for one submission runs in
`isolate_submission`. A full disk, a read-only course, or a gradebook or sandbox that is gone is no
submission's fault; these end the run.
"""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Iterator
from pathlib import Path

from autograder.parallel import cluster, process_pool
from autograder.plain_text import in_one_line
from autograder.sandbox.client.fork_server import NoForkServer
from autograder.submissions.notebook import UnreadableNotebook

LONGEST_REASON = 500  # letters


class CourseError(Exception):
    """nbgrader could not do its part; the message is a sentence for people."""


class GradebookError(Exception):
    """The gradebook cannot be opened or written; the message is a sentence for people."""


class EntryRefused(GradebookError):
    """The database works, but does not accept this entry."""


class CannotGrade(Exception):
    """One submission cannot be graded; the message is a sentence for people."""


ERRNOS_OF_THE_RUN = frozenset(
    {
        *(errno.ENOSPC, errno.EROFS, errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.ESTALE),
        getattr(errno, "EDQUOT", errno.ENOSPC),  # Windows has no quotas of this name
    }
)
"""Errors that the operating system would raise for anybody, whatever was handed in."""
ERRORS_OF_THE_RUN = (GradebookError, NoForkServer, process_pool.CannotStart, cluster.NoCluster)


@contextlib.contextmanager
def isolate_submission(what: str, folder: Path | None = None) -> Iterator[None]:
    """Turn whatever goes wrong with one submission into a sentence; let through what ends the run.

    Parameters
    ----------
    what : what could not be done, as the beginning of the sentence: "The submission could not be read".
    folder : the run's own folder that is written to; if it is not writable, the run ends.

    Raises
    ------
    CannotGrade
        Something went wrong with this submission.
    """
    try:
        yield
    except (UnreadableNotebook, EntryRefused) as reason:
        raise CannotGrade(str(reason)) from None
    except ERRORS_OF_THE_RUN:
        raise
    except OSError as error:
        locked = isinstance(error, PermissionError) and folder is not None and not os.access(folder, os.W_OK)
        if error.errno in ERRNOS_OF_THE_RUN or locked:
            raise
        where = f" ({in_one_line(str(error.filename))})" if error.filename else ""
        raise CannotGrade(f"{what}: {error.strerror or error}{where}.") from None
    except Exception as error:
        message = in_one_line(str(error), LONGEST_REASON)
        raise CannotGrade(f"{what}: {type(error).__name__}: {message}") from None
