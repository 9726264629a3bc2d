"""A cell makes ten thousand files, one inside the other's folder as deep as it goes."""
# covers: files filled
# honest: exercise2
# %% first
import os, tempfile

os.chdir(tempfile.mkdtemp())
for number in range(8000):
    open(f"{number}.txt", "w").close()
for number in range(2000):
    os.mkdir("a"*50)
    os.chdir("a"*50)
os.chmod(".", 0)
