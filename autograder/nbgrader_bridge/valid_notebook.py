"""Keep the name by which courses' configurations know the preprocessor; it is in `sanitize_notebook`."""

from autograder.nbgrader_bridge.submission.sanitize_notebook import ValidNotebook as ValidNotebook
