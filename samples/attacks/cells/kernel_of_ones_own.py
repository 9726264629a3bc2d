"""The notebook asks for a kernel that runs the student's program instead of Python."""
# covers: patched kernel
# honest: exercise2
# %% tamper
notebook.metadata.kernelspec = {"name": "../../../../full-marks", "display_name": "Full marks", "language": "sh"}
notebook.metadata.language_info = {"name": "sh", "file_extension": ".sh"}
