"""The exercise is a coroutine that is never awaited, and generators that yield each other."""
# covers: generators
# %% exercise1
async def exercise1(*anything):
    return [1.0]*4, [1.0]*4
# %% exercise2
def exercise2(*anything):
    first, second = (item for item in iter(lambda: second, 0)), None
    second = (item for item in first)
    yield from second
