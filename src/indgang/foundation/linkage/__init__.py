"""A table in, clusters out: which records are the same person, company or whatever the table is about.

Knows columns and what they mean, nothing of people or companies as the house keeps them. Models after Fellegi and Sunter, estimated by
Splink on DuckDB from the table itself, without labels.

Owns the words: meaning, record key, double, cluster, heir. Uses: database, imports.
"""
