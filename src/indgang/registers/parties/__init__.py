"""People and companies: what all rooms share about them.

A company's facts are everyone's; contacts, notes and consents belong to the organisation that wrote them. Other rooms say with a tie which
organisation deals with which company, so that "known: ask X" and "in contact now" need not know those rooms.

Owns the words: person, company, establishment, contact, note, consent, tie, double, segment, field. Uses: foundation.
"""
