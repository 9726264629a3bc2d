"""Find out on which data an exception is raised and on which it is not."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from autograder.exercise import Answer, CallAll, Exercise, Failed, Fault, Instance, Returned

NUMBER = re.compile(r"\d+")


def go_on(
    exercise: Exercise, call_all: CallAll, instances: Sequence[Instance]
) -> Iterator[tuple[Instance, Answer]]:
    """Call on the remaining instances, one by one, while nothing worse than another exception happens."""
    for instance in instances:
        for answer in call_all(exercise, [instance]):
            yield instance, answer
            if isinstance(answer, Failed) and answer.fault.fault != "raised":
                return


def on_which(fault: Fault, answered: Mapping[Instance, Answer]) -> str:
    """Say on which data an exception is raised and on which it is not, as far as that was seen."""
    fine = [instance for instance, answer in answered.items() if isinstance(answer, Returned)]
    raised = [instance for instance, answer in answered.items() if not isinstance(answer, Returned)]
    if not fine:
        return ""
    return _by_one_size(fault, fine, raised) or _by_two_sizes(fine, raised) or _by_name(fine)


def _by_one_size(fault: Fault, fine: Sequence[Instance], raised: Sequence[Instance]) -> str:
    """Name the size that distinguishes the data: one that the exception mentions, if there are several."""
    telling = {
        size: (works, fails)
        for size in fine[0].sizes
        if (works := _lengths(fine, size)) and (fails := _lengths(raised, size)) and works.isdisjoint(fails)
    }
    named = {int(number) for number in NUMBER.findall(fault.message)}
    by_the_text = {size: pair for size, pair in telling.items() if pair[0] & named and pair[1] & named}
    deciding = telling if len(telling) == 1 else by_the_text
    if len(deciding) != 1:
        return ""
    ((size, (works, fails)),) = deciding.items()
    return f" It is raised where {_listed(size, fails)}, and not where {_listed(size, works)}."


def _by_two_sizes(fine: Sequence[Instance], raised: Sequence[Instance]) -> str:
    """Name two sizes whose order distinguishes the data."""
    names = [name for name in fine[0].sizes if all(name in one.sizes for one in (*fine, *raised))]
    for one in names:
        for other in names:
            if one != other:
                orders = [each.sizes[one] >= each.sizes[other] for each in fine]
                others = [each.sizes[one] >= each.sizes[other] for each in raised]
                if all(orders) and not any(others):
                    return f" It is raised where {one} is smaller than {other}, and not where it is not."
    return ""


def _by_name(fine: Sequence[Instance]) -> str:
    """Name the data on which nothing is raised."""
    names = list(dict.fromkeys(instance.description for instance in fine))
    return f" On {names[0]}{' and others' if names[1:] else ''} nothing is raised."


def _lengths(instances: Sequence[Instance], size: str) -> set[int]:
    """Collect the lengths of a size; nothing if one of the instances lacks it."""
    if any(size not in instance.sizes for instance in instances):
        return set()
    return {instance.sizes[size] for instance in instances}


def _listed(size: str, lengths: set[int]) -> str:
    *before, last = map(str, sorted(lengths))
    return f"{size} = {', '.join(before)} or {last}" if before else f"{size} = {last}"
