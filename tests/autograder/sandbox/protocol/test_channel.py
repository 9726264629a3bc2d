"""Whole frames cross the line, both ways at once, and nothing that comes in does more than raise."""

import socket
import threading
import time

import numpy as np
import pytest

from autograder.sandbox.protocol import frames
from autograder.sandbox.protocol.channel import Channel

LARGE = np.arange(1_000_000.0)
SOON = 5.0


@pytest.fixture
def ends():
    one, other = socket.socketpair()
    with one, other:
        yield one, other


def soon():
    return time.monotonic() + SOON


def test_messages_arrive_in_their_order(ends):
    here, there = map(Channel, ends)
    for n in range(20):
        here.post({"n": n, "array": np.full(n, n)})
    here.flush(soon())
    received = [there.receive(soon()) for _ in range(20)]
    assert [message["n"] for message in received] == list(range(20))
    assert all((m["array"] == np.full(m["n"], m["n"])).all() for m in received)


def test_both_ends_send_more_than_the_line_holds_and_neither_is_stuck(ends):
    here, there = map(Channel, ends)

    def echo():
        for _ in range(3):
            there.post(there.receive(soon()))
            there.flush(soon())

    thread = threading.Thread(target=echo)
    thread.start()
    for _ in range(3):
        here.post(LARGE)
    received = [here.receive(soon()) for _ in range(3)]
    thread.join()
    assert all(np.array_equal(message, LARGE) for message in received)
    content = len(b'{"array":[1000000]}') + 2 * frames.ITEM_BYTES
    assert here.received == 3 * (LARGE.nbytes + content), "and something for each bracket"


def test_an_end_that_was_made_blocking_or_not_by_somebody_else_still_works(ends):
    here, there = map(Channel, ends)
    ends[1].setblocking(True)
    here.post("one")
    here.flush(soon())
    ends[1].setblocking(False)
    assert there.receive(soon()) == "one"


@pytest.mark.parametrize("half", [b"", frames.encode({"a": 1})[:-1]], ids=["silence", "half a frame"])
def test_silence_is_waited_for_until_the_deadline(ends, half):
    ends[1].sendall(half)
    started = time.monotonic()
    with pytest.raises(TimeoutError):
        Channel(ends[0]).receive(started + 0.2)
    assert 0.2 <= time.monotonic() - started < SOON


def test_who_does_not_read_is_not_waited_for_longer_than_the_deadline(ends):
    line = Channel(ends[0])
    line.post(LARGE)
    with pytest.raises(TimeoutError):
        line.flush(time.monotonic() + 0.2)


def test_an_end_that_hangs_up_is_reported_after_what_it_sent(ends):
    here, there = map(Channel, ends)
    there.post("last")
    there.flush(soon())
    there.close()
    assert here.receive(soon()) == "last"
    with pytest.raises((EOFError, ConnectionError)):
        here.receive(soon())


def test_a_frame_that_is_too_large_is_refused_by_its_first_bytes(ends):
    ends[1].sendall(frames.LENGTHS.pack(frames.MAX_HEADER + 1, 0))
    with pytest.raises(frames.BadFrame):
        Channel(ends[0]).receive(soon())


class Dripping:
    """An end to which always one byte can be sent, and from which always one more comes."""

    def __init__(self, end):
        self.fileno, self.setblocking = end.fileno, end.setblocking
        self._frame = iter(frames.encode(LARGE))

    def send(self, *_):
        return 1

    def recv(self, *_):
        return bytes([next(self._frame)])


@pytest.mark.parametrize("way", ["receive", "flush"])
def test_an_end_that_goes_on_byte_by_byte_is_silent_soon_after_the_deadline(ends, way):
    ends[1].send(b"always something")
    line = Channel(Dripping(ends[0]))
    if way == "flush":
        line.post(LARGE)
    started = time.monotonic()
    with pytest.raises(TimeoutError):
        getattr(line, way)(started + 0.2)
    assert time.monotonic() - started < SOON
