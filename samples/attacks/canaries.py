"""What a submission might harm, made so that harm shows: files, a home, a course, somebody who listens."""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
import selectors
import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Self

from samples.attacks.corpus import ASSIGNMENT

NEIGHBOUR, LATER = "aaron", "zoe"  # honest students, who come before and after all attacks
WATCHED = ("submitted", "source", "release", "nbgrader_config.py", ".autograder-secret")
LEAK = "LEAKED:"  # what attacks print in front of what they should not have been able to read
FORGED = "forged-by-a-student"  # what attacks write where others write


class Canaries:
    """A folder with all that may not change, around a course that is there already. Use it with `with`.

    Parameters
    ----------
    folder : made here, and removed at the end.
    course : a course folder in which everybody has handed in.
    """

    def __init__(self, folder: Path, course: Path) -> None:
        self.folder, self.course = folder, course
        self.outside, self.home, self.temporary = (folder / name for name in ("outside", "home", "tmp"))
        self.secret, self.token = (f"{name}-{secrets.token_hex(8)}" for name in ("secret", "token"))
        self.listener = Listener()

    def __enter__(self) -> Self:
        for made in (self.outside, self.home, self.temporary):
            made.mkdir(parents=True)
        (self.outside / "outside.txt").write_text(f"{self.secret}\n", encoding="utf-8")
        (self.home / ".profile").write_text(f"# {self.secret}\n", encoding="utf-8")
        self.listener.start(self.outside / "socket")
        return self

    def __exit__(self, *exception: object) -> None:
        self.listener.stop()
        remove(self.folder)

    def places(self, student: str) -> dict[str, str]:
        """Return what stands for `@CANARY@` and its like in a student's submission."""
        return {
            "CANARY": str(self.outside),
            "COURSE": str(self.course),
            "HOME": str(self.home),
            "LATER": LATER,
            "NEIGHBOUR": NEIGHBOUR,
            "PORT": str(self.listener.port),
            "STUDENT": student,
            "TOKEN": self.token,
        }

    def environment(self) -> dict[str, str]:
        """Return the grader's environment: a home and a temporary folder of its own, and a secret."""
        ours = ("JUPYTER", "IPYTHON", "XDG_", "NBGRADER", "PYTEST", "MPL")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
        return kept | {
            "HOME": str(self.home),
            "TMPDIR": str(self.temporary),
            "SECRET_OF_THE_INSTRUCTOR": self.secret,
            "COLUMNS": "200",
        }

    def watch(self) -> None:
        """Take down how everything is, once all have handed in."""
        self._before = dict(self._state())

    def harm(self) -> list[str]:
        """Return what is not as it was, in words."""
        now = dict(self._state())
        changed = [f"{name} was changed" for name in self._before if now.get(name) != self._before[name]]
        changed += [f"{name} is new" for name in now if name not in self._before]
        changed += [f"{path} was left in the home folder" for path in self._left_at_home()]
        return sorted(changed) + self.listener.heard

    def told_secrets(self, text: str) -> list[str]:
        """Return what a text gives away, or makes believe."""
        words = {self.secret: "a secret is told", LEAK: "what was read is told"}
        told = [harm for word, harm in words.items() if word in text]
        forged = f"\x1b]0;{FORGED}" in text
        forged |= any(line.lstrip("│ ").startswith(FORGED) for line in text.splitlines())
        return [*told, "a line is forged"] if forged else told

    def _state(self) -> Iterator[tuple[str, str]]:
        places = [self.outside, *(self.course / name for name in WATCHED), self.home / ".profile"]
        for path in _below(places):
            yield str(path.relative_to(self.folder.parent)), _fingerprint(path)

    def _left_at_home(self) -> Iterator[Path]:
        """Files with the attacks' own names or words; Jupyter's are its own business."""
        for path in _below([self.home]):
            if path.is_file() and path.name != ".profile":
                text = path.read_text(encoding="utf-8", errors="replace")
                if "full marks" in text or "full_marks" in text or path.suffix == ".pth":
                    yield path.relative_to(self.home)


class Listener:
    """Listens on a port of 127.0.0.1, to datagrams on the same port, and on two sockets of this machine."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self._stop = threading.Event()
        self._sockets: dict[socket.socket, str] = {}

    def start(self, path: Path) -> None:
        """Begin to listen; `path` is where the socket with a place in the file system is made."""
        stream = self._listen(socket.AF_INET, ("127.0.0.1", 0), "somebody called")
        self.port = stream.getsockname()[1]
        self._listen(socket.AF_INET, ("127.0.0.1", self.port), "a datagram came", socket.SOCK_DGRAM)
        self._listen(socket.AF_UNIX, f"\0attacks-{self.port}", "somebody called by a name")
        folder = os.open(path.parent, os.O_PATH)
        short = f"/proc/self/fd/{folder}"  # a socket's path may have no more than 107 bytes
        self._listen(socket.AF_UNIX, f"{short}/{path.name}", "somebody called by a file")
        self._listen(socket.AF_UNIX, f"{short}/datagrams", "a datagram came by a file", socket.SOCK_DGRAM)
        os.close(folder)
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop listening."""
        self._stop.set()
        self._thread.join()
        for listening in self._sockets:
            listening.close()

    def _listen(
        self,
        family: socket.AddressFamily,
        address: tuple[str, int] | str,
        words: str,
        kind: socket.SocketKind = socket.SOCK_STREAM,
    ) -> socket.socket:
        listening = socket.socket(family, kind)
        listening.bind(address)
        if kind is socket.SOCK_STREAM:
            listening.listen()
        self._sockets[listening] = words
        return listening

    def _run(self) -> None:
        with selectors.DefaultSelector() as selector:
            for listening in self._sockets:
                selector.register(listening, selectors.EVENT_READ)
            while not self._stop.is_set():
                for key, _ in selector.select(timeout=0.1):
                    listening = key.fileobj
                    assert isinstance(listening, socket.socket)
                    with contextlib.suppress(OSError):
                        if listening.type is socket.SOCK_DGRAM:
                            listening.recv(65536)
                        else:
                            listening.accept()[0].close()
                        self.heard.append(f"{self._sockets[listening]} over the network")


def remove(folder: Path) -> None:
    """Remove a folder, nested however deep; `shutil` recurses, and finds no end there."""
    subprocess.run(["chmod", "-R", "u+rwx", folder], check=False, capture_output=True)
    subprocess.run(["rm", "-rf", folder], check=True)


def submitted(course: Path, student: str) -> Path:
    """Return where a student's submission lies."""
    return course / "submitted" / student / ASSIGNMENT


def copy_course(course: Path, folder: Path) -> Path:
    """Copy a course folder, links as links."""
    return shutil.copytree(course, folder, symlinks=True)


def _below(places: list[Path]) -> Iterator[Path]:
    """Yield all that is there, links not followed."""
    for place in places:
        if place.is_symlink() or not place.is_dir():
            if os.path.lexists(place):
                yield place
            continue
        left = [place]  # not by `os.walk`, which finds no end where folders are nested deep
        while left:
            with os.scandir(left.pop()) as entries:
                for entry in entries:
                    yield Path(entry.path)
                    if entry.is_dir(follow_symlinks=False):
                        left.append(Path(entry.path))


def _fingerprint(path: Path) -> str:
    """Kind, rights, owner, attributes and content; what cannot be read to its end is not opened.

    The time of what is no folder, too: in a folder somebody may make a file for a moment.
    """
    status = path.lstat()
    words = [f"{status.st_mode:o}", str(status.st_uid), str(status.st_gid)]
    if not path.is_symlink():
        words += os.listxattr(path)
    if path.is_symlink():
        words.append(f"link to {path.readlink()}")
    elif path.is_file():
        words += [str(status.st_mtime_ns), hashlib.sha256(path.read_bytes()).hexdigest()]
    return " ".join(words)


def quiet(marks: Mapping[str, float]) -> dict[str, float]:
    """Return marks by exercise, from the gradebook's marks by cell."""
    return {name.removesuffix("-marks"): score for name, score in marks.items()}
