"""Return marks and feedback to students, and write the report on a class."""
