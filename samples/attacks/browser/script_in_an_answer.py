"""The answer is made of types, and of kinds of numbers, whose names are HTML."""
# covers: scripts, odd answers
# honest: exercise2
# %% exercise1
Named = type("<script>document.title='owned-by-a-student'</script>", (), {})
kinds = numpy.dtype([("<img src=x onerror=document.title='owned-by-a-student'>", "f8")])

def exercise1(W,B,*rest):
    return [Named()]*4, [numpy.zeros(6, dtype=kinds)]*4
