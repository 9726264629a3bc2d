"""Keep the name by which courses' notebooks call for their marks; the function lies in `marks_cell`."""

from autograder.nbgrader_bridge.marks_cell import marks as marks
