"""Reads of people and companies."""
