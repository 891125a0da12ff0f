"""Who sits where in the demonstration, and what made-up visitors answered after their visit."""

from __future__ import annotations

import datetime as dt
from random import Random
from uuid import UUID

from indgang.foundation.places.models import House
from indgang.operations.reception.demo.staff import HouseStaff
from indgang.operations.reception.models import AfterVisit, Sitting, Visit, VisitAnswer
from indgang.operations.reception.models.journey import Status

DAYS = 90
ANSWERING = 0.2  # this share of the parties answers
WRITING = 0.15  # and this share of those writes something
DONE, WAIT = ("yes", "yes", "yes", "yes", "partly", "no"), ("5", "5", "4", "4", "3", "2", "1")
WRITTEN = {
    "da": ("Venlig betjening.", "Skilte på flere sprog.", "Det gik hurtigt, tak.", "Gerne et sted, hvor børn kan lege."),
    "en": (
        "Very friendly people.",
        "Please put up more signs.",
        "I did not know that I needed my contract.",
        "A place for children to play.",
    ),
}


def seat_clerks(house: House, staff: HouseStaff, first: dt.date) -> None:
    """Each clerk sits at one desk, from Monday to Friday."""
    if Sitting.objects.filter(desk__house=house).exists():
        return
    desk_of = {user: desk for desk, user in sorted(staff.clerks.items(), reverse=True)}
    Sitting.objects.bulk_create(
        Sitting(
            desk_id=desk,
            officer=user,
            weekdays=list(range(5)),
            valid_from=first,
            changed_at=dt.datetime.combine(first, dt.time(8), house.zone),
        )
        for user, desk in sorted(desk_of.items(), key=lambda pair: pair[1])
    )


def fill_answers(house: House, until: dt.date, seed: str) -> None:
    """Some of those who came in the three months before the date have answered the house's questions."""
    if not AfterVisit.objects.filter(house=house).exists() or VisitAnswer.objects.filter(house=house).exists():
        return
    begins, ends = (dt.datetime.combine(until - dt.timedelta(days=days), dt.time(), house.zone) for days in (DAYS, 0))
    rows = Visit.objects.filter(journey__house=house, status=Status.DONE, ended_at__gte=begins, ended_at__lt=ends)
    columns = "journey__reference", "journey__language", "service__key", "ended_at"
    parties: dict[str, tuple[str, set[str], dt.date]] = {}
    for reference, language, service, ended in rows.order_by("journey__reference", "ended_at").values_list(*columns):
        _language, services, _day = parties.get(reference, (language, set(), None))
        parties[reference] = (language, services | {service}, ended.astimezone(house.zone).date())
    source = Random(f"{seed}:answers")
    answering = [party for party in parties.values() if source.random() < ANSWERING]
    VisitAnswer.objects.bulk_create(_answer(house, *party, source) for party in answering)


def _answer(house: House, language: str, services: set[str], day: dt.date, source: Random) -> VisitAnswer:
    words = WRITTEN["da" if language == "da" else "en"]
    return VisitAnswer(
        id=UUID(int=source.getrandbits(128), version=4),
        house=house,
        day=day,
        services=sorted(services),
        language=language,
        choices={"done": source.choice(DONE), "wait": source.choice(WAIT)},
        text=source.choice(words) if source.random() < WRITING else "",
    )
