"""Grade through nbgrader: only this package knows nbgrader's folders, gradebook, preprocessors and metadata.

`whole_class.grade_class` lists a class's `submissions`, has processes (`graders`, `grading_process`) grade
each of them (`submission.grade_submission`, `grade_notebook`), and writes what comes back into the
`gradebook`, the `autograded_folder` and the course's `class_log`. Under `nbgrader autograde`,
`autograde.preprocessor` handles one notebook at a time. `executor`, `hidden_test` and `valid_notebook` are
names that courses have in their files.
"""
