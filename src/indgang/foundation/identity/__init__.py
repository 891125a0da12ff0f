"""Who is at work: organisations, the houses they work in, their people, the roles people hold and the tokens scripts use.

Owns the words: organisation, participation, user, membership, role, token. Uses: database, identifiers, places.
"""
