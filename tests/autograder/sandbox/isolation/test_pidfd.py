"""Handles of processes, with Python's names for these calls and without."""

import os
import select
import signal
import subprocess

import pytest

from autograder.sandbox.isolation import pidfd


@pytest.fixture(params=["with Python's names", "without"])
def names(request, monkeypatch):
    if request.param == "without":
        monkeypatch.delattr(os, "pidfd_open")
        monkeypatch.delattr(signal, "pidfd_send_signal")


def test_a_process_is_ended_by_its_handle_and_by_no_other(names):
    with subprocess.Popen(["sleep", "60"]) as process:
        handle = pidfd.open_handle(process.pid)
        assert select.select([handle], [], [], 0)[0] == []
        pidfd.send_signal(handle, signal.SIGTERM)
        assert select.select([handle], [], [], 10)[0] == [handle]
        assert process.wait() == -signal.SIGTERM
    with pytest.raises(ProcessLookupError):
        pidfd.send_signal(handle, signal.SIGTERM)
    os.close(handle)


def test_a_refusal_is_an_exception(names):
    with pytest.raises(OSError, match="Invalid argument"):
        pidfd.open_handle(-5)
