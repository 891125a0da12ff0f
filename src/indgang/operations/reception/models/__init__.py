"""The nouns of reception: the house's offer (house.py), interpreters and rooms (resources.py), the citizen's journey (journey.py), what
tables say of it (told.py), what took place (turn.py), places taken (booking.py), the line in the hall (line.py), links (links.py), who
sits where (roster.py), the waiting list (waiting.py), what employers book (employers.py), what staff keep of the hours (sessions.py).
"""

from indgang.operations.reception.models.after_visit import AfterVisit, Invitation, NoQuestions, Question, VisitAnswer
from indgang.operations.reception.models.booking import Appointment, Hold
from indgang.operations.reception.models.employers import Employee, EmployerBooking
from indgang.operations.reception.models.feeds import Feed
from indgang.operations.reception.models.house import Closure, Desk, Hours, RuleSet, Service, Walk
from indgang.operations.reception.models.journey import Journey, Note, Traveller, Visit
from indgang.operations.reception.models.line import LineSetting, Priority, Ticket, WaitsTold
from indgang.operations.reception.models.links import Code, IdempotentRequest, LinkKey
from indgang.operations.reception.models.resources import Resource
from indgang.operations.reception.models.roster import Absence, Sitting
from indgang.operations.reception.models.sessions import Kept, OpenDay, Session
from indgang.operations.reception.models.told import Told
from indgang.operations.reception.models.turn import KnownAgain, Turn
from indgang.operations.reception.models.waiting import FreedPlaces, WaitingEntry, WaitingOffer

__all__ = [
    "Absence",
    "AfterVisit",
    "Appointment",
    "Closure",
    "Code",
    "Desk",
    "Employee",
    "EmployerBooking",
    "Feed",
    "FreedPlaces",
    "Hold",
    "Hours",
    "IdempotentRequest",
    "Invitation",
    "Journey",
    "Kept",
    "KnownAgain",
    "LineSetting",
    "LinkKey",
    "NoQuestions",
    "Note",
    "OpenDay",
    "Priority",
    "Question",
    "Resource",
    "RuleSet",
    "Service",
    "Session",
    "Sitting",
    "Ticket",
    "Told",
    "Traveller",
    "Turn",
    "Visit",
    "VisitAnswer",
    "WaitingEntry",
    "WaitingOffer",
    "WaitsTold",
    "Walk",
]
