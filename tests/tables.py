"""Run the body of a test for every case of a table: one test, which names each case that fails.

pytest takes milliseconds for a parameter, and longer to send it to another process than many a body takes.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import Any, TypeVar

import pytest

T = TypeVar("T")


def each(cases: Iterable[Any], name: Callable[[Any], str] = str) -> Callable[[Callable[..., None]], Any]:
    """Make one test of a function of a case; a tuple is its arguments.

    name : what a case is called when it fails.
    """
    table = list(cases)

    def decorated(test: Callable[..., None]) -> Callable[[], None]:
        def run() -> None:
            failed = []
            for case in table:
                try:
                    test(*case) if isinstance(case, tuple) else test(case)
                except Exception as error:
                    error.add_note(f"case: {name(case)}")
                    failed.append(error)
            if failed:
                raise ExceptionGroup(f"{len(failed)} of {len(table)} cases", failed)

        run.__name__, run.__doc__, run.__module__ = test.__name__, test.__doc__, test.__module__
        return run

    return decorated


def thorough(*values: Any) -> Any:
    """Give a parameter that `make thorough` takes: one that costs much and shows what another shows, too."""
    return pytest.param(*values, marks=pytest.mark.thorough)


def first_every_day(cases: Iterable[Any]) -> list[Any]:
    """Give parameters of which `make test` takes the first alone: what holds for one mostly holds for all."""
    first, *others = cases
    return [first, *map(thorough, others)]


def every_day_if(holds: Callable[[T], bool], cases: Iterable[T]) -> list[Any]:
    """Give parameters of which `make test` takes those for which this holds, `make thorough` the others."""
    return [case if holds(case) else thorough(case) for case in cases]


def first_of_each_every_day(cases: Iterable[T], kind: Callable[[T], Hashable]) -> list[Any]:
    """Give parameters of which `make test` takes the first of each kind, and `make thorough` the others."""
    seen: set[Hashable] = set()
    result: list[Any] = []
    for case in cases:
        result.append(thorough(case) if kind(case) in seen else case)
        seen.add(kind(case))
    return result
