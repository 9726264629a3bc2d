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


def beside_repeated(several: Sequence[Choices], units: Sequence[Choices], count: int) -> Iterator[Choices]:
    """Give so many mistakes, of which one or more are made everywhere, and the others once."""
    for repetitions in range(count, 0, -1):
        for everywhere in exclusive(several, repetitions):
            for once in combinations(units, count - repetitions):
                choices = (*everywhere, *(choice for unit in once for choice in unit))
                if go_together(choices):
                    yield choices


def go_together(choices: Choices) -> bool:
    """Whether no setting is chosen twice, and rare choices are of one kind."""
    rare = {choice.hint for choice in choices if choice.rare}
    return len({choice.setting[0] for choice in choices}) == len(choices) and len(rare) <= 1


def repeated(choices: Sequence[Choice]) -> list[Choices]:
    """Give one mistake in all its places, or in several in a row, most places first: no bias in any layer."""
    found: list[Choices] = []
    for places in everywhere(choices):
        found.append(places)
        found += [
            places[first : first + length]
            for length in range(len(places) - 1, IN_A_ROW - 1, -1)
            for first in range(len(places) - length + 1)
        ]
    return sorted(found, key=len, reverse=True)


def everywhere(choices: Sequence[Choice]) -> list[Choices]:
    """Give each mistake that can be made in several places in all of them."""

    def kind(choice: Choice) -> tuple[str, str]:
        return choice.fault, choice.hint

    found = []
    for _, alike in groupby(sorted(choices, key=kind), kind):
        places = tuple({choice.setting[0]: choice for choice in alike}.values())
        if len(places) > 1:
            found.append(places)
    return found


def beside(families: Sequence[Family], others: Sequence[Choices]) -> Iterator[Family]:
    """Give the families, those that reach furthest first, each with another mistake beside it."""
    reaching = [(family, family.choices(family.between[0])) for family in families]
    for family, own in sorted(reaching, key=lambda each: -len(each[1])):
        for other in others:
            if go_together((*own, *other)):
                yield replace(family, choices=partial(_both, family, other))


def _both(family: Family, others: Choices, number: float) -> Choices:
    return (*family.choices(number), *others)
