"""Start the fork server, send requests to its workers, and read their replies: the grader's side."""
