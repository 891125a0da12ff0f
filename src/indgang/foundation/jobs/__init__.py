"""Work that happens after the answer: jobs in the same PostgreSQL, one transaction with the change that caused them.

Owns the words: job, worker. Uses: database.
"""
