"""Who is to be asked after a visit, which link opens the questions, and what was answered."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from indgang.foundation.database import clock
from indgang.foundation.identifiers.keys import digest
from indgang.foundation.places.models import House
from indgang.operations.reception.models import AfterVisit, Invitation, Journey, NoQuestions, Question, Visit, VisitAnswer
from indgang.operations.reception.models.after_visit import Kind
from indgang.operations.reception.models.journey import AT_A_DESK, Status
from indgang.operations.reception.queries.journeys import day_of
from indgang.operations.reception.queries.tickets import ticket_opened_by
from indgang.operations.reception.rules.after_visit import FEWEST, USABLE, Counted, counted

OPEN = [Status.PLANNED, Status.WAITING, *AT_A_DESK]
TICKET_DAYS = dt.timedelta(days=7)


def address_digest(email: str) -> str:
    """What is kept of an address that wants no questions."""
    return digest(email.strip().lower())


def journeys_to_ask(house: House, day: dt.date) -> list[Journey]:
    """Parties whose last step ended that day, with a confirmed e-mail address, who were never asked and did not decline."""
    begins, ends = day_of(house.zone, day)
    visits = Visit.objects.filter(journey=OuterRef("pk"))
    done = visits.filter(status=Status.DONE, ended_at__gte=begins, ended_at__lt=ends)
    later = visits.filter(status=Status.DONE, ended_at__gte=ends)
    rows = Journey.objects.filter(Exists(done), ~Exists(later), ~Exists(visits.filter(status__in=OPEN)), house=house, cancelled_at=None)
    rows = rows.filter(contact__email__gt="", contact__anonymised_at=None).exclude(email_confirmed_at=None)
    rows = rows.exclude(pk__in=Invitation.objects.values("journey")).select_related("house__region", "contact").order_by("pk")
    found = list(rows)
    unwanted = {address_digest(one.contact.email) for one in found if one.contact}
    unwanted &= set(NoQuestions.objects.filter(digest__in=unwanted).values_list("digest", flat=True))
    return [one for one in found if one.contact and address_digest(one.contact.email) not in unwanted]


@dataclass(frozen=True)
class Asked:
    """Somebody with a link to the questions. `used`: they have answered or declined. `written_to`: they were asked by letter."""

    journey: Journey
    used: bool
    written_to: bool


def asked_by_letter(key: str) -> Asked | None:
    """Whom the letter with that key was written to."""
    rows = Invitation.objects.filter(digest=digest(key)).select_related("journey__house__region", "journey__contact")
    found = rows.first()
    if found is None or found.expires_on < clock.today(found.journey.house.zone):
        return None
    return Asked(found.journey, found.used, written_to=True)


def asked_by_ticket(number: int, key: str) -> Asked | None:
    """Whose ticket it is, once everything they came for has ended, for a week."""
    ticket = ticket_opened_by(number=number, key=key)
    if ticket is None or not AfterVisit.objects.filter(house=ticket.house).exists():
        return None
    visits = Visit.objects.filter(journey=ticket.journey)
    over = visits.filter(status=Status.DONE).exists() and not visits.filter(status__in=OPEN).exists()
    if not over or ticket.date < clock.today(ticket.house.zone) - TICKET_DAYS:
        return None
    journey = Journey.objects.select_related("house__region", "contact").get(pk=ticket.journey_id)
    return Asked(journey, Invitation.objects.filter(journey=journey, used=True).exists(), written_to=False)


def questions_of(house: House) -> list[Question]:
    """In the order in which they are asked."""
    return list(Question.objects.filter(house=house))


def usable_until(day: dt.date) -> dt.date:
    """The last day of an invitation that was made on the day."""
    return day + USABLE


@dataclass(frozen=True)
class Figure:
    """What was answered to a question."""

    question: Question
    counted: Counted


def answers_between(house: House, first: dt.date, last: dt.date) -> QuerySet[VisitAnswer]:
    """Answers about visits on these days."""
    return VisitAnswer.objects.filter(house=house, day__range=(first, last))


def figures_of_answers(house: House, first: dt.date, last: dt.date) -> tuple[int, list[Figure]]:
    """How many answered about visits on these days, and what to each question that is counted. Whoever shows them asks for permission."""
    rows = list(answers_between(house, first, last).values_list("choices", flat=True))
    asked = [question for question in questions_of(house) if question.kind != Kind.TEXT]
    return len(rows), [Figure(one, counted(one.kind, [row[one.key] for row in rows if one.key in row])) for one in asked]


def texts_of_answers(house: House, first: dt.date, last: dt.date) -> list[str]:
    """What was written, in no order of time and from five on only. For leaders alone."""
    rows = [text for text in answers_between(house, first, last).order_by("pk").values_list("text", flat=True) if text]
    return rows if len(rows) >= FEWEST else []
