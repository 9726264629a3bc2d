"""What late work costs: the course's own rule, called as nbgrader calls it."""

from __future__ import annotations

import math
import numbers
from typing import Any

from nbgrader.preprocessors import AssignLatePenalties
from traitlets.config import Config

from autograder.nbgrader_bridge import settings


class NoSuchPlugin(Exception):
    """The course names a plugin that cannot be loaded; the message is a sentence for people."""


class PenaltyUnknown(Exception):
    """The plugin gave no penalty that can be written down; the message is a sentence for people."""


class Penalties:
    """The late-penalty plugin of a course, `c.AssignLatePenalties.plugin_class` in its settings."""

    def __init__(self, config: Config) -> None:
        """Load it.

        Raises
        ------
        NoSuchPlugin
            It cannot be imported, or is no plugin of nbgrader's.
        """
        self._root = settings.root_of(config)
        named = config.get("AssignLatePenalties", {}).get("plugin_class", "LateSubmissionPlugin")
        self._name = named if isinstance(named, str) else getattr(named, "__name__", repr(named))
        try:
            with settings.working_in(self._root):
                self._rule = AssignLatePenalties(config=config)
        except (Exception, SystemExit) as error:  # its module is a program
            raise NoSuchPlugin(
                f"The late-penalty plugin {self._name} could not be loaded: {_line(error)}. "
                "nbgrader looks for it in the course's folder and among what is installed."
            ) from None

    def of(self, notebook: Any, student: str, seconds: float) -> float | None:  # noqa: ANN401  a row
        """What a notebook loses that came this late; None where the rule sets nothing.

        Raises
        ------
        PenaltyUnknown
            The plugin raised an exception, or gave something that is no number.
        """
        if seconds <= 0:
            return None
        try:
            with settings.working_in(self._root):
                self._rule.init_plugin()
                penalty = self._rule.plugin_inst.late_submission_penalty(student, notebook.score, seconds)
        except (Exception, SystemExit) as error:  # it is a program
            raise PenaltyUnknown(self._told(f"raised {_line(error)}")) from None
        if penalty is None:
            return None
        if not isinstance(penalty, numbers.Real) or not math.isfinite(penalty):
            raise PenaltyUnknown(self._told(f"gave {str(penalty)[:60]!r}, which is no number of points"))
        return float(self._rule._check_late_penalty(notebook, float(penalty)))

    def _told(self, what: str) -> str:
        return (
            f"the late-penalty plugin {self._name} {what}. Nothing was taken off: correct the plugin, "
            "then grade with `--force`"
        )


def _line(error: BaseException) -> str:
    return f"{type(error).__name__}: {' '.join(str(error).split())[:300]}".rstrip(".: ")
