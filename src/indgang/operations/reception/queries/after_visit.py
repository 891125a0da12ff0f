"""Who is to be asked after a visit, which link opens the questions, and what was answered."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from indgang.foundation.database import clock
from indgang.foundation.identifiers.keys import digest
from indgang.foundation.places.models import House
from indgang.operations.reception.models import AfterVisit, Invitation, Journey, NoQuestions, Question, Visit, VisitAnswer
from indgang.operations.reception.models.after_visit import Kind
from indgang.operations.reception.models.journey import NOT_ENDED, Status
from indgang.operations.reception.queries.journeys import day_of
from indgang.operations.reception.queries.tickets import ticket_opened_by
from indgang.operations.reception.rules.after_visit import FEWEST, TEXTS_KEPT, USABLE, Counted, Span, counted, told_between, told_month

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
    rows = Journey.objects.filter(
        Exists(done), ~Exists(later), ~Exists(visits.filter(status__in=NOT_ENDED)), house=house, cancelled_at=None
    )
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
    over = visits.filter(status=Status.DONE).exists() and not visits.filter(status__in=NOT_ENDED).exists()
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


# By week, what was said to each question; under "" stand all who answered.
SAID = """
    SELECT said.key, day - date_part('isodow', day)::int + 1 AS monday, said.value, count(*)
    FROM reception_visitanswer
    CROSS JOIN LATERAL (SELECT '' AS key, '' AS value UNION ALL SELECT key, value FROM jsonb_each_text(choices)) AS said
    WHERE house_id = %s AND day BETWEEN %s AND %s
    GROUP BY said.key, monday, said.value
"""


def _weeks(house: House, first: dt.date, last: dt.date) -> dict[str, dict[dt.date, dict[str, int]]]:
    """By question and Monday, how often each answer was given: from the first week of the year, because weeks are told together."""
    found: dict[str, dict[dt.date, dict[str, int]]] = defaultdict(lambda: defaultdict(dict))
    with connection.cursor() as cursor:
        cursor.execute(SAID, [house.pk, _first_monday(first), last])
        for key, monday, value, count in cursor.fetchall():
            found[key][monday][value] = count
    return found


def _first_monday(day: dt.date) -> dt.date:
    return dt.date.fromisocalendar(day.isocalendar().year, 1, 1)


def _told(house: House, everybody: Mapping[dt.date, Mapping[str, int]], first: dt.date, last: dt.date) -> list[Span]:
    return told_between({monday: sum(week.values()) for monday, week in everybody.items()}, first, last, clock.today(house.zone))


def told_answers(house: House, first: dt.date, last: dt.date) -> QuerySet[VisitAnswer, Any]:
    """One row for each answer that is told for these days, and nothing of it: who said what together would lead to somebody."""
    spans = _told(house, _weeks(house, first, last)[""], first, last)
    days = reduce(or_, (Q(day__range=span) for span in spans), Q(pk__in=[]))
    return VisitAnswer.objects.filter(days, house=house).values("house")


def figures_of_answers(house: House, first: dt.date, last: dt.date) -> tuple[int, list[Figure]]:
    """How many answers are told for these days, and what of each question. Whoever shows them asks for permission."""
    weeks = _weeks(house, first, last)
    spans, today = _told(house, weeks[""], first, last), clock.today(house.zone)
    number = sum(sum(week.values()) for monday, week in weeks[""].items() if any(begins <= monday <= ends for begins, ends in spans))
    asked = [question for question in questions_of(house) if question.kind != Kind.TEXT]
    return number, [Figure(one, counted(one.kind, weeks[one.key], first, last, today)) for one in asked]


def texts_of_answers(house: House, first: dt.date, last: dt.date) -> list[str]:
    """What was written in whole months, in no order of time and from five a month on only. For leaders alone."""
    today = clock.today(house.zone)
    recent = VisitAnswer.objects.filter(house=house, day__gte=max(first.replace(day=1), today - TEXTS_KEPT), day__lte=last)
    months: dict[dt.date, list[str]] = defaultdict(list)
    for day, text in recent.order_by("pk").values_list("day", "text"):
        if text and told_month(day, first, last, today, TEXTS_KEPT):
            months[day.replace(day=1)].append(text)
    return [text for texts in months.values() if len(texts) >= FEWEST for text in sorted(texts)]
