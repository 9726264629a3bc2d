"""Call a student's function and read its answer: what runs on the student's side of the trust boundary."""
