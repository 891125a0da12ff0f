"""Data, no code: each region is a folder of data files."""
