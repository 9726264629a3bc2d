"""Call what a student has written and read the answer: one module per driver, on the student's side."""
