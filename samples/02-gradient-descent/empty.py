"""The notebook as it was handed out, no answer filled in."""
