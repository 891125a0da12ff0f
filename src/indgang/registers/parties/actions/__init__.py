"""What changes people and companies."""
