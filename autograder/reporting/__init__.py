"""Report on what a class got wrong: numbers, pictures and a page, made from the results of every part.

This knows no course's folder: `nbgrader_bridge/returning/report.py` gathers the records.
"""
