"""Change other people's libraries in this one place, each change guarded by the versions it was made for.

With any other version a change is not made, and the library works as it is: slower, but not wrong.
"""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable
from importlib.metadata import version
from typing import Any

from nbgrader import api


@functools.cache
def apply() -> None:
    """Make all changes in this process, once."""
    for distribution, known, change in CHANGES:
        installed = version(distribution)
        if installed.split(".")[: known.count(".") + 1] == known.split("."):
            change()
        else:
            _LOG.info(
                "%s %s is not changed by %s: that was made for %s", distribution, installed, change, known
            )


def _share_engines() -> None:
    """Have nbgrader use one database engine for one address, and create the tables in it once.

    `Gradebook.__init__` makes an engine each time, and nbgrader opens its gradebook nine times a submission.
    SQLAlchemy compiles every query anew for a new engine, and `create_all` looks for every table: together
    more than half of what the gradebook costs. Closing a gradebook still disposes of the engine's
    connections: https://github.com/jupyter/nbgrader/pull/561.
    """
    api.create_engine = functools.cache(api.create_engine)
    create_all = api.Base.metadata.create_all

    @functools.cache
    def create_all_once(bind: Any) -> None:  # noqa: ANN401  SQLAlchemy's
        create_all(bind=bind)

    api.Base.metadata.create_all = create_all_once


CHANGES: tuple[tuple[str, str, Callable[[], None]], ...] = (("nbgrader", "0.9", _share_engines),)
"""Of which distribution, in which versions (how they begin), what is changed."""

_LOG = logging.getLogger(__name__)
