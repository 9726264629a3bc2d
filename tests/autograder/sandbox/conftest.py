"""Boxes to look around in; and what a machine lacks is said where it matters."""

import os

import pytest

from autograder.sandbox.client.host import Worker
from autograder.sandbox.protocol.limits import Limits

UNHURRIED = Limits(cell=20.0, call=20.0)


@pytest.fixture(scope="session")
def lacks(nursery):
    """Layers that this machine lacks, and why."""
    with Worker(nursery) as worker:
        return worker.lacks


@pytest.fixture
def worker(nursery):
    with Worker(nursery, UNHURRIED) as started:
        assert started.run("import os, signal, sys, time").error is None
        yield started


@pytest.fixture
def needs(lacks):
    """Leave a test out, with the reason, on a machine that lacks the layer it is about."""

    def unless_missing(layer):
        if layer in lacks:
            assert "CI" not in os.environ, "here this test may not be left out"
            pytest.skip(f"this machine lacks the layer {layer}: {lacks[layer]}")

    return unless_missing
