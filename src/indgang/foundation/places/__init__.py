"""Where things are: regions, their municipalities and their houses.

Owns the words: region, municipality, house. Uses: database.
"""
