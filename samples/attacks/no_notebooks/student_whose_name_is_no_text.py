"""Beside an honest folder lies one for a student whose name no gradebook and no log can hold, with a notebook in it."""
# covers: no notebook, output
# honest: exercise2
# %% tamper
import os

mine = os.fsencode(folder)
student, assignment = os.path.split(mine)
for name in (b"-\xff", b"-\n  forged-by-a-student: 30"):
    place = os.path.join(student + name, assignment)
    os.makedirs(place)
    with open(os.path.join(place, assignment + b".ipynb"), "w") as file:
        file.write("{}")
