"""List which mistakes are tried together: any few, and one mistake in several places as if it were one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import groupby
from typing import TypeAlias

from autograder.diagnosis.steps import ComputationMistake, Family

Mistakes: TypeAlias = tuple[ComputationMistake, ...]

IN_A_ROW = 3  # so many places in a row make one mistake out of several; so do all that there are


def settings_of(mistakes: Sequence[ComputationMistake]) -> dict[str, object]:
    """Return the settings that a computation is run with, for these mistakes."""
    return dict(mistake.setting for mistake in mistakes)


def exclusive(units: Sequence[Mistakes], count: int) -> Iterator[Mistakes]:
    """Yield combinations in which no setting is chosen twice, and no two rare mistakes of different kinds."""
    own = [k for k, unit in enumerate(units) if go_together(unit)]
    beside = {k: {other for other in own if go_together(units[k] + units[other])} for k in own * (count > 1)}

    def longer(chosen: Mistakes, among: Sequence[int], remaining: int) -> Iterator[Mistakes]:
        if not remaining:
            yield chosen
            return
        for place, k in enumerate(among):  # whether mistakes go together is a matter of any two of them
            after = [other for other in among[place + 1 :] if other in beside[k]] if remaining > 1 else []
            yield from longer(chosen + units[k], after, remaining - 1)

    return longer((), own, count)


def beside_repeated(several: Sequence[Mistakes], units: Sequence[Mistakes], count: int) -> Iterator[Mistakes]:
    """Yield so many mistakes, of which one or more are made everywhere, and the others once."""
    for repetitions in range(count, 0, -1):
        for everywhere in exclusive(several, repetitions):
            others = [unit for unit in units if go_together(everywhere + unit)] if repetitions < count else ()
            for once in exclusive(others, count - repetitions):
                yield everywhere + once


def go_together(mistakes: Mistakes) -> bool:
    """Return whether no setting is chosen twice, rare mistakes are of one kind, and none is to be alone."""
    if len(mistakes) > 1 and any(mistake.alone for mistake in mistakes):
        return False
    rare = {mistake.hint for mistake in mistakes if mistake.rare}
    return len({mistake.setting[0] for mistake in mistakes}) == len(mistakes) and len(rare) <= 1


def repeated(mistakes: Sequence[ComputationMistake]) -> list[Mistakes]:
    """Yield one mistake in all its places, or in several in a row, most first: no bias in any layer."""
    result: list[Mistakes] = []
    for places in everywhere(mistakes):
        result.append(places)
        result += [
            places[first : first + length]
            for length in range(len(places) - 1, IN_A_ROW - 1, -1)
            for first in range(len(places) - length + 1)
        ]
    return sorted(result, key=len, reverse=True)


def everywhere(mistakes: Sequence[ComputationMistake]) -> list[Mistakes]:
    """Return each mistake that can be made in several places in all of them."""

    def kind(mistake: ComputationMistake) -> tuple[str, str]:
        return mistake.fault, mistake.hint

    result = []
    for _, alike in groupby(sorted((one for one in mistakes if not one.alone), key=kind), kind):
        places = tuple({mistake.setting[0]: mistake for mistake in alike}.values())
        if len(places) > 1:
            result.append(places)
    return result


def beside(families: Sequence[Family], others: Sequence[Mistakes]) -> Iterator[Family]:
    """Yield the families, those that reach furthest first, each with another mistake."""
    reaching = [(family, family.mistakes(family.between[0])) for family in families]
    for family, own in sorted(reaching, key=lambda each: -len(each[1])):
        for other in others:
            if go_together((*own, *other)):
                yield replace(family, mistakes=partial(_both, family, other))


def _both(family: Family, others: Mistakes, number: float) -> Mistakes:
    return (*family.mistakes(number), *others)
