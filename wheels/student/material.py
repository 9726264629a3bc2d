"""What goes into the student's wheel: `utils` with its data, and beside it the notebooks."""

import runpy
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

REPOSITORY = Path(__file__).resolve().parents[2]
SHARE = "share/backpropagation-course"  # below the environment's folder, as Jupyter's own data


class Material(BuildHookInterface[Any]):
    """Say what the wheel holds."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Say where each file goes."""
        del version
        # by its path: to import it as a module would need the course installed
        material = runpy.run_path(str(REPOSITORY / "autograder" / "student_material.py"))
        places = {"utils": "utils", "files": "utils/files"}
        for folder, place in places.items():
            for path in material["files_below"](folder):
                name = path.relative_to(REPOSITORY / folder).as_posix()
                build_data["force_include"][str(path)] = f"{place}/{name}"
        for path in material["files_below"]("notebooks"):
            build_data["shared_data"][str(path)] = f"{SHARE}/notebooks/{path.name}"
        build_data["shared_data"][str(REPOSITORY / "LICENSE")] = f"{SHARE}/LICENSE"
