"""One database engine for all the gradebooks that nbgrader opens.

nbgrader opens its gradebook nine times a submission, each with an engine of its own. SQLAlchemy compiles
every query anew for a new engine, and looks for every table: more than half of what the gradebook costs.
"""

from __future__ import annotations

import functools
from typing import Any

from nbgrader import api


def remember() -> None:
    """Have nbgrader, in this process, use one engine for one address, and look for the tables in it once.

    Closing a gradebook still ends its connections.
    """
    if not hasattr(api.create_engine, "cache_info"):
        api.create_engine = functools.cache(api.create_engine)
        create_all = api.Base.metadata.create_all

        @functools.cache
        def once(bind: Any) -> None:  # noqa: ANN401  SQLAlchemy's
            create_all(bind=bind)

        api.Base.metadata.create_all = once
