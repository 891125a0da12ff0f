"""Reads: the house and its hours (house), free time (free_time), itineraries on offer (itineraries), plans (plans), journeys (journeys),
the board (board), the desk (desk), arrivals (arrivals), numbers of a day (numbers), other times (times), what changed since (stamps)."""
