"""A cell writes three hundred megabytes, in the notebook's folder and where temporary files belong."""
# covers: files filled
# honest: exercise2
# %% first
import os, tempfile

for folder in (os.getcwd(), tempfile.gettempdir()):
    with open(os.path.join(folder, "flood.bin"), "wb") as file:
        for _ in range(15):
            file.write(b"x"*10**7)
            file.flush()
