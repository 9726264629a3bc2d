"""Grade through nbgrader: its folders, gradebook, preprocessors and metadata are known here alone.

A class's way: `whole_class.grade_class` finds its `submissions`, has processes (`graders`,
`grading_process`) grade each (`submission.grade_submission`, `grade_notebook`), and puts what comes back
into the `gradebook`, the `autograded_folder` and the course's `class_log`. Under `nbgrader autograde`,
`autograde.preprocessor` does one notebook's part. `executor`, `hidden_test` and `valid_notebook` are names
that courses have in their files.
"""
