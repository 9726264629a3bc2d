"""Workers to look around in; a layer that is missing on this machine is reported where it matters."""

import os

import pytest

from autograder.sandbox.client.host import Worker
from autograder.sandbox.protocol.limits import Limits

UNHURRIED = Limits(cell=20.0, call=20.0)


@pytest.fixture(scope="session")
def missing_layers(fork_server):
    """Layers that are missing on this machine, and why."""
    with Worker(fork_server) as worker:
        return worker.missing_layers


@pytest.fixture
def worker(fork_server):
    with Worker(fork_server, UNHURRIED) as started:
        assert started.run("import os, signal, sys, time").error is None
        yield started


@pytest.fixture
def needs(missing_layers):
    """Leave a test out, with the reason, on a machine on which the layer it is about is missing."""

    def unless_missing(layer):
        if layer in missing_layers:
            assert "CI" not in os.environ, "here this test may not be left out"
            pytest.skip(f"the layer {layer} is missing here: {missing_layers[layer]}")

    return unless_missing
