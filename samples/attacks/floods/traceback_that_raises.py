"""A cell raises what cannot be shown: its message raises, and so does what is raised then."""
# covers: tracebacks
# honest: exercise2
# %% first
class Unspeakable(Exception):
    def __str__(self): raise Unspeakable
    def __repr__(self): raise Unspeakable
    def __getattribute__(self, name): raise Unspeakable
    def _render_traceback_(self): raise SystemExit

raise Unspeakable
