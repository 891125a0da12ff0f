"""Figures and texts as people take them along: tables with charts, Excel workbooks, CSV files, papers as tagged PDF (PDF/UA-1).

Owns the words: section, picture, paper. Uses: ui and measures.
"""
