"""Reception: a person asks what they must do, gets one same-day itinerary, books it, and is received, served and seen out.

Owns the words: service, desk, interpreter, room, opening hours, closure, journey, traveller, visit (one step of a journey), ticket, line,
appointment, hold, offer.
Uses: foundation, registers.parties. The heart is in rules/, pure Python: journey rules, durations, the day as free time, the planner.
"""
