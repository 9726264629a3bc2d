"""Take part in `nbgrader autograde`, one notebook after the other."""
