"""Who calls what a student has written, and reads the answer off: one module each, on the student's side."""
