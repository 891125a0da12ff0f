"""`make bench`: how fast the house plans and books, measured over HTTP against a real server in a home of its own."""
