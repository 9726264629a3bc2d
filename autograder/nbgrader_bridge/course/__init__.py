"""Know a course's folder, and keep in it what the next command needs."""
