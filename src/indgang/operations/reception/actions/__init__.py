"""Verbs: holding and booking (holds, booking), changing a booking (changes), the floor (floor), the desk (desk)."""
