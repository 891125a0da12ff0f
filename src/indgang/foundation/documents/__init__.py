"""Figures and texts as people take them along: tables with charts, Excel workbooks, CSV files, PDF.

Owns the words: section, picture. Uses: ui and measures.
"""
