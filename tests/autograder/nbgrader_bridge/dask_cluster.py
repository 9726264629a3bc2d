"""A Dask cluster on this machine: a real scheduler and real workers, which tests start and kill."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.autograder.nbgrader_bridge import classes
from tests.autograder.nbgrader_bridge.postgres import free_port


@dataclass
class Cluster:
    """A scheduler and workers, each a process of its own."""

    folder: Path
    port: int = field(default_factory=free_port)
    started: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def address(self) -> str:
        """Where the scheduler listens."""
        return f"tcp://127.0.0.1:{self.port}"

    def start_scheduler(self) -> None:
        """Start it and wait until it listens."""
        place = ["--host", "127.0.0.1", "--port", str(self.port)]
        self._start("scheduler", "-m", "dask", "scheduler", *place, "--no-dashboard", "--no-show")
        assert classes.eventually(lambda: "Scheduler at:" in self.log("scheduler"), classes.SECONDS)

    def start_worker(self, name: str, *program: str) -> None:
        """Start one and wait until the scheduler knows it; `program` stands in for `dask`."""
        options = ["--nthreads", "1", "--no-dashboard", "--no-nanny", "--name", name]
        options += ["--local-directory", str(self.folder / name)]
        self._start(name, *(program or ("-m", "dask")), "worker", self.address, *options)
        assert classes.eventually(lambda: "Registered to:" in self.log(name), classes.SECONDS)

    def log(self, name: str) -> str:
        """What a process has said."""
        return (self.folder / f"{name}.log").read_text()

    def kill(self, name: str, how: signal.Signals = signal.SIGKILL) -> None:
        """End a process, and wait until it is gone."""
        process = self.started.pop(name)
        process.send_signal(how)
        process.wait(60)

    def fork_servers(self) -> list[int]:
        """Warm processes that workers have started."""
        return [pid for pid, line in classes.marked(self.mark).items() if "autograder.sandbox.server" in line]

    @property
    def mark(self) -> str:
        """In the environment of every process of this cluster."""
        return f"cluster{self.port}"

    def _start(self, name: str, *arguments: str) -> None:
        (self.folder / "tmp").mkdir(parents=True, exist_ok=True)
        settings = {"PATH": classes.marked_path(self.mark), "TMPDIR": str(self.folder / "tmp")}
        with (self.folder / f"{name}.log").open("w") as log:
            self.started[name] = subprocess.Popen(
                [sys.executable, *arguments],
                cwd=self.folder,
                env=os.environ | settings,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )


@contextmanager
def opened(folder: Path) -> Iterator[Cluster]:
    """A cluster to be started; in the end nothing of it is left."""
    cluster = Cluster(folder)
    try:
        yield cluster
    finally:
        for name in list(cluster.started):
            cluster.kill(name)
        for pid in classes.marked(cluster.mark):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


@contextmanager
def started(folder: Path) -> Iterator[Cluster]:
    """A scheduler and two workers."""
    with opened(folder) as cluster:
        cluster.start_scheduler()
        for name in ("one", "two"):
            cluster.start_worker(name)
        yield cluster
