"""All descriptors are closed, and files of the student's own take their numbers."""
# covers: forged results on pipes
# %% exercise1
import os

def exercise1(*anything):
    os.closerange(0, 4096)
    for number in range(100):
        with open(f"full_marks_{number}", "wb") as file:
            file.write(b'{"value": 20.0}'*100)
        os.open(f"full_marks_{number}", os.O_RDWR)
    return [[1.0]]*4, [[1.0]]*4
