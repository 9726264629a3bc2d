"""What is remembered of graded submissions from run to run, in a file of lines."""

from autograder.nbgrader_bridge.course.class_log import (
    LOG_FOLDER,
    GradedBefore,
    GradedContent,
    content_fingerprint,
)

AMARA = GradedContent("a1", {"exercise1": "s1"})
BRUNO = GradedContent("b1")


def test_what_was_remembered_is_there_in_the_next_run(tmp_path):
    earlier = GradedBefore(tmp_path, "x")
    assert earlier.by_student == {}
    earlier.remember("amara", AMARA)
    earlier.remember("bruno", BRUNO)
    assert GradedBefore(tmp_path, "x").by_student == {"amara": AMARA, "bruno": BRUNO}


def test_the_last_that_is_known_of_a_student_counts_and_the_file_does_not_grow(tmp_path):
    path = tmp_path / LOG_FOLDER / "x.graded.jsonl"
    for n in range(50):
        GradedBefore(tmp_path, "x").remember("amara", GradedContent(f"a{n}"))
    assert GradedBefore(tmp_path, "x").by_student == {"amara": GradedContent("a49")}
    assert len(path.read_bytes().splitlines()) == 1


def test_lines_that_are_cut_off_or_spoiled_are_left_out(tmp_path):
    path = tmp_path / LOG_FOLDER / "x.graded.jsonl"
    GradedBefore(tmp_path, "x").remember("amara", AMARA)
    whole = path.read_bytes()
    spoiled = b'\xff\n[]\n{"student": 1}\n{"student": "x", "content": "", "alike": 5}\n\n'
    path.write_bytes(spoiled + whole + whole[:20])
    earlier = GradedBefore(tmp_path, "x")
    assert earlier.by_student == {"amara": AMARA}
    earlier.remember("bruno", BRUNO)
    assert GradedBefore(tmp_path, "x").by_student == {"amara": AMARA, "bruno": BRUNO}


def test_a_fingerprint_tells_contents_apart():
    assert content_fingerprint(b"a") == content_fingerprint(b"a") != content_fingerprint(b"b")
