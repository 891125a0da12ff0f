"""Numbers and keys that name people, companies, places and records: CPR, CVR, GLN, country codes, references, secret keys.

Owns the words: reference, key, digest. Uses nothing else of the house.
"""
