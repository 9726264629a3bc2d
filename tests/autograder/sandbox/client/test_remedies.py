"""A missing layer has one remedy, read off what the kernel's files tell of the machine."""

import pytest

from autograder.sandbox.client.remedies import Machine, remedy
from autograder.sandbox.isolation.layers import Layer

MODERN = "6.8.0-45-generic"
NO_MODULE = "ModuleNotFoundError: No module named 'x'"


@pytest.fixture
def machine(tmp_path):
    """A machine whose kernel tells these things, by file."""

    def message(release=MODERN, **files):
        every = {"proc/self/ns/user": "", "proc/sys/user/max_user_namespaces": "63000"} | {
            name.replace("__", "/"): text for name, text in files.items()
        }
        for name, text in every.items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(text)
        return Machine(tmp_path, release)

    return message


DOCKER = {".dockerenv": "", "proc/self/status": "Name:\tx\nSeccomp:\t2\nSeccomp_filters:\t1\n"}
PROFILE = {"proc/self/attr/current": "docker-default (enforce)\n\0"}


SECCOMP = "--security-opt seccomp=autograder-seccomp.json"
APPARMOR = "--security-opt apparmor=autograder"


def namespaces(machine):
    return remedy(Layer.NAMESPACES, "the kernel gives ordinary users no namespaces", machine)


@pytest.mark.parametrize("kind", ["user", "pid", "ipc", "net", "mnt"])
def test_a_number_of_namespaces_that_is_0_is_to_be_raised(machine, kind):
    message = namespaces(machine(**{f"proc/sys/user/max_{kind}_namespaces": "0\n"}))
    assert message.startswith(f"`sudo sysctl -w user.max_{kind}_namespaces=15000`")


@pytest.mark.parametrize(
    ("name", "value", "then"),
    [("unprivileged_userns_clone", "0", "1"), ("apparmor_restrict_unprivileged_userns", "1", "0")],
)
def test_a_distributions_restriction_is_to_be_lifted(machine, name, value, then):
    message = namespaces(machine(**{f"proc/sys/kernel/{name}": f"{value}\n"}))
    assert message.startswith(f"`sudo sysctl -w kernel.{name}={then}`")


@pytest.mark.parametrize(
    ("files", "options"),
    [
        (DOCKER, f"docker run {SECCOMP} …"),
        (DOCKER | PROFILE, f"docker run {SECCOMP} {APPARMOR} …"),
        ({".dockerenv": ""} | PROFILE, f"docker run {APPARMOR} …"),
        ({".dockerenv": ""}, f"docker run {SECCOMP} …"),
        ({"proc/1/cgroup": "0::/docker/abc"}, f"docker run {SECCOMP} …"),
        ({"run/.containerenv": ""}, f"podman run {SECCOMP} …"),
        (
            DOCKER | {"proc/1/cgroup": "0::/kubepods/burstable/pod1"},
            "seccompProfile: {type: Localhost, localhostProfile: autograder-seccomp.json}",
        ),
        (
            {"var/run/secrets/kubernetes.io/x": ""},
            "appArmorProfile: {type: Localhost, localhostProfile: autograder}",
        ),
    ],
)
def test_in_a_container_the_option_to_start_it_with_is_reported(machine, files, options):
    message = namespaces(machine(**files))
    assert options in message
    assert "docs/containers.md" in message


def test_in_a_container_a_setting_is_the_machines_that_runs_it(machine):
    message = namespaces(machine(**DOCKER, **{"proc/sys/user/max_user_namespaces": "0"}))
    assert "on the machine that runs the container" in message


RESTRICTED = {"proc/sys/kernel/apparmor_restrict_unprivileged_userns": "1"}


def test_ubuntus_restriction_reaches_into_a_container_without_a_profile_of_apparmor(machine):
    assert f"docker run {SECCOMP} {APPARMOR} …" in namespaces(machine(**DOCKER, **RESTRICTED))


def test_an_unconfined_profile_is_none(machine):
    assert machine(**{"proc/self/attr/current": "unconfined\n"}).profile == ""


def test_outside_of_a_container_a_filter_is_a_units(machine):
    status = {"proc/self/status": "Seccomp:\t2\n"}
    assert "RestrictNamespaces=" in namespaces(machine(**status))


def test_where_nothing_tells_the_kernel_is_to_be_tried(machine, tmp_path):
    assert "unshare --user" in namespaces(machine())
    assert "CONFIG_USER_NS" in namespaces(Machine(tmp_path / "nothing", MODERN))


@pytest.mark.parametrize(
    ("why", "release", "files", "message"),
    [
        (NO_MODULE, MODERN, {}, "pip install landlock"),
        ("OSError: x", "5.4.0-1", {}, "Linux 5.13 or later"),
        ("OSError: x", MODERN, {"sys/kernel/security/lsm": "lockdown,yama"}, "`lsm=landlock,lockdown,yama`"),
        ("OSError: x", MODERN, DOCKER, SECCOMP),
        ("OSError: x", MODERN, {}, "CONFIG_SECURITY_LANDLOCK"),
    ],
)
def test_what_gives_the_file_layer_is_reported(machine, why, release, files, message):
    assert message in remedy(Layer.FILES, why, machine(release, **files))


@pytest.mark.parametrize(
    ("why", "files", "message"),
    [
        (NO_MODULE, {}, "pip install pyseccomp"),
        ("RuntimeError: Unable to find libseccomp", {}, "apt install libseccomp2"),
        ("OSError: x", DOCKER, SECCOMP),
        ("OSError: x", {}, "CONFIG_SECCOMP_FILTER"),
    ],
)
def test_what_gives_the_filter_of_system_calls_is_reported(machine, why, files, message):
    assert message in remedy(Layer.SYSTEM_CALLS, why, machine(**files))


def test_this_machine_can_be_read():
    assert Machine().kernel > (2, 6)
    assert all(remedy(layer, "OSError: x") for layer in Layer)


@pytest.mark.parametrize(
    ("why", "files", "message"),
    [
        ("PyTorch's functions are not known on a processor of kind i686", {}, "x86-64 or arm64"),
        ("PyTorch 2.0 has no _ZN3c108GradMode10is_enabledEv in libc10.so", {}, "requirements.lock"),
        (
            "a submission's memory cannot be opened: Permission denied",
            {"proc/sys/kernel/yama/ptrace_scope": "2"},
            "kernel.yama.ptrace_scope=0`: it is 2",
        ),
        ("a submission's memory cannot be written to: Input/output error", {}, "proc_mem.force_override"),
    ],
    ids=["processor", "version", "opened", "written"],
)
def test_automatic_differentiation_that_cannot_be_switched_off_has_a_remedy_of_its_own(
    machine, why, files, message
):
    result = remedy(Layer.AUTODIFF, why, machine(**files))
    assert message in result
    assert "ulimit" not in result
