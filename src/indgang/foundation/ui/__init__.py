"""The look: page frame, components, forms, languages, public notices. Pages of all rooms are built from these.

Owns the words: component, notice. Uses: database, places, identity, access.
"""
