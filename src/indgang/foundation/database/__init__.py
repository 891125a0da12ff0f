"""The database everyone stands on: where it is, how it starts, and what every model must say.

Owns the words: embedded server, clock, bilingual content, personal data declaration.
Uses nothing else of the house.
"""
