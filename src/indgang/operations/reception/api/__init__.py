"""The HTTP API of reception: houses and times (public_api), journeys (journeys_api), the house's staff with a token (staff_api)."""
