"""What is printed moves the cursor, links, asks the terminal questions, and turns the reading direction round."""
# covers: scripts, output
# honest: exercise2
# %% first
code = "document.title='owned-by-a-student'"
print(f"\x1b]8;;javascript:{code}\x1b\\click\x1b]8;;\x1b\\ \x1b[6n \x1b]52;c;b3duZWQ=\x07 \x9b31m \x1bP$q\x1b\\ \u202e P 02 fo 02 \u2066")
print(f"\x1b[31;\"onmouseover=\"{code}\"m red \x1b[38;2;1;2;999999999999999999999m \x1b[{'1;'*50_000}m")
raise RuntimeError("\x1b[2J\x1b]0;owned-by-a-student\x07 \u202e \r exercise1: 20 of 20")
