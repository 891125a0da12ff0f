"""Every kind of table that can be imported and exported, and who follows what they say. A room that brings one is added here."""

from __future__ import annotations

from indgang.foundation.imports.kinds import register
from indgang.operations.guidance.actions.places import place_anew
from indgang.operations.guidance.imports import COURSES, DELIVERIES
from indgang.operations.reception.imports import VISITS
from indgang.registers.parties.actions.moves import follow_moves
from indgang.registers.parties.import_companies import COMPANIES
from indgang.registers.parties.import_establishments import ESTABLISHMENTS

KINDS = [COMPANIES, ESTABLISHMENTS, COURSES, DELIVERIES, VISITS]


def register_kinds() -> None:
    """Called once, when everything is installed."""
    for kind in KINDS:
        register(kind)
    follow_moves("guidance", place_anew)
