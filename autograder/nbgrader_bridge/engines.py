"""One database engine for all the gradebooks that nbgrader opens.

nbgrader opens its gradebook nine times a submission, each with an engine of its own, and SQLAlchemy compiles
every query anew for a new engine: more than half of what the gradebook costs.
"""

from __future__ import annotations

import functools

from nbgrader import api


def remember() -> None:
    """Have nbgrader, in this process, use one engine for one address; closing still ends its connections."""
    if not hasattr(api.create_engine, "cache_info"):
        api.create_engine = functools.cache(api.create_engine)
