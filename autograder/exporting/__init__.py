"""Write marks and feedback in the forms that course servers read.

It knows no course's folder: `nbgrader_bridge/returning/export.py` reads marks from the gradebook and hands
them over.
"""
