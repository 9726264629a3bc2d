"""Beside an honest notebook lie a pipe, a socket, and links to devices without end, for whoever reads or copies all."""
# covers: no notebook, files filled
# honest: exercise2
# %% tamper
import os, socket

os.mkfifo(folder / "data.csv")
(folder / "data.npz").symlink_to("/dev/zero")
(folder / "terminal.txt").symlink_to("/dev/tty")
(folder / "circle").symlink_to(".", target_is_directory=True)
place = os.open(folder, os.O_PATH)
with socket.socket(socket.AF_UNIX) as bound:
    bound.bind(f"/proc/self/fd/{place}/socket")
os.close(place)
