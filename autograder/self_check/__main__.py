"""Write the checks of the course's assignments into `files/checks` of a folder, for example the repository.

python -m autograder.self_check FOLDER
"""

import sys
from pathlib import Path

from autograder import assignments
from autograder.self_check.file import write_checks

if __name__ == "__main__":
    for path in write_checks(assignments.load_all(), Path(sys.argv[1])):
        print(f"wrote {path}")
