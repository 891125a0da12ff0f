"""What needs no database: what a course may say, what figures tell, and who approaches whom."""
