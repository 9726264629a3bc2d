"""A cell raises an exception that draws its own traceback, a million lines of it."""
# covers: tracebacks
# honest: exercise2
# %% first
class Drawn(Exception):
    def _render_traceback_(self):
        return ["<script>document.title = 'owned-by-a-student'</script>"]*10**6

raise Drawn
