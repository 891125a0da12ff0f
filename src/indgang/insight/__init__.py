"""What came of it: contracts, surveys, funding, effects. Rooms move in with their issues."""
