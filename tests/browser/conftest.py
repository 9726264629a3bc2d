"""A JupyterLab and a browser of their own, so that a test sees what a student sees."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import matplotlib
import pytest
from playwright.sync_api import Browser, BrowserContext, expect, sync_playwright

ROOT = Path(__file__).parents[2]
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",  # as on a train: nothing but the notebook
]
# Settings that a student could make as well. The theme follows the browser's colour scheme, so that each test
# picks its own; everything else that is switched off here would ask the network.
SETTINGS = {
    "@jupyterlab/apputils-extension:themes": {"adaptive-theme": True},
    "@jupyterlab/apputils-extension:notification": {"checkForUpdates": False, "fetchNews": "false"},
}
WINDOW = {"width": 1280, "height": 900}
SECOND = 1000.0  # the browser counts in milliseconds
PATIENCE = 120.0  # seconds that the server may take to start on a busy machine


@dataclass(frozen=True)
class Lab:
    """A running JupyterLab server and the folder that it shows."""

    folder: Path
    url: str
    token: str

    def page_of(self, notebook: Path) -> str:
        """Return the address that opens this notebook, with nothing remembered of others."""
        path = notebook.relative_to(self.folder).as_posix()
        return f"{self.url}lab/tree/{path}?token={self.token}&reset"


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """Start JupyterLab on an empty folder; it neither reads nor writes what belongs to the user."""
    home = tmp_path_factory.mktemp("home")
    with jupyterlab(home, home / "course") as lab:
        yield lab


@contextmanager
def jupyterlab(home: Path, folder: Path) -> Iterator[Lab]:
    """Run JupyterLab for somebody with this home, who sees this folder."""
    folder.mkdir(exist_ok=True)
    settle(home / "config")

    token = secrets.token_hex(16)
    command = [
        *(sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"),
        *("--ServerApp.ip=127.0.0.1", "--ServerApp.port=0"),  # any port that is free
        *(f"--IdentityProvider.token={token}", f"--ServerApp.root_dir={folder}"),
        *("--LabApp.news_url=None", "--LabApp.extension_manager=readonly"),
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    ]
    log = home / "server.log"
    with served(command, folder, environment(home), log) as server:
        yield Lab(folder, _address(server, home / "runtime", token, log), token)


@contextmanager
def served(
    command: list[str], folder: Path, own: dict[str, str], log: Path
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a server with an environment of its own, and end it with all that it has started."""
    with log.open("wb") as output:
        server = subprocess.Popen(command, cwd=folder, env=own, stdout=output, stderr=subprocess.STDOUT)
    try:
        yield server
    finally:
        server.terminate()
        try:
            server.wait(timeout=60)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def settle(config: Path) -> None:
    """Make JupyterLab's settings for somebody with this folder of Jupyter's configuration."""
    overrides = config / "labconfig" / "default_setting_overrides.json"
    overrides.parent.mkdir(parents=True, exist_ok=True)
    overrides.write_text(json.dumps(SETTINGS), encoding="utf-8")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start a headless Chromium, the one that the system has."""
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        reason = f"none of {', '.join(BROWSERS)} is installed"
        if os.environ.get("CI"):
            pytest.fail(f"the browser tests may not be left out here, but {reason}")
        pytest.skip(reason)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def context(browser: Browser) -> Iterator[BrowserContext]:
    """Open a window of one size in light colours, for pages that may take a minute on a busy machine."""
    expect.set_options(timeout=60 * SECOND)
    context = browser.new_context(viewport=WINDOW, color_scheme="light")
    context.set_default_timeout(60 * SECOND)
    yield context
    context.close()


@pytest.fixture(scope="session")
def screenshots() -> Path:
    """Name the folder for pictures of every step: SCREENSHOTS, or build/screenshots."""
    folder = Path(os.environ.get("SCREENSHOTS") or ROOT / "build" / "screenshots")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def environment(home: Path) -> dict[str, str]:
    """Give what a program finds that somebody with this home runs: nothing of whoever runs the tests."""
    beside = str(Path(sys.executable).parent)  # where nbgrader finds `alembic`, which it calls by name
    ours = ("JUPYTER", "IPYTHON", "XDG_", "NBGRADER", "PYTEST", "MPL")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)} | {
        "HOME": str(home),
        "PATH": os.pathsep.join([beside, os.environ.get("PATH", "")]),
        "MPLCONFIGDIR": matplotlib.get_cachedir(),  # its list of fonts takes long to make
        "OMP_NUM_THREADS": "1",  # torch, beside a browser that needs a core of its own
        "JUPYTER_CONFIG_DIR": str(home / "config"),
        "JUPYTER_DATA_DIR": str(home / "data"),
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
    }


def _address(server: subprocess.Popen[bytes], runtime: Path, token: str, log: Path) -> str:
    """Wait until the server answers, and say where: it writes its address into its runtime folder."""
    deadline = time.monotonic() + PATIENCE
    while server.poll() is None and time.monotonic() < deadline:
        for file in runtime.glob("jpserver-*.json"):
            try:
                url = str(json.loads(file.read_text(encoding="utf-8"))["url"])
                with urllib.request.urlopen(f"{url}api/status?token={token}", timeout=5):
                    return url
            except (ValueError, KeyError, urllib.error.URLError):
                continue  # half written, or not listening yet
        time.sleep(0.1)
    pytest.fail(f"JupyterLab did not start:\n{log.read_text(encoding='utf-8', errors='replace')}")
