"""Run as part of `nbgrader autograde`, one notebook after another."""
