"""What made-up clerks write about made-up people."""

from __future__ import annotations

from random import Random

NOTES = (
    "Has moved twice this month; the rental contract was checked for the newest address.",
    "Would like the letter in English. Interpreter not needed.",
    "Starts work on the first of the month; the employer was called and confirmed the start date.",
    "The spouse comes next week; same family, same address.",
    "Name is written differently in passport and contract; the passport's spelling was used.",
    "Asked for the nearest doctor who speaks English.",
    "Child's birth certificate was translated; copy kept with the case.",
    "Contract runs for a year; reminded to write when it is prolonged.",
    "Needs the documents for the bank on Friday; told where to find them.",
    "Had an old registration from a stay some years ago; it was found and used.",
)
REFUSALS = (
    "The ground for residence could not be shown: the contract is for another person.",
    "The passport has expired. Told to renew it at the embassy and to book again.",
    "The address is not approved for living in all year round.",
    "The application on the net has not been sent yet, so it could not be handled here.",
)


def note_text(source: Random, *, refused: bool) -> str:
    """A note, or the reason of a refusal."""
    return source.choice(REFUSALS if refused else NOTES)
