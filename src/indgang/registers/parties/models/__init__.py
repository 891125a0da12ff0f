"""People and companies."""

from indgang.registers.parties.models.company import Company, Establishment, Word
from indgang.registers.parties.models.person import Person

__all__ = ["Company", "Establishment", "Person", "Word"]
