"""Send and receive whole frames over a socket between a grader and a worker, both ways at once.

Many requests can be under way before the first is answered, and neither end blocks because the other does
not read: while it waits to send, it receives.
"""

from __future__ import annotations

import contextlib
import select
import socket
import time

from autograder.sandbox.protocol import frames

CHUNK = 1 << 16  # bytes taken at once; the memory for more would come from the kernel anew each time
DRIP_SECONDS = 1.0  # after a deadline, for an end that sends or reads byte by byte; then it counts as silent


class Channel:
    """Send and receive messages. What comes in is not trusted: `receive` raises, and nothing else happens."""

    def __init__(self, end: socket.socket) -> None:
        """Take over a connected stream socket."""
        end.setblocking(False)  # or this process would wait where it is not to
        self._end = end
        self._ready = select.poll()
        self._out = bytearray()
        self._in = bytearray()
        self._read = 0
        self.received = 0
        """The total size of all frames that were received, in bytes."""

    def post(self, message: frames.Message) -> None:
        """Queue a message; it leaves with the next `flush` or `receive`."""
        self._out += frames.encode(message)

    def flush(self, deadline: float | None = None) -> None:
        """Send all queued messages, by a time on the monotonic clock.

        Raises
        ------
        EOFError, OSError, TimeoutError
            The other end is gone, or does not read.
        """
        while self._out:
            self._move(deadline)

    def receive(self, deadline: float | None = None) -> frames.Message:
        """Wait for the next message, until a time on the monotonic clock.

        Raises
        ------
        EOFError, OSError, TimeoutError
            The other end is gone, or silent.
        frames.BadFrame
            What came is not a frame, or is larger than anything honest.
        """
        while True:
            have = len(self._in) - self._read
            if have >= frames.LENGTHS.size:
                start = self._read + frames.LENGTHS.size
                header, body = frames.lengths(bytes(self._in[self._read : start]))
                middle, end = start + header, start + header + body
                if len(self._in) >= end:
                    message = bytes(self._in[start:middle]), bytes(self._in[middle:end])
                    self._read = end
                    self.received += frames.weight(*message)
                    return frames.decode(*message)
            self._move(deadline)

    def close(self) -> None:
        """Close the socket."""
        self._end.close()

    def _move(self, deadline: float | None) -> None:
        """Send and receive what can be sent and received; wait until something can."""
        remaining = None if deadline is None else deadline - time.monotonic()
        if remaining is not None and remaining < -DRIP_SECONDS:
            raise TimeoutError
        if self._out and self._sent():
            return
        self._ready.register(self._end, select.POLLIN | (select.POLLOUT if self._out else 0))
        if not self._ready.poll(None if remaining is None else 1000 * max(remaining, 0.0)):
            raise TimeoutError
        with contextlib.suppress(BlockingIOError):  # there may be room to send, and nothing to take
            chunk = self._end.recv(CHUNK, socket.MSG_DONTWAIT)
            if not chunk:
                raise EOFError
            del self._in[: self._read]
            self._read = 0
            self._in += chunk

    def _sent(self) -> bool:
        """Send what there is room for; return whether that was anything."""
        with contextlib.suppress(BlockingIOError):
            del self._out[: self._end.send(self._out, socket.MSG_DONTWAIT)]
            return True
        return False
