"""A cell prints HTML, and sequences that terminals take for colours, links and titles."""
# covers: scripts, output
# honest: exercise2
# %% first
import sys

print("<script>document.title = 'owned-by-a-student'</script>")
print("\x1b[31m<img src=x onerror=document.title='owned-by-a-student'>\x1b[0m", file=sys.stderr)
print("\x1b]8;;javascript:document.title='owned-by-a-student'\x07My answer\x1b]8;;\x07")
print("\x1b[38;2;\"onclick=document.title='owned-by-a-student';1mHello\x1b[0m\x1b]0;owned\x07")
