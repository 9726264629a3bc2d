"""Make what students' self-checks compare with: numbers and sentences, from the grader's own diagnosis."""
