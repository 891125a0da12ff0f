"""People (and, with their issue, companies): what all rooms share about them.

Owns the words: person. Uses: foundation.
"""
