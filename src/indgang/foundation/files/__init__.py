"""Files that people hand in, kept once by content under `INDGANG_HOME/files`.

Owns the word: stored file. Uses: database, identity, access.
"""
