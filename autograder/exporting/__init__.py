"""Write marks and feedback in the formats that course servers read.

This knows no course's folder: `nbgrader_bridge/returning/export.py` reads marks from the gradebook and passes
them on.
"""
