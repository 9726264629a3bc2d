"""Read what course servers give out: downloads of submissions, and lists of the students.

    Download (files, safe to read) --systems--> Person, one a person --roster--> the student's id

It knows no course's folder: `nbgrader_bridge/collecting/collect.py` puts what was handed in into its place.
"""
