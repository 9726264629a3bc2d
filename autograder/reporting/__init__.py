"""What a class got wrong: numbers, pictures and a page, from what was said of every part.

It knows no course's folder: `nbgrader_bridge/returning/report.py` gathers the records.
"""
