"""Who may: the actor behind a change, what an actor is allowed, and the silence that outsiders meet (404, never 403).

Owns the words: actor, permission. Uses: database, identity.
"""
