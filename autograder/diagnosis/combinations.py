"""Which wrong choices are tried together: any few, and one mistake in several places as if it were one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import combinations, groupby
from typing import TypeAlias

from autograder.diagnosis.steps import Choice, Family

Choices: TypeAlias = tuple[Choice, ...]

IN_A_ROW = 3  # so many places in a row make one mistake out of several; so do all that there are


def settings_of(choices: Sequence[Choice]) -> dict[str, object]:
    """Give what a model is run with, for these choices."""
    return dict(choice.setting for choice in choices)


def exclusive(units: Sequence[Choices], count: int) -> Iterator[Choices]:
    """Give combinations in which no setting is chosen twice, and no two rare choices of different kinds."""
    for chosen in combinations(units, count):
        choices = tuple(choice for unit in chosen for choice in unit)
        if go_together(choices):
            yield choices


def exclusive_pairs(several: Sequence[Choices], units: Sequence[Choices]) -> Iterator[Choices]:
    """Give a mistake made everywhere with another such, or with one made once."""
    pairs = [*combinations(several, 2), *((first, one) for first in several for one in units)]
    for first, second in pairs:
        if go_together((*first, *second)):
            yield (*first, *second)


def go_together(choices: Choices) -> bool:
    """Whether no setting is chosen twice, and rare choices are of one kind."""
    rare = {choice.hint for choice in choices if choice.rare}
    return len({choice.setting[0] for choice in choices}) == len(choices) and len(rare) <= 1


def repeated(choices: Sequence[Choice]) -> list[Choices]:
    """Give one mistake in all its places, or in several in a row, most places first: no bias in any layer."""

    def kind(choice: Choice) -> tuple[str, str]:
        return choice.fault, choice.hint

    found: list[Choices] = []
    for _, alike in groupby(sorted(choices, key=kind), kind):
        places = list({choice.setting[0]: choice for choice in alike}.values())
        if len(places) > 1:
            found.append(tuple(places))
        found += [
            tuple(places[first : first + length])
            for length in range(len(places) - 1, IN_A_ROW - 1, -1)
            for first in range(len(places) - length + 1)
        ]
    return sorted(found, key=len, reverse=True)


def beside(families: Sequence[Family], others: Sequence[Choices]) -> Iterator[Family]:
    """Give the families that reach furthest, each with another mistake beside it."""
    furthest = max((len(family.choices(family.between[0])) for family in families), default=0)
    for family in families:
        own = family.choices(family.between[0])
        for other in others if len(own) == furthest else ():
            if go_together((*own, *other)):
                yield replace(family, choices=partial(_both, family, other))


def _both(family: Family, others: Choices, number: float) -> Choices:
    return (*family.choices(number), *others)
