"""Keep the name by which courses' configuration knows the preprocessor; it lies in `preprocessor`."""

from autograder.nbgrader_bridge.autograde.preprocessor import BoxedExecute as BoxedExecute
