"""Make the zip from which Gradescope builds a container that grades one assignment.

Gradescope unpacks it into `/autograder/source` and runs `setup.sh` once. For each submission it runs
`run_autograder`, with the submission in `/autograder/submission`, and reads
`/autograder/results/results.json`.
"""

from __future__ import annotations

import hashlib
import hmac
import io
import zipfile
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path

from autograder import assignments
from autograder.marking.named_answers import FILE, NamedAnswer, to_json

EPOCH = (1980, 1, 1, 0, 0, 0)
EXECUTABLE, READABLE, PRIVATE = 0o755, 0o644, 0o600
SECRET = "secret"  # the name of the file that holds the key
PINNED = ("torch", "numpy", "ipython")  # what answers depend on: the same versions as here
TORCH_INDEX = "https://download.pytorch.org/whl/cpu"

SETUP = """\
#!/usr/bin/env bash
# Installs the grader into the image, once; only now is there a network.
set -euo pipefail
here="$(cd "$(dirname "${{BASH_SOURCE[0]}}")/.." && pwd)"
python=""
for each in python3.13 python3.12 python3.11 python3; do
  if command -v "$each" > /dev/null && "$each" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    python="$each"
    break
  fi
done
if [ -z "$python" ]; then
  apt-get update
  apt-get install --yes python3.11 python3.11-venv
  python=python3.11
fi
"$python" -m venv "$here/venv"
pip=("$here/venv/bin/pip" --quiet --disable-pip-version-check --retries 2)
"${{pip[@]}}" install --no-deps --extra-index-url {index} {torch}  # without CUDA's gigabytes
"${{pip[@]}}" install {others} "$here"/source/*.whl
"""

RUN = """\
#!/usr/bin/env bash
# Grades what was handed in, and writes results/results.json.
set -euo pipefail
here="$(cd "$(dirname "${{BASH_SOURCE[0]}}")" && pwd)"
key="$(cat "$here/source/{secret}")"
rm --force "$here/source/{secret}"  # a container grades once; a student's code finds no key in it
mkdir --parents "$here/results"
export AUTOGRADER_KEY="$key" OMP_NUM_THREADS=1
exec "$here/venv/bin/python" -m autograder.publishing.gradescope_run \\
  {assignment} "$here/submission" "$here/results/results.json" --assignments "$here/source/assignments" \\
  --names "$here/source/{names}"
"""


class CannotMake(Exception):
    """The zip cannot be made; the message is a sentence for people."""


def make(assignment: str, wheel: Path, secret: bytes, names: Sequence[NamedAnswer] = ()) -> bytes:
    """Make the zip.

    Parameters
    ----------
    wheel : the course's, as built by `make wheels`.
    secret : the course's; the zip gets a key derived from it, so that the secret itself stays where it is.
    names : the instructor's names for unexplained answers.

    Raises
    ------
    CannotMake
        There is no such assignment, or the file is not a wheel of this course.
    """
    if assignment not in assignments.folders():
        raise CannotMake(assignments.unknown(assignment))
    if not wheel.name.startswith("backpropagation_course-") or not zipfile.is_zipfile(wheel):
        raise CannotMake(f"{wheel} is not a wheel of this course. `make wheels` builds it, into dist/.")
    key = hmac.digest(secret, b"gradescope\0" + assignment.encode(), hashlib.sha256).hex()
    files: dict[str, tuple[bytes, int]] = {
        "setup.sh": (_setup().encode(), EXECUTABLE),
        "run_autograder": (RUN.format(secret=SECRET, assignment=assignment, names=FILE).encode(), EXECUTABLE),
        SECRET: (key.encode(), PRIVATE),
        FILE: (to_json(names).encode(), READABLE),
        wheel.name: (wheel.read_bytes(), READABLE),
    }
    own: Mapping[str, bytes] = assignments.files_of([assignment])
    files |= {f"assignments/{name}": (content, READABLE) for name, content in own.items()}
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, (content, mode) in files.items():
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.external_attr = (0o100000 | mode) << 16
            archive.writestr(entry, content, zipfile.ZIP_DEFLATED)
    return file.getvalue()


def _setup() -> str:
    torch, *others = (f"'{name}=={version(name).partition('+')[0]}'" for name in PINNED)
    return SETUP.format(index=TORCH_INDEX, torch=torch, others=" ".join(others))
