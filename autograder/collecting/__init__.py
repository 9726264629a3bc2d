"""Read what course servers provide: downloads of submissions, and lists of the students.

    Download (files, safe to read) --systems--> Person, one for each --roster--> the student's id

This knows no course's folder: `nbgrader_bridge/collecting/collect.py` puts the work where it belongs.
"""
