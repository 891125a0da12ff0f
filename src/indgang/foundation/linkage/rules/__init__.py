"""What columns mean, how values are cleaned and compared, which pairs are looked at, and what becomes of them. No Django, no database.

What is done to a million values at once is given as SQL of DuckDB, so that there is one rule for a table and for one record.
"""
