"""Objects in objects, each with a key, are sent as if a cell had put them out."""
# covers: forged results on pipes, memory
# honest: exercise2
# %% first
import os, stat, struct

header = b'{"json": {"messages": [' + b'{"a":{}},' * 3_000_000 + b'{}]}}'
for descriptor in range(3, 100):
    try:
        if stat.S_ISSOCK(os.fstat(descriptor).st_mode):
            os.set_blocking(descriptor, True)
            left = memoryview(struct.pack(">QQ", len(header), 0) + header)
            while left:
                left = left[os.write(descriptor, left):]
    except OSError:
        pass
