"""System calls worker do what they say or raise OSError, and never leave it open."""

from types import SimpleNamespace

import pytest

from autograder.sandbox.isolation import linux
from tests.process import python


def run(code):
    """What a process of its own prints; nothing here is tried in this one."""
    imports = "import os, signal, threading\nfrom autograder.sandbox.isolation import linux\n"
    return python("-c", imports + code).stdout


def test_a_call_that_the_kernel_refuses_is_an_oserror_with_its_name():
    mounting = "linux.mount_memory('/no/such/folder', 4096, 1)"
    printed = run(f"try: {mounting}\nexcept OSError as error: print(error.errno, error)")
    assert printed.startswith(("1 ", "2 "))
    assert "mount" in printed


def test_a_call_that_the_system_does_not_have_is_an_oserror_too(monkeypatch):
    monkeypatch.setattr(linux, "_LIBC", object())
    with pytest.raises(OSError, match="no unshare"):
        linux.unshare(linux.Clone.NEWUSER)


def test_a_process_without_privileges_never_gains_them():
    assert "NoNewPrivs:\t1" in run("linux.no_new_privileges(); print(open('/proc/self/status').read())")


def test_capabilities_are_all_given_up():
    status = run("linux.drop_capabilities(); print(open('/proc/self/status').read())")
    none = "0" * 16
    assert f"\nCapPrm:\t{none}\nCapEff:\t{none}\n" in status


def test_a_child_ends_with_its_parent():
    # the child holds this process's stdout: the pipe ends with it, or the time is up
    run(
        "reading, writing = os.pipe()\n"
        "if os.fork() == 0:\n"
        "    linux.die_with_parent(signal.SIGKILL)\n"
        "    os.close(reading); os.write(writing, b'x')\n"
        "    while True: signal.pause()\n"
        "os.close(writing); os.read(reading, 1)\n"
    )


def test_a_fork_goes_on_in_both_processes():
    ends = "if child == 0: os._exit(7)\nprint(os.waitpid(child, 0) == (child, 7 << 8))"
    assert run(f"child = linux.fork()\n{ends}") == "True\n"


def test_a_fork_that_the_kernel_refuses_is_an_oserror(monkeypatch):
    monkeypatch.setattr(linux, "_PYTHON", SimpleNamespace(fork=lambda: -1))
    with pytest.raises(OSError, match="fork"):
        linux.fork()


def test_a_second_thread_is_noticed():
    asked = "print(linux.has_one_thread())"
    started = "ended = threading.Event(); threading.Thread(target=ended.wait).start()"
    assert run(f"{asked}\n{started}\n{asked}; ended.set()") == "True\nFalse\n"


def test_huge_pages_cost_nothing_where_the_kernel_refuses_them():
    assert run("linux.use_huge_pages(); print('goes on')") == "goes on\n"
