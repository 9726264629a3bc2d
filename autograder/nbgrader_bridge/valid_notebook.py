"""Keep the name by which courses' configuration knows the preprocessor; it lies in `sanitize_notebook`."""

from autograder.nbgrader_bridge.submission.sanitize_notebook import ValidNotebook as ValidNotebook
