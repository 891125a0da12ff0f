"""What needs no database: what a course may say, and what figures tell."""
