"""Write uv.lock and requirements.lock, the versions that uv and `make setup` install: `make lock`.

python .ci/lock.py [UV'S OPTIONS]

uv asks PyTorch's own index for torch. Where that cannot be reached, this process stands in for it and offers
the files of torch that uv.lock lists already: torch stays as it is, and all else can move on.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
import threading
import tomllib
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import distribution
from pathlib import Path
from urllib.parse import unquote

ROOT = Path(__file__).resolve().parents[1]
UV = Path(sys.executable).with_name("uv")
NEEDED = ("pyproject.toml", "uv.lock", "README.md", "LICENSE", "autograder/__init__.py")
INDEX = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["uv"]["index"][0]["url"]
PATH = "/whl/cpu"  # of the stand-in; uv writes an address without a path in another way
EXPORT = ("--all-extras", "--no-emit-project", "--no-hashes", "--no-annotate", "--no-header")
HEADER = """\
# The versions with which the course was last tested, all of them; `make setup` installs these.
# They are those of uv.lock: `make lock` writes both.
"""


def main(options: list[str]) -> None:
    """Lock, and write the same versions for pip."""
    if _is_reached():
        subprocess.run([UV, "lock", *options], cwd=ROOT, check=True)
    else:
        print(f"{INDEX} cannot be reached: torch stays as it is.")
        _lock_without_torch(options)
    export = [UV, "export", "--frozen", "--quiet", *EXPORT]
    done = subprocess.run(export, cwd=ROOT, check=True, capture_output=True, text=True)
    # pip looks for torch in two places, and finds it by its version without a build's name
    lines = [line for line in done.stdout.splitlines() if not re.match(r"torch==.*\+", line)]
    pins = [re.sub(r"^(torch==\S+).*", r"\1", line) for line in lines]
    (ROOT / "requirements.lock").write_text(HEADER + "\n".join(pins) + "\n")


def _is_reached() -> bool:
    try:
        with urllib.request.urlopen(f"{INDEX}/torch/", timeout=10):
            return True
    except (urllib.error.URLError, TimeoutError):
        return False


def _lock_without_torch(options: list[str]) -> None:
    """Lock a copy of the project in which the index is one of our own."""
    packages = tomllib.loads((ROOT / "uv.lock").read_text())["package"]
    (torch,) = (p for p in packages if p["name"] == "torch" and p["source"]["registry"] == INDEX)
    with StandIn(torch) as address, tempfile.TemporaryDirectory() as name:
        for needed in NEEDED:
            (Path(name) / needed).parent.mkdir(exist_ok=True)
            shutil.copy(ROOT / needed, Path(name) / needed)
        for file in ("pyproject.toml", "uv.lock"):
            path = Path(name) / file
            path.write_text(path.read_text().replace(INDEX, address))
        subprocess.run([UV, "lock", *options], cwd=name, check=True)
        (ROOT / "uv.lock").write_text((Path(name) / "uv.lock").read_text().replace(address, INDEX))


class StandIn:
    """A server on this machine with the files of torch that a lock lists. Use it with `with`."""

    def __init__(self, torch: dict) -> None:
        metadata = distribution("torch").read_text("METADATA") or ""
        if f"\nVersion: {torch['version']}\n" not in metadata:
            raise SystemExit(
                f"torch {torch['version']} is not installed, and says what it needs: `make setup`"
            )
        links = [
            f'<a href="{PATH}/{wheel["url"].rpartition("/")[2]}#{wheel["hash"].replace(":", "=")}" '
            f'data-core-metadata="true">{unquote(wheel["url"].rpartition("/")[2])}</a>'
            for wheel in torch["wheels"]
        ]
        page = "<!DOCTYPE html><html><body>" + "\n".join(links) + "</body></html>"

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                content = metadata if self.path.endswith(".metadata") else page
                self.send_response(200)
                self.send_header("Content-Type", "text/html" if content is page else "text/plain")
                self.end_headers()
                self.wfile.write(content.encode())

            def log_message(self, *_: object) -> None:
                """Stay silent."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)

    def __enter__(self) -> str:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{self._server.server_port}{PATH}"

    def __exit__(self, *exception: object) -> None:
        self._server.shutdown()


if __name__ == "__main__":
    main(sys.argv[1:])
