"""What the house does, one room per job. Rooms on this floor share no door."""
