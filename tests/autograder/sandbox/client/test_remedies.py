"""A missing layer has one remedy, read off what the kernel's files tell of the machine."""

import pytest

from autograder.sandbox.client.remedies import Machine, remedy
from autograder.sandbox.isolation.layers import Layer

MODERN = "6.8.0-45-generic"
NO_MODULE = "ModuleNotFoundError: No module named 'x'"
NO_NAMESPACES = "the kernel gives ordinary users no namespaces"
FAILED = "OSError: x"
DOCKER = {".dockerenv": "", "proc/self/status": "Name:\tx\nSeccomp:\t2\nSeccomp_filters:\t1\n"}
PROFILE = {"proc/self/attr/current": "docker-default (enforce)\n\0"}
RESTRICTED = {"proc/sys/kernel/apparmor_restrict_unprivileged_userns": "1"}
SECCOMP = "--security-opt seccomp=autograder-seccomp.json"
APPARMOR = "--security-opt apparmor=autograder"


@pytest.fixture
def machine(tmp_path):
    """A machine whose kernel tells these things, by file."""

    def message(files, release=MODERN):
        every = {"proc/self/ns/user": "", "proc/sys/user/max_user_namespaces": "63000"} | files
        for name, text in every.items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(text)
        return Machine(tmp_path, release)

    return message


@pytest.mark.parametrize(
    ("files", "setting"),
    [
        *(
            ({f"proc/sys/user/max_{kind}_namespaces": "0\n"}, f"user.max_{kind}_namespaces=15000")
            for kind in ("user", "pid", "ipc", "net", "mnt")
        ),
        ({"proc/sys/kernel/unprivileged_userns_clone": "0\n"}, "kernel.unprivileged_userns_clone=1"),
        (RESTRICTED, "kernel.apparmor_restrict_unprivileged_userns=0"),
    ],
)
def test_a_setting_that_gives_no_namespaces_is_to_be_changed(machine, files, setting):
    assert remedy(Layer.NAMESPACES, NO_NAMESPACES, machine(files)).startswith(f"`sudo sysctl -w {setting}`")


@pytest.mark.parametrize(
    ("files", "options"),
    [
        (DOCKER, f"docker run {SECCOMP} …"),
        (DOCKER | PROFILE, f"docker run {SECCOMP} {APPARMOR} …"),
        pytest.param(DOCKER | RESTRICTED, f"docker run {SECCOMP} {APPARMOR} …", id="Ubuntu's reaches in"),
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
    message = remedy(Layer.NAMESPACES, NO_NAMESPACES, machine(files))
    assert options in message
    assert "docs/containers.md" in message


def test_an_unconfined_profile_is_none(machine):
    assert machine({"proc/self/attr/current": "unconfined\n"}).profile == ""


OTHER_PROCESSOR = "PyTorch's functions are not known on a processor of kind i686"
OTHER_PYTORCH = "PyTorch 2.0 has no _ZN3c108GradMode10is_enabledEv in libc10.so"
NOT_OPENED = "a submission's memory cannot be opened: Permission denied"
NOT_WRITTEN = "a submission's memory cannot be written to: Input/output error"
YAMA = {"proc/sys/kernel/yama/ptrace_scope": "2"}
NO_SETTING = DOCKER | {"proc/sys/user/max_user_namespaces": "0"}


@pytest.mark.parametrize(
    ("layer", "why", "files", "message"),
    [
        (Layer.NAMESPACES, NO_NAMESPACES, NO_SETTING, "on the machine that runs the container"),
        (Layer.NAMESPACES, NO_NAMESPACES, {"proc/self/status": "Seccomp:\t2\n"}, "RestrictNamespaces="),
        (Layer.NAMESPACES, NO_NAMESPACES, {}, "unshare --user"),
        (Layer.FILES, NO_MODULE, {}, "pip install landlock"),
        (Layer.FILES, FAILED, {"sys/kernel/security/lsm": "lockdown,yama"}, "`lsm=landlock,lockdown,yama`"),
        (Layer.FILES, FAILED, DOCKER, SECCOMP),
        (Layer.FILES, FAILED, {}, "CONFIG_SECURITY_LANDLOCK"),
        (Layer.SYSTEM_CALLS, NO_MODULE, {}, "pip install pyseccomp"),
        (Layer.SYSTEM_CALLS, "RuntimeError: Unable to find libseccomp", {}, "apt install libseccomp2"),
        (Layer.SYSTEM_CALLS, FAILED, DOCKER, SECCOMP),
        (Layer.SYSTEM_CALLS, FAILED, {}, "CONFIG_SECCOMP_FILTER"),
        (Layer.AUTODIFF, OTHER_PROCESSOR, {}, "x86-64 or arm64"),
        (Layer.AUTODIFF, OTHER_PYTORCH, {}, "requirements.lock"),
        (Layer.AUTODIFF, NOT_OPENED, YAMA, "kernel.yama.ptrace_scope=0`: it is 2"),
        (Layer.AUTODIFF, NOT_WRITTEN, {}, "proc_mem.force_override"),
    ],
)
def test_what_gives_a_layer_is_reported(machine, layer, why, files, message):
    result = remedy(layer, why, machine(files))
    assert message in result
    assert "ulimit" not in result


def test_an_old_kernel_is_reported_and_one_that_tells_nothing(machine, tmp_path):
    assert "Linux 5.13 or later" in remedy(Layer.FILES, FAILED, machine({}, "5.4.0-1"))
    nothing = Machine(tmp_path / "nothing", MODERN)
    assert "CONFIG_USER_NS" in remedy(Layer.NAMESPACES, NO_NAMESPACES, nothing)


def test_this_machine_can_be_read():
    assert Machine().kernel > (2, 6)
    assert all(remedy(layer, FAILED) for layer in Layer)
