"""Start the fork server, ask its workers, and read their replies: the grader's side, which decides."""
