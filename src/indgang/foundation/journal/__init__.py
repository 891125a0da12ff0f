"""The journal: who did what, when, for which organisation, to what. Append-only, sealed, and readable by those it concerns.

Owns the words: entry, verb, circle, seal. Uses: database, places, identity, access, vault.
"""
