"""What students' self-checks compare with: numbers and words, made with the grader's own diagnosis."""
