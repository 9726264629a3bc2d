"""Write a worker's replies, which `client.replies` reads.

A reply says what happened by names and quoted words; the sentences are the grader's.
"""

from __future__ import annotations

from autograder.exercise import Failed, Fault, Returned, Value
from autograder.sandbox.protocol import frames


def answer_reply(answer: Returned | Failed, after: Value) -> dict[str, frames.Message]:
    """Write the reply to a call.

    after : what became of the inputs.
    """
    if isinstance(answer, Failed):
        return fault_reply(answer.fault)
    return {"value": answer.value, "after": after, "faults": [words(fault) for fault in answer.faults]}


def fault_reply(fault: Fault) -> dict[str, frames.Message]:
    """Write the reply to a call that produced no answer."""
    return {"faults": [words(fault)]}


def words(fault: Fault) -> frames.Message:
    """Serialise a fault of a call: its name, its place, and what its sentence quotes."""
    return [fault.fault, fault.where, *fault.details]
