"""The heart of reception, pure Python: no Django, no database, no clock of its own."""
