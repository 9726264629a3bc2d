"""What is remembered of graded submissions from run to run, in a file of lines."""

from autograder.nbgrader_bridge.earlier import Earlier, Seen, fingerprint

AMARA = Seen("a1", {"exercise1": "s1"})
BRUNO = Seen("b1")


def test_what_was_remembered_is_there_in_the_next_run(tmp_path):
    path = tmp_path / "logs" / "x.jsonl"
    earlier = Earlier(path)
    assert earlier.seen == {}
    earlier.remember("amara", AMARA)
    earlier.remember("bruno", BRUNO)
    assert Earlier(path).seen == {"amara": AMARA, "bruno": BRUNO}


def test_the_last_that_is_known_of_a_student_counts_and_the_file_does_not_grow(tmp_path):
    path = tmp_path / "x.jsonl"
    for n in range(50):
        Earlier(path).remember("amara", Seen(f"a{n}"))
    assert Earlier(path).seen == {"amara": Seen("a49")}
    assert len(path.read_bytes().splitlines()) == 1


def test_lines_that_are_cut_off_or_spoiled_are_left_out(tmp_path):
    path = tmp_path / "x.jsonl"
    Earlier(path).remember("amara", AMARA)
    whole = path.read_bytes()
    path.write_bytes(
        b'\xff\n[]\n{"student": 1}\n{"student": "x", "content": "", "alike": 5}\n\n' + whole + whole[:20]
    )
    earlier = Earlier(path)
    assert earlier.seen == {"amara": AMARA}
    earlier.remember("bruno", BRUNO)
    assert Earlier(path).seen == {"amara": AMARA, "bruno": BRUNO}


def test_a_fingerprint_tells_contents_apart():
    assert fingerprint(b"a") == fingerprint(b"a") != fingerprint(b"b")
