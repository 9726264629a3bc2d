"""A JupyterHub on loopback with the files of docs/jupyterhub.md, for an instructor and two students."""

from __future__ import annotations

import re
import secrets
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests import readme
from tests.browser.conftest import PATIENCE, environment, served, settle

DOC = Path(__file__).parents[2] / "docs" / "jupyterhub.md"
INSTRUCTOR, STUDENTS = "instructor", ("amara", "hana")

# One user runs all servers here: a folder is what keeps people apart, and a name is told and not looked up.
HUB = """
c.JupyterHub.bind_url = "http://127.0.0.1:{ports[0]}"
c.JupyterHub.hub_bind_url = "http://127.0.0.1:{ports[1]}"
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{ports[2]}"
c.JupyterHub.authenticator_class = "dummy"
c.DummyAuthenticator.password = "{password}"
c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = "{homes}/{{username}}"
c.Spawner.environment = {{
    "JUPYTER_CONFIG_PATH": "{etc}",
    "MPLCONFIGDIR": "{matplotlib}",
    "OMP_NUM_THREADS": "1",
    "JUPYTER_PLATFORM_DIRS": "1",
}}
c.Spawner.args = ["--allow-root", "--LabApp.news_url=None", "--LabApp.extension_manager=readonly",
                  "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"]
"""
EVERYBODY = """
c.Exchange.root = "{exchange}"
c.ExchangeCollect.check_owner = False
c.Execute.timeout = 120  # for one cell, on a busy machine
if os.environ.get("JUPYTERHUB_USER") != "instructor":
    c.CourseDirectory.student_id = os.environ["JUPYTERHUB_USER"]
"""


@dataclass(frozen=True)
class Hub:
    """A running hub, and the folder that holds everybody's."""

    url: str
    password: str
    homes: Path
    etc: Path

    def home(self, name: str) -> Path:
        """Say where somebody's server runs."""
        return self.homes / name

    def runs(self, *words: str, cwd: Path) -> str:
        """Run a command in a terminal of the instructor's; what it printed."""
        own = {"JUPYTER_CONFIG_PATH": str(self.etc), "JUPYTERHUB_USER": INSTRUCTOR, "COLUMNS": "150"}
        program = Path(sys.executable).with_name(words[0])
        done = subprocess.run(
            [program, *words[1:]],
            cwd=cwd,
            env=environment(self.home(INSTRUCTOR)) | own,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


def commands() -> list[list[str]]:
    """What the page has an instructor type, in its order."""
    return [line.split() for line, _ in readme.commands(DOC)]


@contextmanager
def started(folder: Path) -> Iterator[Hub]:
    """Start the hub, and end it with all that it has started."""
    hub, everybody, servers = re.findall(r"```python\n(.*?)```", DOC.read_text(encoding="utf-8"), re.DOTALL)
    etc, homes, exchange = folder / "etc", folder / "homes", folder / "exchange"
    for one in (etc, exchange, *(homes / name for name in (INSTRUCTOR, *STUDENTS))):
        one.mkdir(parents=True)
    for name in (INSTRUCTOR, *STUDENTS):
        settle(homes / name / ".config" / "jupyter")
    exchange.chmod(0o777)
    own = environment(folder)
    ports, password = _free_ports(3), secrets.token_hex(16)
    places = {"homes": homes, "etc": etc, "matplotlib": own["MPLCONFIGDIR"]}
    settings = HUB.format(ports=ports, password=password, **places)
    (folder / "jupyterhub_config.py").write_text(hub + settings, encoding="utf-8")
    shared = everybody + EVERYBODY.format(exchange=exchange)
    (etc / "nbgrader_config.py").write_text(shared, encoding="utf-8")
    (etc / "jupyter_server_config.py").write_text(servers, encoding="utf-8")
    log, url = folder / "hub.log", f"http://127.0.0.1:{ports[0]}/"
    command = [sys.executable, "-m", "jupyterhub", "--config", "jupyterhub_config.py"]
    with served(command, folder, own, log) as server:
        _wait_for(f"{url}hub/health", server, log)
        yield Hub(url, password, homes, etc)


def _free_ports(number: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(number)]
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def _wait_for(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=10):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.3)
    raise AssertionError(f"JupyterHub did not start:\n{log.read_text(errors='replace')}")
