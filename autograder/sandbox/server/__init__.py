"""Run students' code: a warm process, its forks, their interpreter. The client starts it as a program."""
