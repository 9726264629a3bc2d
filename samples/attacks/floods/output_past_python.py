"""A cell writes to the descriptors themselves, bytes that are no text among them."""
# covers: output
# honest: exercise2
# %% first
import os, subprocess, sys

for _ in range(200):
    os.write(1, b"\xff\x00\x1b[2J"*10000)
    os.write(2, b"\x1b]0;full marks\x07"*3000)
subprocess.run([sys.executable, "-c", "print('y'*10**7)"])
