"""Take requests for workers from any number of graders, until the fork server's owner is gone."""

from __future__ import annotations

import selectors
import socket
from collections.abc import Iterator
from dataclasses import dataclass

from autograder.sandbox.protocol.requests import LARGEST


@dataclass(frozen=True)
class Request:
    """Hold a request for a worker, or for something else that `protocol.requests` names."""

    client: socket.socket
    """The socket of the grader that asks, which gets the worker's pidfd."""
    words: bytes
    """A worker's limits, PRECOMPILE, WARM_UP or PING."""
    descriptor: int
    """The channel that the worker is to serve, or the file with the cells."""


class Listener:
    """Take requests one after the other."""

    def __init__(self, listening: socket.socket, lifeline: socket.socket) -> None:
        """Start listening.

        lifeline : closed at its other end when the owner is done, or gone.
        """
        self._lifeline = lifeline
        self._selector = selectors.DefaultSelector()
        for own in (listening, lifeline):
            self._selector.register(own, selectors.EVENT_READ)
        self._listening = listening

    def requests(self) -> Iterator[Request]:
        """Yield requests as they come; end with the owner."""
        while True:
            for key, _ in self._selector.select():
                ready = key.fileobj
                assert isinstance(ready, socket.socket)
                if ready is self._lifeline:
                    return
                if ready is self._listening:
                    client, _ = self._listening.accept()
                    self._selector.register(client, selectors.EVENT_READ)
                elif (request := self._received(ready)) is not None:
                    yield request

    def _received(self, client: socket.socket) -> Request | None:
        try:
            words, descriptors, _, _ = socket.recv_fds(client, LARGEST, 1)
        except OSError:
            words, descriptors = b"", []
        if words and descriptors:
            return Request(client, words, descriptors[0])
        self._selector.unregister(client)
        client.close()
        return None
