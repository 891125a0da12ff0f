"""People and companies."""

from indgang.registers.parties.models.change import Change
from indgang.registers.parties.models.company import Company, Establishment, Move, Word
from indgang.registers.parties.models.company_file import CompanyNote, Consent, ConsentKind, Contact
from indgang.registers.parties.models.double import Double, Judgement
from indgang.registers.parties.models.field import EIGHT, Field
from indgang.registers.parties.models.person import Person
from indgang.registers.parties.models.segment import Segment
from indgang.registers.parties.models.sharing import Sharing
from indgang.registers.parties.models.tie import Tie, TieKind

__all__ = [
    "EIGHT",
    "Change",
    "Company",
    "CompanyNote",
    "Consent",
    "ConsentKind",
    "Contact",
    "Double",
    "Establishment",
    "Field",
    "Judgement",
    "Move",
    "Person",
    "Segment",
    "Sharing",
    "Tie",
    "TieKind",
    "Word",
]
