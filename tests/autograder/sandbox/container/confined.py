"""Run a command as a container does: an ordinary user who gains no rights, behind a profile of system calls.

No container's own program is asked for. What it would do is done here: a mount namespace with /proc/sys
read-only and hidden places in memory, no capability, `no_new_privs`, and the profile as a seccomp filter.

python confined.py PROFILE COMMAND...
"""

from __future__ import annotations

import contextlib
import json
import os
import shlex
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[4]
ORDINARY = 4242  # a user whom no list of users has, as in a container that is started with `--user`
OUR_OWN = "For the sandbox: "  # begins the comment of each rule that Docker's usual profile does not have


def usual(profile: Mapping[str, Any]) -> dict[str, Any]:
    """Give Docker's usual profile: ours without what it adds."""
    rules = [rule for rule in profile["syscalls"] if not rule["comment"].startswith(OUR_OWN)]
    return {**profile, "syscalls": rules}


def run(
    command: Iterable[str | Path], profile: Path, folder: Path, *, network: bool = True
) -> subprocess.CompletedProcess[str]:
    """Run a command in a folder, which becomes the ordinary user's, behind a profile."""
    folder.mkdir(exist_ok=True)
    for path in (folder, *folder.rglob("*")):
        os.chown(path, ORDINARY, ORDINARY)
    inside = [sys.executable, __file__, str(profile), *(str(word) for word in command)]
    drop = ["setpriv", f"--reuid={ORDINARY}", f"--regid={ORDINARY}", "--clear-groups", "--no-new-privs"]
    drop += ["--bounding-set=-all", "--inh-caps=-all"]
    script = "\n".join(["set -e", *_mounts(profile.parent, folder), "exec " + shlex.join([*drop, *inside])])
    world = ["unshare", "--mount", *([] if network else ["--net"]), "--propagation", "private"]
    environment = {"PATH": os.environ["PATH"], "HOME": "/tmp", "PYTHONPATH": str(ROOT), "COLUMNS": "150"}
    return subprocess.run(
        [*world, "sh", "-c", script],
        cwd=folder,
        env=environment | {"PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def _mounts(*needed: Path) -> Iterable[str]:
    """Say how a container's places come about, and let everybody reach Python and what is needed."""
    yield from _opened([Path(sys.base_prefix), Path(sys.prefix), ROOT, *needed])
    yield "mount -t tmpfs tmpfs /run && mkdir /run/docker && mount -t tmpfs docker /run/docker"
    yield "mount --bind /proc/sys /proc/sys && mount -o remount,bind,ro /proc/sys"
    yield "mount --bind /dev/null /proc/timer_list"
    yield "mount -t tmpfs -o ro tmpfs /proc/bus"


def _opened(needed: Iterable[Path]) -> Iterable[str]:
    """Put each in its place again below a folder that all may pass, where there is one that they may not."""
    closed: dict[Path, list[Path]] = {}
    for path in needed:
        for above in reversed(path.parents):
            if not above.stat().st_mode & 0o001:
                closed.setdefault(above, []).append(path)
                break
    yield "mount -t tmpfs -o mode=755 tmpfs /mnt"
    for number, (above, paths) in enumerate(closed.items()):
        kept = {f"/mnt/{number}-{n}": shlex.quote(str(path)) for n, path in enumerate(paths)}
        for keep, place in kept.items():
            yield f"mkdir {keep} && mount --bind {place} {keep}"
        yield f"mount -t tmpfs -o mode=755 tmpfs {shlex.quote(str(above))}"
        for keep, place in kept.items():
            yield f"mkdir -p {place} && mount --bind {keep} {place}"


def filter_system_calls(profile: Mapping[str, Any]) -> None:
    """Enter the filter that a container's program makes of a profile."""
    import pyseccomp

    actions = {"SCMP_ACT_ALLOW": lambda _: pyseccomp.ALLOW, "SCMP_ACT_ERRNO": pyseccomp.ERRNO}
    rules = pyseccomp.SyscallFilter(actions[profile["defaultAction"]](profile["defaultErrnoRet"]))
    for rule in profile["syscalls"]:
        conditions = [_condition(pyseccomp, **argument) for argument in rule.get("args", [])]
        for name in rule["names"]:
            # as runc does: a name that this processor or this libseccomp does not know is passed over
            with contextlib.suppress(OSError, ValueError, RuntimeError):
                rules.add_rule(actions[rule["action"]](rule.get("errnoRet")), name, *conditions)
    rules.load()


def _condition(pyseccomp: Any, *, index: int, value: int, valueTwo: int, op: str) -> object:
    if op == "SCMP_CMP_MASKED_EQ":
        return pyseccomp.Arg(index, pyseccomp.MASKED_EQ, value, valueTwo)
    return pyseccomp.Arg(index, {"SCMP_CMP_EQ": pyseccomp.EQ, "SCMP_CMP_NE": pyseccomp.NE}[op], value)


if __name__ == "__main__":
    filter_system_calls(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))
    os.execvp(sys.argv[2], sys.argv[2:])
