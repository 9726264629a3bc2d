"""In a container: what usual profiles take from the sandbox, and how little ours gives back.

No container's program runs the tests, so `confined` does what it would do. AppArmor's profile is compiled and
not loaded: where there is no AppArmor, nobody can.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.commands import doctor_profile
from autograder.commands.doctor_profile import Profile
from autograder.sandbox.isolation.layers import Layer
from tests.autograder.sandbox.container import confined

SECCOMP = doctor_profile.FILES[Profile.SECCOMP]
APPARMOR = doctor_profile.FILES[Profile.APPARMOR]
OURS = json.loads(SECCOMP.read_text(encoding="utf-8"))
AUTOGRADER = (sys.executable, "-m", "autograder.cli")
PARSERS = ("apparmor_parser", "/sbin/apparmor_parser", "/usr/sbin/apparmor_parser")


def left_out(reason):
    """Leave a test out where it cannot run, and never where it counts."""
    assert "CI" not in os.environ, f"here this test may not be left out, but {reason}"
    pytest.skip(reason)


@pytest.fixture(scope="module")
def in_container(tmp_path_factory):
    """Run a command in a container with Docker's usual profile or ours: `in_container("ours", command)`."""
    if os.geteuid() != 0:
        left_out("only root can make a container's places")
    folder = tmp_path_factory.mktemp("container")
    folder.chmod(0o755)
    profiles = {"usual": folder / "usual.json", "ours": folder / "ours.json"}
    profiles["usual"].write_text(json.dumps(confined.usual(OURS)), encoding="utf-8")
    shutil.copy(SECCOMP, profiles["ours"])
    return lambda which, command: confined.run(command, profiles[which], folder / "home")


def found(done):
    """What the doctor found out, by layer."""
    lines = [line.split(maxsplit=2) for line in done.stdout.splitlines() if not line.startswith(" ")]
    return {name.rstrip(":"): word for word, name, _ in lines}


@pytest.mark.thorough  # the doctor under a profile
def test_dockers_usual_profile_takes_the_namespaces_and_the_doctor_says_what_to_do(in_container):
    done = in_container("usual", [*AUTOGRADER, "doctor"])
    assert found(done) == {layer: "MISSING" if layer is Layer.NAMESPACES else "holds" for layer in Layer}
    assert done.returncode == 1
    assert "docker run --security-opt seccomp=autograder-seccomp.json …" in done.stdout
    assert "`autograder doctor --profile seccomp` and `--profile apparmor` print them" in done.stdout
    assert "docs/containers.md" in done.stdout


@pytest.mark.thorough  # the doctor under a profile
def test_with_our_profile_all_layers_hold(in_container):
    done = in_container("ours", [*AUTOGRADER, "doctor"])
    assert found(done) == dict.fromkeys(Layer, "holds"), done.stdout + done.stderr
    assert done.returncode == 0


@pytest.mark.thorough  # a class under a profile
def test_with_our_profile_notebooks_are_marked_in_the_whole_sandbox(in_container):
    sample = confined.ROOT / "samples" / "01-error-backpropagation" / "filled_in_sheet.ipynb"
    done = in_container("ours", [*AUTOGRADER, "check", "--require-sandbox", "--json", sample])
    (marked,) = json.loads(done.stdout)
    assert (marked["status"], marked["score"]) == ("graded", 30.0)
    assert "This machine lacks" not in done.stderr


ASK = """
UNSHARE, OWN = 272, 0x10020000
import ctypes, json, os, re, sys
status = open("/proc/self/status").read()
names = ("NoNewPrivs", "Seccomp", "CapBnd", "Uid")
found = {name: re.search(f"^{name}:\\\\s*(\\\\S+)", status, re.M)[1] for name in names}
libc = ctypes.CDLL(None, use_errno=True)
for name, number, *arguments in json.loads(sys.argv[1]):
    if not (child := os.fork()):
        if number != UNSHARE:  # as its own superuser, if it may: the kernel itself refuses less then
            libc.unshare(OWN)
        done = libc.syscall(ctypes.c_long(number), *(
            ctypes.c_long(each) if isinstance(each, int) else each.encode() for each in arguments
        ))
        os._exit(0 if done != -1 else ctypes.get_errno())
    found[name] = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
print(json.dumps(found))
"""
NEWTIME, NEWNS, NEWCGROUP, NEWUTS = 0x80, 0x20000, 0x2000000, 0x4000000
NEWIPC, NEWUSER, NEWPID, NEWNET = 0x8000000, 0x10000000, 0x20000000, 0x40000000
REFUSED, BAD_DESCRIPTOR, NO_SUCH_FILE, NO_ADDRESS = 1, 9, 2, 14
NOSUID_NODEV_NOEXEC = 2 | 4 | 8
X86_64 = {"unshare": 272, "setns": 308, "mount": 165, "mount_setattr": 442, "umount2": 166, "chroot": 161}
X86_64 |= {"pivot_root": 155, "bpf": 321, "keyctl": 250}
X86_64 |= {"io_uring_setup": 425, "open_tree": 428, "fsopen": 430}
# call, its arguments, and how it ends with our profile; with the usual one, all of them are refused
CALLS = {
    "a user's own": ("unshare", [NEWUSER], 0),
    "all five": ("unshare", [NEWUSER | NEWPID | NEWIPC | NEWNET | NEWNS], 0),
    "another name": ("unshare", [NEWUSER | NEWUTS], REFUSED),
    "control groups": ("unshare", [NEWUSER | NEWCGROUP], REFUSED),
    "another time": ("unshare", [NEWUSER | NEWTIME], REFUSED),
    "back into a process namespace": ("setns", [-1, NEWPID], BAD_DESCRIPTOR),
    "into a network": ("setns", [-1, NEWNET], BAD_DESCRIPTOR),
    "into mounts": ("setns", [-1, NEWNS], REFUSED),
    "into whatever it is": ("setns", [-1, 0], REFUSED),
    "a memory disk": ("mount", ["tmpfs", "/nowhere", "tmpfs", NOSUID_NODEV_NOEXEC, 0], NO_SUCH_FILE),
    "one with devices": ("mount", ["tmpfs", "/nowhere", "tmpfs", 2 | 8, 0], REFUSED),
    "the same place again": ("mount", ["/", "/nowhere", "", 0x1000 | NOSUID_NODEV_NOEXEC, 0], REFUSED),
    "mounts read-only": ("mount_setattr", [-100, "/nowhere", 0, 0, 32], NO_ADDRESS),
    "of a descriptor": ("mount_setattr", [-100, "", 0x1000, 0, 32], REFUSED),
    "taken away": ("umount2", ["/proc", 2], REFUSED),
    "another root": ("chroot", ["/"], REFUSED),
    "a root elsewhere": ("pivot_root", [".", "."], REFUSED),
    "a program of the kernel": ("bpf", [0, 0, 0], REFUSED),
    "keys": ("keyctl", [0, 0], REFUSED),
    "queues of calls": ("io_uring_setup", [1, 0], REFUSED),
    "a tree of mounts": ("open_tree", [-100, "/", 0], REFUSED),
    "a new kind of file system": ("fsopen", ["tmpfs", 0], REFUSED),
}


@pytest.mark.skipif(os.uname().machine != "x86_64", reason="the numbers are those of another processor")
def test_our_profile_allows_what_the_sandbox_does_and_nothing_beside(in_container):
    asked = json.dumps([[name, X86_64[call], *given] for name, (call, given, _) in CALLS.items()])
    answers = {}
    for which in ("usual", "ours"):
        done = in_container(which, [sys.executable, "-c", ASK, asked])
        assert done.returncode == 0, done.stderr
        answers[which] = json.loads(done.stdout)
        about = {name: answers[which].pop(name) for name in ("NoNewPrivs", "Seccomp", "CapBnd", "Uid")}
        user = str(confined.ORDINARY)
        assert about == {"NoNewPrivs": "1", "Seccomp": "2", "CapBnd": "0" * 16, "Uid": user}
    assert answers["usual"] == dict.fromkeys(CALLS, REFUSED)
    assert answers["ours"] == {name: ends for name, (_, _, ends) in CALLS.items()}


def test_beside_dockers_profile_ours_has_four_calls_each_on_conditions():
    added = [rule for rule in OURS["syscalls"] if rule not in confined.usual(OURS)["syscalls"]]
    assert all(rule["args"] for rule in added)
    assert all(len(rule["names"]) == 1 for rule in added)
    assert {rule["names"][0] for rule in added} == {"unshare", "setns", "mount", "mount_setattr"}


def test_the_profile_has_the_form_that_both_docker_and_kubernetes_read():
    """Kubernetes reads the runtime's own form: no conditions on capabilities, no map of processors."""
    assert set(OURS) == {"defaultAction", "defaultErrnoRet", "architectures", "syscalls"}
    known = {"comment", "names", "action", "args", "errnoRet"}
    assert all(set(rule) <= known for rule in OURS["syscalls"])
    conditions = [each for rule in OURS["syscalls"] for each in rule.get("args", [])]
    assert all(set(each) == {"index", "value", "valueTwo", "op"} for each in conditions)
    without = [name for rule in OURS["syscalls"] if "args" not in rule for name in rule["names"]]
    assert len(without) == len(set(without))


@pytest.fixture(scope="module")
def apparmor_parser():
    parser = next(filter(None, map(shutil.which, PARSERS)), None)
    if parser is None:
        left_out("`apparmor_parser` is not installed")

    def compiled(profile: Path) -> subprocess.CompletedProcess[bytes]:
        command = [parser, "--skip-kernel-load", "--skip-cache", "--stdout", profile]
        return subprocess.run(command, capture_output=True, check=False, timeout=120)

    return compiled


def test_apparmors_profile_compiles_and_a_spoilt_one_does_not(apparmor_parser, tmp_path):
    done = apparmor_parser(APPARMOR)
    assert done.returncode == 0, done.stderr
    assert b"autograder" in done.stdout
    spoilt = tmp_path / "spoilt"
    spoilt.write_text(APPARMOR.read_text(encoding="utf-8").replace("fstype=", "kind="), encoding="utf-8")
    assert apparmor_parser(spoilt).returncode != 0


@pytest.mark.parametrize("profile", Profile)
def test_the_doctor_prints_each_profile(autograder, tmp_path, profile):
    done = autograder("doctor", "--profile", profile, cwd=tmp_path)
    assert done.returncode == 0
    assert done.stdout == doctor_profile.FILES[profile].read_text(encoding="utf-8")
