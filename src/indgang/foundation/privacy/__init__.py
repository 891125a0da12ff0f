"""Privacy: what the models say of the people in them, gathered, and carried out in time; and the field type that keeps a CPR number
encrypted.

Owns the words: declaration, purpose, retention. Uses: database, identifiers, identity, access, vault, journal.
"""
