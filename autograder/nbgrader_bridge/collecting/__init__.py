"""Put downloads from course servers where nbgrader looks for submissions."""
