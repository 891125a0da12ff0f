"""Guidance's share of the demonstration: courses and deliveries of the organisations that serve companies."""
