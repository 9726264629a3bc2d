"""Keep the name by which courses' configurations know the preprocessor; it is in `autograde.preprocessor`."""

from autograder.nbgrader_bridge.autograde.preprocessor import BoxedExecute as BoxedExecute
