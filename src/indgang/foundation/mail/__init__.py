"""The outbox: letters written in the transaction that caused them, sent afterwards, retried, and never sent twice.

Owns the words: letter, outbox. Uses: database, identity, access, journal, jobs.
"""
