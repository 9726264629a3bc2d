"""Say what to do if a layer of the sandbox is missing, from what the kernel reports about this machine.

A container's usual settings, a distribution's, an old kernel, a missing package: each has one remedy.
"""

from __future__ import annotations

import platform
import re
from dataclasses import dataclass
from pathlib import Path

from autograder.sandbox.isolation.layers import Layer

NAMESPACES = ("user", "pid", "ipc", "net", "mnt")  # those that the sandbox asks for
ENOUGH = 15_000  # of each, for a machine; it is what distributions allow
LANDLOCK = (5, 13)  # the kernel that brought it
DOCS = "docs/containers.md shows it whole"


@dataclass(frozen=True)
class Machine:
    """Read what the kernel's own files say about the machine that this process runs on."""

    root: Path = Path("/")
    release: str = platform.release()

    def text(self, name: str) -> str:
        """Read one of the kernel's files; return an empty text if there is none, or it is not readable."""
        try:
            return (self.root / name).read_text(encoding="utf-8", errors="replace").strip().strip("\0")
        except OSError:
            return ""

    @property
    def container(self) -> str:
        """Return the kind of container that this process is in; empty if it is in none."""
        groups = self.text("proc/1/cgroup") + self.text("proc/self/mountinfo")
        if (self.root / "var/run/secrets/kubernetes.io").exists() or "kubepods" in groups:
            return "kubernetes"
        if (self.root / "run/.containerenv").exists() or "libpod" in groups:
            return "podman"
        if (self.root / ".dockerenv").exists() or "docker" in groups:
            return "docker"
        return "container" if "lxc" in groups or "garden" in groups else ""

    @property
    def is_filtered(self) -> bool:
        """Return whether this process's system calls are filtered already."""
        return re.search(r"^Seccomp:\s*2", self.text("proc/self/status"), re.MULTILINE) is not None

    @property
    def profile(self) -> str:
        """Return the AppArmor profile that confines this process; empty if none does."""
        result = self.text("proc/self/attr/apparmor/current") or self.text("proc/self/attr/current")
        name, _, mode = result.partition(" (")
        return name if mode.startswith("enforce") else ""

    @property
    def kernel(self) -> tuple[int, ...]:
        """Return the kernel's version."""
        return tuple(int(number) for number in re.findall(r"\d+", self.release)[:2])


def remedy(layer: Layer, why: str, machine: Machine | None = None) -> str:
    """Say how this machine can get a layer that it lacks.

    why : the reason that the sandbox gave for its absence.
    """
    machine = machine or Machine()
    if layer is Layer.NAMESPACES:
        return _for_namespaces(machine)
    if layer is Layer.FILES:
        return _for_files(why, machine)
    if layer is Layer.SYSTEM_CALLS:
        return _for_system_calls(why, machine)
    if layer is Layer.AUTODIFF:
        return _for_autodiff(why, machine)
    return "Start it where `ulimit -H` allows limits to be set, and not through a program that forbids it"


def _for_namespaces(machine: Machine) -> str:
    where = ", on the machine that runs the container" if machine.container else ""
    for name in NAMESPACES:
        if machine.text(f"proc/sys/user/max_{name}_namespaces") == "0":
            return f"`sudo sysctl -w user.max_{name}_namespaces={ENOUGH}`{where}: it is 0"
    if machine.text("proc/sys/kernel/unprivileged_userns_clone") == "0":
        return f"`sudo sysctl -w kernel.unprivileged_userns_clone=1`{where}: it is 0"
    restricted = machine.text("proc/sys/kernel/apparmor_restrict_unprivileged_userns") == "1"
    if restricted and not machine.container:
        return (
            "`sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0`: it is 1, as Ubuntu has it from "
            "23.10 on"
        )
    if machine.container:
        return _for_container(machine, restricted=restricted)
    if not (machine.root / "proc/self/ns/user").exists():
        return (
            f"A kernel that is built with user namespaces (CONFIG_USER_NS); this is Linux {machine.release}"
        )
    if machine.is_filtered:
        return (
            "Start it outside of what filters its system calls: in a unit of systemd, without "
            "`RestrictNamespaces=` and `SystemCallFilter=`"
        )
    return "A kernel that lets ordinary users make namespaces: `unshare --user --map-root-user true` tries it"


def _for_container(machine: Machine, *, restricted: bool = False) -> str:
    """Say which profiles the container should be started with.

    restricted : whether its machine keeps programs without an AppArmor profile from creating namespaces.
    """
    why = (
        "the usual ones forbid `unshare` and `mount`. `autograder doctor --profile seccomp` and "
        f"`--profile apparmor` print them. {DOCS}"
    )
    if machine.container == "kubernetes":
        return (
            "In the pod's `securityContext`: `seccompProfile: {type: Localhost, localhostProfile: "
            "autograder-seccomp.json}` and, where nodes have AppArmor, `appArmorProfile: {type: Localhost, "
            f"localhostProfile: autograder}}`; {why}"
        )
    options = []
    if machine.is_filtered or not machine.profile:
        options.append("--security-opt seccomp=autograder-seccomp.json")
    if machine.profile or restricted:
        options.append("--security-opt apparmor=autograder")
    program = "podman run" if machine.container == "podman" else "docker run"
    return f"Start the container with `{program} {' '.join(options)} …`, with profiles of ours; {why}"


def _for_files(why: str, machine: Machine) -> str:
    if "ModuleNotFoundError" in why or "ImportError" in why:
        return "`pip install landlock==1.0.0.dev5`: this course's own requirement is not installed"
    if machine.kernel < LANDLOCK:
        return f"Linux 5.13 or later, for Landlock; this is {machine.release}"
    modules = machine.text("sys/kernel/security/lsm")
    if modules and "landlock" not in modules.split(","):
        return (
            f"Start the machine with the kernel's option `lsm=landlock,{modules}`: Landlock is not among them"
        )
    if machine.container and machine.is_filtered:
        return _for_container(machine)
    return "A kernel that is built with Landlock (CONFIG_SECURITY_LANDLOCK) and started with `lsm=landlock,…`"


def _for_system_calls(why: str, machine: Machine) -> str:
    if "ModuleNotFoundError" in why or "ImportError" in why or "libseccomp" in why.lower():
        return "`pip install pyseccomp`, and the system's libseccomp: `apt install libseccomp2`"
    if machine.container and machine.is_filtered:
        return _for_container(machine)
    return "A kernel that is built with seccomp filters (CONFIG_SECCOMP_FILTER)"


def _for_autodiff(why: str, machine: Machine) -> str:
    if "processor" in why:
        return "A machine with an x86-64 or arm64 processor, and a Python that is made for it"
    if "memory cannot be" not in why:
        return (
            "The version of PyTorch that this course asks for: `pip install --requirement requirements.lock`"
        )
    where = ", on the machine that runs the container" if machine.container else ""
    scope = machine.text("proc/sys/kernel/yama/ptrace_scope")
    if "opened" in why and scope not in ("", "0"):
        return f"`sudo sysctl -w kernel.yama.ptrace_scope=0`{where}: it is {scope}"
    return (
        f"A kernel{where} that lets a process write to the memory of those it has started: from Linux 6.12 "
        "on its option is `proc_mem.force_override=always`"
    )
