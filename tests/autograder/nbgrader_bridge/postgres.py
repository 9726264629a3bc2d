"""A PostgreSQL server of a test's own, run as an ordinary user, as it insists on."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROLE = "course"
PLACES = ("usr/lib/postgresql/*/bin", "usr/pgsql-*/bin", "opt/homebrew/opt/postgresql*/bin")


def installed() -> Path | None:
    """The folder of the newest server's programs; None where there is no server."""
    on_path = shutil.which("initdb")
    result = [path for place in PLACES for path in Path("/").glob(place) if (path / "initdb").exists()]
    newest = max(result, key=lambda path: [int(part) for part in path.parts if part.isdigit()], default=None)
    return newest or (Path(on_path).parent if on_path else None)


def free_port() -> int:
    """A port of this machine's own address that nobody uses now."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


@dataclass
class Server:
    """A server with its data in a folder."""

    programs: Path
    folder: Path
    port: int
    user: str | None

    def url(self, database: str) -> str:
        """What nbgrader's `db_url` is set to; the password is any, and not asked for."""
        return f"postgresql+psycopg://{ROLE}:secret@127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        """Start it, and wait until it serves."""
        options = f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1 -c fsync=off"
        self._run("pg_ctl", "-D", "data", "-l", str(self.folder / "log"), "-o", options, "-w", "start")

    def stop(self, how: str = "fast") -> None:
        """Stop it; `immediate` is a crash."""
        self._run("pg_ctl", "-D", "data", "-m", how, "-w", "stop")

    def restart(self) -> None:
        """Stop it if it runs, and start it."""
        with contextlib.suppress(AssertionError):
            self.stop("immediate")
        self.start()

    def create(self, database: str) -> str:
        """Make an empty database; its address."""
        self._run("createdb", "-h", "127.0.0.1", "-p", str(self.port), "-U", ROLE, database)
        return self.url(database)

    def initialise(self) -> None:
        """Make its files."""
        options = ("--no-sync", "--no-locale", "-A", "trust", "-E", "UTF8", "-U", ROLE)
        self._run("initdb", "-D", "data", *options)

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [str(self.programs / program), *arguments],
            user=self.user,
            group=self.user and pwd.getpwnam(self.user).pw_gid,
            extra_groups=[] if self.user else None,
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            # a server would keep a pipe open
            stdout=subprocess.DEVNULL if program == "pg_ctl" else subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        log = self.folder / "log"
        said = log.read_text(errors="replace")[-2000:] if log.exists() else ""
        assert done.returncode == 0, (program, done.stdout, said)


@contextlib.contextmanager
def served(programs: Path) -> Iterator[Server]:
    """A server that is gone afterwards, with all it wrote."""
    user = None
    with tempfile.TemporaryDirectory(prefix="postgres-") as name:
        if os.getuid() == 0:  # a server insists on an ordinary user
            user = "postgres" if "postgres" in {entry.pw_name for entry in pwd.getpwall()} else "nobody"
            shutil.chown(name, user)
        server = Server(programs, Path(name), free_port(), user)
        server.initialise()
        server.start()
        try:
            yield server
        finally:
            with contextlib.suppress(AssertionError):  # it may be stopped already
                server.stop("immediate")
