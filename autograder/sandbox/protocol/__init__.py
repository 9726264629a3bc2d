"""Frame what crosses the trust boundary: both sides import this package, and it imports neither."""
