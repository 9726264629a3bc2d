"""Build assignments and grade what students hand in: the instructor's side of the course."""

import sys

from autograder import student_material

__version__ = "0.2.0"

student_material.make_importable()

# For web addresses in JSON schemas the package jsonschema would build a parser here, a second in each of our
# processes; no notebook's schema has one, and jsonschema does without where the package is missing.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]  # so Python marks what is missing
