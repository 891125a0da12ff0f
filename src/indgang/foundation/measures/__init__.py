"""Figures that open to the rows behind them: what a room declares, and how it is counted.

Owns the words: measure, figure, evidence, share, spread.
Uses: places and identity.
"""
