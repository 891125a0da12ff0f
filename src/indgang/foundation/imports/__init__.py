"""Tables in and out: reading CSV and Excel, preview, all-or-nothing batches, undo.

Owns the words: kind, batch, row, preview. Uses: database, places, identity, access, journal, files.
"""
