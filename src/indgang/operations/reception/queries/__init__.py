"""Reads: the house and its hours (house), free time (free_time), plans (plans), journeys (journeys), the board (board)."""
