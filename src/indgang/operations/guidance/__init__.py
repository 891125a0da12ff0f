"""Guidance: what the organisations of a region do for companies.

A course is guidance over some time; a delivery is its light form. Screening visits, the sustainability wheel and the agreements about who
approaches which company stand beside them. Early Warning courses are confidential: only their team knows of them.

Owns the words: course, delivery, contact log, next step, screening visit, playbook, wheel, division of labour, outreach agreement, grey
zone, planned contact, office notice, duty. Uses: parties and foundation.
"""
