"""Patch other people's libraries in this one place, each patch guarded by the versions it was made for.

With any other version a patch is skipped, and the library works as it is: slower, but not wrong.
"""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable
from importlib.metadata import version
from typing import Any, TypeAlias

from nbgrader import api, dbutil

Change: TypeAlias = tuple[str, str, Callable[[], None]]
"""The distribution, the versions (how they begin), and what is patched."""


@functools.cache
def apply(*changes: Change) -> None:
    """Apply the patches in this process, once."""
    for distribution, known, change in changes:
        installed = version(distribution)
        if installed.split(".")[: known.count(".") + 1] == known.split("."):
            change()
        else:
            _LOG.info(
                "%s %s is not changed by %s: that was made for %s", distribution, installed, change, known
            )


def _share_engines() -> None:
    """Have nbgrader use one database engine per address, and create its tables only once.

    `Gradebook.__init__` makes a new engine each time, and nbgrader opens its gradebook nine times per
    submission. For a new engine SQLAlchemy compiles every query again, and `create_all` checks every table:
    together more than half of what the gradebook costs. Closing a gradebook still disposes of the engine's
    connections: https://github.com/jupyter/nbgrader/pull/561.
    """
    api.create_engine = functools.cache(api.create_engine)
    create_all = api.Base.metadata.create_all

    @functools.cache
    def create_all_once(bind: Any) -> None:  # noqa: ANN401  SQLAlchemy's
        create_all(bind=bind)

    api.Base.metadata.create_all = create_all_once


def _read_schema_version_here() -> None:
    """Have nbgrader find out in this process which version of its tables a new gradebook has.

    For that it starts `alembic heads`, by its name on the PATH, and that process first imports all of
    nbgrader: most of the time that a new gradebook takes. The answer is in nbgrader's own files.
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
