"""Make what is given away: the course from its text, bundles for students, the zip for Gradescope."""
