"""docs/watching.md: its commands run and print what it shows."""

import re
import shlex
from pathlib import Path

from tests.autograder.nbgrader_bridge import classes, downloads

DOC = Path(__file__).parents[1] / "docs" / "watching.md"


def test_every_command_prints_what_the_document_shows(autograder, tmp_path):
    folder = classes.built(tmp_path / "course")
    (folder / "drop").mkdir()
    (folder / "drop" / "goran.ipynb").write_bytes(downloads.work("no_factor_two"))
    blocks = re.findall(r"```console\n(.*?)```", DOC.read_text(encoding="utf-8"), re.DOTALL)
    assert blocks
    for command, *lines in (block.removeprefix("$ ").splitlines() for block in blocks):
        done = autograder(*shlex.split(command)[1:], "--once", cwd=folder)
        assert done.returncode == 0, done.said
        assert set(lines) <= set(done.stdout.splitlines())
    page = folder / "outbound" / "goran" / f"{classes.NETWORK}.html"
    assert "carried-forward" in page.read_text()


def test_the_document_s_links_lead_somewhere():
    for link in re.findall(r"\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)", DOC.read_text(encoding="utf-8")):
        assert (DOC.parent / link).exists(), link
