"""List the drivers by the names that declarations use."""

from __future__ import annotations

from collections.abc import Mapping

from autograder.calling.drivers.call import call
from autograder.calling.drivers.differentiate import differentiate
from autograder.calling.drivers.driver import Driver
from autograder.calling.drivers.for_each import for_each
from autograder.calling.drivers.iterate import iterate
from autograder.calling.drivers.run_graph import run_graph

DRIVERS: Mapping[str, Driver] = {
    "call": call,
    "differentiate": differentiate,
    "for_each": for_each,
    "iterate": iterate,
    "run_graph": run_graph,
}
