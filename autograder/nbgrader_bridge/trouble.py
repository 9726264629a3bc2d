"""What goes wrong with one submission, told from what goes wrong with the run: the one place that decides.

Whatever somebody hands in, it costs their own submission and no other: each step for one submission runs in
`of_one_submission`. A full disk, a course that may not be written to, a gradebook or a sandbox that is gone
are nobody's submission; they end the run.
"""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Iterator
from pathlib import Path

from autograder import cluster, process_pool
from autograder.nbgrader_bridge.ledger import EntryRefused, LedgerError
from autograder.notebook import UnreadableNotebook
from autograder.plain_text import in_one_line
from autograder.sandbox.client.fork_server import NoForkServer

ENDS_A_RUN = frozenset(
    {
        *(errno.ENOSPC, errno.EROFS, errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.ESTALE),
        getattr(errno, "EDQUOT", errno.ENOSPC),  # Windows has no quotas of this name
    }
)
"""Numbers of what an operating system refuses to anybody, and not because of what was handed in."""
THE_RUNS = (LedgerError, NoForkServer, process_pool.CannotStart, cluster.NoCluster)
LONGEST = 500  # letters of a reason


class CannotGrade(Exception):
    """One submission cannot be graded; the message is a sentence for people."""


@contextlib.contextmanager
def of_one_submission(what: str, folder: Path | None = None) -> Iterator[None]:
    """Turn whatever goes wrong with one submission into a sentence; let through what ends the run.

    what : what could not be done, as the sentence begins: "The submission could not be read".
    folder : the run's own, which is written to; where nobody may, that is not the submission's doing.

    Raises
    ------
    CannotGrade
        Something went wrong with this submission.
    """
    try:
        yield
    except (UnreadableNotebook, EntryRefused) as reason:
        raise CannotGrade(str(reason)) from None
    except THE_RUNS:
        raise
    except OSError as error:
        locked = isinstance(error, PermissionError) and folder is not None and not os.access(folder, os.W_OK)
        if error.errno in ENDS_A_RUN or locked:
            raise
        where = f" ({in_one_line(str(error.filename))})" if error.filename else ""
        raise CannotGrade(f"{what}: {error.strerror or error}{where}.") from None
    except Exception as error:
        raise CannotGrade(f"{what}: {type(error).__name__}: {in_one_line(str(error), LONGEST)}") from None
