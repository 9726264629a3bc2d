"""Change other people's libraries in this one place, each change guarded by the versions it was made for.

With any other version a change is not made, and the library works as it is: slower, but not wrong.
"""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable
from importlib.metadata import version
from typing import Any, TypeAlias

from nbgrader import api, dbutil

Change: TypeAlias = tuple[str, str, Callable[[], None]]
"""Of which distribution, in which versions (how they begin), what is changed."""


@functools.cache
def apply(*changes: Change) -> None:
    """Make changes in this process, once."""
    for distribution, known, change in changes:
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


def _read_schema_version_here() -> None:
    """Have nbgrader read in this process which version of its tables a new gradebook has.

    It starts `alembic heads` for that, by its name on the PATH, and that process imports all of nbgrader
    first: most of the time that a new gradebook takes. The answer stands in nbgrader's own files.
    """

    @functools.cache
    def schema_version() -> str:
        from alembic.script import ScriptDirectory  # only a new gradebook asks

        (newest,) = ScriptDirectory(dbutil.ALEMBIC_DIR).get_heads()
        return newest

    api.get_alembic_version = schema_version


SHARED_ENGINES: Change = ("nbgrader", "0.9", _share_engines)
"""For a process that opens one gradebook over and over."""
SCHEMA_VERSION: Change = ("nbgrader", "0.9", _read_schema_version_here)
"""For a process that may make a gradebook."""

_LOG = logging.getLogger(__name__)
