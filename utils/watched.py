"""Detect from an exception that a tensor was asked for a gradient although it is an operation's result."""

import dis
import traceback
from itertools import pairwise
from typing import Any

from utils.reading import real_torch

MISSING = "NoneType"  # what Python calls a gradient that is not there


def result_without_gradient(error: BaseException) -> str:
    """Name the tensor whose missing `.grad` raised an exception, if it is an operation's result.

    PyTorch fills in `.grad` of tensors that were made to be watched, and not of what is computed from these.
    """
    torch = real_torch()
    if torch is None or type(error) not in (TypeError, AttributeError) or MISSING not in str(error):
        return ""
    *_, (frame, _) = traceback.walk_tb(error.__traceback__)
    at = _last(error)
    before = [step for step in dis.get_instructions(frame.f_code) if step.offset <= at]
    for owner, step in reversed(list(pairwise(before))):
        if step.opname == "LOAD_ATTR" and step.argval == "grad":
            value: Any = frame.f_locals.get(owner.argval) if type(owner.argval) is str else None
            made = type(value) is torch.Tensor and value.requires_grad and not value.is_leaf
            return owner.argval if made else ""
    return ""


def _last(error: BaseException) -> int:
    """Return the offset of the instruction that raised an exception, in the innermost frame."""
    at = error.__traceback__
    while at is not None and at.tb_next is not None:
        at = at.tb_next
    return at.tb_lasti if at is not None else -1
