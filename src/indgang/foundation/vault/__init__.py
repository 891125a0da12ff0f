"""The vault: a key per person, under which personal text is kept; destroy the key and the text is gone everywhere at once.

Owns the words: subject, key, erase. Uses: database.
"""
