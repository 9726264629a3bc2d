"""Each layer holds without the others; where one is missing, it is told, and nothing is weakened silently."""

import os
import sys

import pytest

from autograder.sandbox.client import doctor
from autograder.sandbox.client.fork_server import ForkServer
from autograder.sandbox.client.host import Worker
from autograder.sandbox.isolation.layers import PROTECTS, Layer
from tests.autograder import refusing
from tests.autograder.sandbox.inside import ask
from tests.process import python
from tests.tables import first_every_day


@pytest.fixture(scope="module", params=first_every_day(Layer))
def without(request, missing_layers, tmp_path_factory):
    """A fork server for which the kernel refuses what one layer needs."""
    if Layer.SYSTEM_CALLS in missing_layers:
        assert "CI" not in os.environ, "here this test may not be left out"
        pytest.skip("this machine has no seccomp to refuse anything with")
    program = refusing.interpreter(request.param, tmp_path_factory.mktemp("refusing"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "executable", str(program))
        with ForkServer() as started:
            yield request.param, started


def test_a_missing_layer_is_reported_before_anything_runs_and_the_others_hold(without, missing_layers):
    layer, fork_server = without
    with Worker(fork_server) as worker:
        assert set(worker.missing_layers) == {layer, *missing_layers}
        assert worker.missing_layers[layer]
        assert ask(worker, "1.0") == 1.0, "and submissions still run"
    assert set(fork_server.missing_layers) == {layer, *missing_layers}, "asked once for all workers"


def test_the_doctor_finds_that_layer_missing_and_says_what_is_lost(without, missing_layers):
    layer, fork_server = without
    result = {finding.layer: finding for finding in doctor.check_layers(fork_server)}
    assert list(result) == list(Layer)
    assert {name for name, finding in result.items() if not finding.holds} == {layer, *missing_layers}
    assert PROTECTS[layer] in result[layer].why
    assert "Without it" in result[layer].why


@pytest.mark.parametrize("without", [Layer.NAMESPACES], indirect=True)
def test_without_a_disk_of_its_own_a_submission_still_writes_nowhere_but_in_its_folder(without):
    _, fork_server = without
    with Worker(fork_server) as worker:
        assert worker.run("open('inside', 'w').close()").error is None
        assert "Permission" in str(worker.run("open('../outside', 'w')").error)


@pytest.mark.parametrize("layer", Layer)
def test_each_layer_says_what_it_protects_from(layer):
    assert PROTECTS[layer]
    assert doctor.ESCAPES[layer]


def test_a_library_that_is_not_installed_is_a_missing_layer(tmp_path):
    code = (
        "import sys; sys.modules['landlock'] = sys.modules['pyseccomp'] = None\n"
        "from pathlib import Path\nfrom autograder.sandbox.isolation.isolation import Isolation\n"
        "from autograder.sandbox.isolation.protected_pages import Pages\n"
        "isolation = Isolation(Path(sys.argv[1]), separate=False, protected=[Pages(0, 4096)])\n"
        "print(*sorted(isolation.missing_layers))"
    )
    assert python("-c", code, tmp_path).stdout.split() == ["files", "namespaces", "system-calls"]
