"""The drivers by name, as a declaration chooses them."""

from __future__ import annotations

from collections.abc import Mapping

from autograder.drivers.call import call
from autograder.drivers.differentiate import differentiate
from autograder.drivers.driver import Driver
from autograder.drivers.for_each import for_each
from autograder.drivers.iterate import iterate
from autograder.drivers.run_graph import run_graph

DRIVERS: Mapping[str, Driver] = {
    "call": call,
    "differentiate": differentiate,
    "for_each": for_each,
    "iterate": iterate,
    "run_graph": run_graph,
}
