"""What the demonstration makes up, pure Python: people and names, how many come when, and how a day with them goes."""
