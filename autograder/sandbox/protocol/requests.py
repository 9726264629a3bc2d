"""Where a warm process takes requests: from any number of graders, until their host is gone."""

from __future__ import annotations

import selectors
import socket
from collections.abc import Iterator
from dataclasses import dataclass

LARGEST = 1 << 16  # bytes of a request
LESSON = b"lesson"
"""Asks to learn the cells in the file behind the descriptor: they will come in many submissions."""
SOCKET = "fork.socket"
PRIVATE = "private"
"""In a warm process's folder: where it listens, and the folder with its submissions' private disk."""
PING = b"ping"
"""Asks for an answer, the same word. A process that was killed gives none, however long it takes to end."""


@dataclass(frozen=True)
class Request:
    """A grader asks for a worker, or teaches."""

    client: socket.socket
    """Who asks, and gets the worker's handle."""
    words: bytes
    """A worker's limits, LESSON or PING."""
    descriptor: int
    """The line that the worker is to serve, or the lesson."""


class Desk:
    """Takes requests one after the other."""

    def __init__(self, listener: socket.socket, lifeline: socket.socket) -> None:
        """Begin to listen.

        lifeline : closed at its other end when the host is done, or gone.
        """
        self._lifeline = lifeline
        self._selector = selectors.DefaultSelector()
        for own in (listener, lifeline):
            self._selector.register(own, selectors.EVENT_READ)
        self._listener = listener

    def requests(self) -> Iterator[Request]:
        """Requests as they come; ends with the host."""
        while True:
            for key, _ in self._selector.select():
                asking = key.fileobj
                assert isinstance(asking, socket.socket)
                if asking is self._lifeline:
                    return
                if asking is self._listener:
                    client, _ = self._listener.accept()
                    self._selector.register(client, selectors.EVENT_READ)
                elif (request := self._taken(asking)) is not None:
                    yield request

    def _taken(self, client: socket.socket) -> Request | None:
        try:
            words, descriptors, _, _ = socket.recv_fds(client, LARGEST, 1)
        except OSError:
            words, descriptors = b"", []
        if words and descriptors:
            return Request(client, words, descriptors[0])
        self._selector.unregister(client)
        client.close()
        return None
