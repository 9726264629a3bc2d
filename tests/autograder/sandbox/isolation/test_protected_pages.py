"""Pages that the grader writes to cannot be changed by a submission; all other memory is its own."""

import pytest

from autograder.sandbox.isolation.autodiff import find_patches
from autograder.sandbox.isolation.layers import Layer
from autograder.sandbox.isolation.protected_pages import Pages
from tests.autograder.sandbox.inside import attempt

CALLS = """
import ctypes, errno
libc = ctypes.CDLL(None, use_errno=True)
libc.mmap.restype = libc.mremap.restype = libc.mmap64.restype = ctypes.c_void_p

def refused(name, *arguments):
    ctypes.set_errno(0)
    getattr(libc, name)(*(ctypes.c_void_p(argument) for argument in arguments))
    return ctypes.get_errno() == errno.EPERM

page, following = {start}, {end}
own = libc.mmap(None, 1 << 24, 3, 0x22, -1, 0)
"""
REFUSED = {
    "made writable": "refused('mprotect', page, 4096, 7)",
    "with a page before it": "refused('mprotect', page - 4096, 8192, 7)",
    "from far before": "refused('mprotect', page - (1 << 30), (1 << 30) + 4096, 7)",
    "one byte of it": "refused('mprotect', page - 4096, 4097, 7)",
    "all of the memory": "refused('mprotect', 0, (1 << 47) - 4096, 7)",
    "with a key": "refused('pkey_mprotect', page, 4096, 7, 0)",
    "taken away": "refused('munmap', page, 4096)",
    "forgotten": "refused('madvise', page, 4096, 4)",
    "mapped over": "refused('mmap', page, 4096, 7, 0x32, -1, 0)",
    "moved away": "refused('mremap', page, 4096, 4096, 3, own)",
    "moved over": "refused('mremap', own, 4096, 4096, 3, page)",
    "kept from others": "refused('prctl', 4, 0, 0, 0, 0)",
}
GRANTED = {
    "the page before": "not refused('mprotect', page - 4096, 4096, 5)",
    "the page after": "not refused('mprotect', following, 4096, 5)",
    "its own": "not refused('mprotect', own, 1 << 24, 1) and not refused('madvise', own, 1 << 24, 4)",
    "moved within": "not refused('mremap', own, 4096, 1 << 25, 1)",
    "only asked for": "not refused('mmap', page, 4096, 3, 0x22, -1, 0)",
    "large arrays": "len([__import__('numpy').ones(10**7) for _ in range(9)]) == 9",
    "threads": "[t.start() or t.join() for t in [__import__('threading').Thread(target=print)]] == [None]",
    "callbacks in C": "ctypes.CFUNCTYPE(ctypes.c_int)(lambda: 3)() == 3",
    "named": "not refused('prctl', 15, ctypes.addressof(ctypes.create_string_buffer(b'me')), 0, 0, 0)",
}


@pytest.fixture
def asked(worker, needs):
    needs(Layer.SYSTEM_CALLS)
    needs(Layer.AUTODIFF)
    # a worker is a fork of the fork server, whose addresses are others than here
    assert len(worker._switch._patches) == len(find_patches())
    pages = Pages.joined(patch.pages for patch in worker._switch._patches)

    def ask(expression):
        for each in pages:
            assert attempt(worker, CALLS.format(start=each.start, end=each.end)) is None
            assert attempt(worker, f"assert {expression}") is None

    return ask


@pytest.mark.parametrize("expression", (REFUSED | GRANTED).values(), ids=REFUSED | GRANTED)
def test_pages_of_pytorchs_code_cannot_be_changed_and_honest_memory_can(asked, expression):
    asked(expression)


def test_the_process_cannot_write_to_itself_as_a_file(worker, needs):
    needs(Layer.FILES)
    for path in ("/proc/self/mem", "/proc/thread-self/mem", "/proc/1/mem"):
        refused = str(attempt(worker, f"open({path!r}, 'r+b')"))
        assert "PermissionError" in refused or "Read-only file system" in refused
