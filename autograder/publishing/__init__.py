"""Make what is handed out: the course from its text, bundles for students, the zip for Gradescope."""
