"""Write the checks of the course's assignments into `files/checks`: `python -m autograder.self_check`."""

from autograder import assignments, build
from autograder.self_check.file import write_checks

if __name__ == "__main__":
    for path in write_checks(assignments.load_all(), build.REPOSITORY):
        print(f"wrote {path}")
