"""Name the layers of the sandbox's isolation, and say what each protects."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Layer(StrEnum):
    """Name a layer; a machine has it or misses it."""

    NAMESPACES = "namespaces"
    FILES = "files"
    SYSTEM_CALLS = "system-calls"
    LIMITS = "limits"
    AUTODIFF = "autodiff"


PROTECTS: Mapping[Layer, str] = {
    Layer.NAMESPACES: "no other process, network or shared memory is seen, all ends at once, no file's "
    "rights, owner or time are changed, and what is written lies in a memory disk that vanishes",
    Layer.FILES: "nothing is read but Python, `utils` and the submission's own files, and nothing is "
    "written outside",
    Layer.SYSTEM_CALLS: "no process is started, no connection opened, no administration of the machine",
    Layer.AUTODIFF: "an exercise by hand is called while automatic differentiation is switched off",
    Layer.LIMITS: "memory, file sizes, descriptors and processor time end somewhere",
}
