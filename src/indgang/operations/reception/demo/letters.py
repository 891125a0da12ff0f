"""The letters of made-up journeys: those about visits ahead and those of the last days, as if they had been sent."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator, Mapping, Sequence

from indgang.foundation.database import clock
from indgang.foundation.identifiers.keys import derived_key, digest
from indgang.foundation.identity.models import Organisation
from indgang.foundation.mail.models import Letter, State
from indgang.foundation.places.models import House
from indgang.operations.reception import links
from indgang.operations.reception.calendars import Method, invitations_of
from indgang.operations.reception.demo.rows import MadeUpJourney
from indgang.operations.reception.emails import documents_key, missing_papers, reminder_key
from indgang.operations.reception.models import Desk, Journey, LinkKey
from indgang.operations.reception.plan_words import papers_in_words
from indgang.operations.reception.queries.documents import Documents
from indgang.operations.reception.steps import StepView, days_of
from indgang.operations.reception.wording import greeted, letter_language, rendered

RECENT = dt.timedelta(days=4)
REMINDED_AT = 10  # o'clock on the day before
BATCH = 200


def write_letters(house: House, desks: Mapping[int, Desk], journeys: Sequence[MadeUpJourney], moment: dt.datetime) -> int:
    """Write what people with visits ahead, or in the last days, have been sent; returns how many letters."""
    writer = _Writer(house, desks, moment)
    letters = [letter for made in journeys if made.placed.party.email for letter in writer.about(made)]
    Letter.objects.bulk_create(letters, batch_size=BATCH)
    LinkKey.objects.bulk_create(writer.keys, batch_size=BATCH)
    return len(letters)


class _Writer:
    def __init__(self, house: House, desks: Mapping[int, Desk], moment: dt.datetime) -> None:
        self.house, self.desks, self.moment = house, desks, moment
        self.documents = Documents(house.region_id)
        self.operator = Organisation.objects.filter(region=house.region_id, is_operator=True).first()
        self.keys: list[LinkKey] = []

    def about(self, made: MadeUpJourney) -> Iterator[Letter]:
        """The letters about one journey."""
        journey, since = made.journey, self.moment - RECENT
        standing = all(appointment.freed_at is None for appointment in made.appointments)
        told_at = made.moved_at or made.booked_at
        if standing and (made.starts >= self.moment or told_at >= since):
            yield self._told(made, told_at)
        if made.cancelled_at and made.cancelled_at >= since:
            calendar = self._invitation(made, "CANCEL")
            yield self._letter("cancelled", f"cancelled:{journey.id}:{journey.sequence}", made, made.cancelled_at, calendar, "CANCEL")
        reminded_at = self._reminded_at(made)
        if standing and told_at < reminded_at <= self.moment and reminded_at >= since:
            yield self._letter("reminder", reminder_key(journey, made.placed.date), made, reminded_at)
        for visit in made.visits:
            if visit.missing and visit.ended_at and visit.ended_at >= since:
                told = missing_papers(visit, letter_language(journey), self.documents)
                yield self._letter("documents_missing", documents_key(visit), made, visit.ended_at, **told)

    def _told(self, made: MadeUpJourney, at: dt.datetime) -> Letter:
        """The confirmation, or what replaced it when the journey was moved."""
        journey = made.journey
        calendar = self._invitation(made, "REQUEST")
        if made.moved_at:
            return self._letter("moved", f"moved:{journey.id}:{journey.sequence}", made, at, calendar, "REQUEST")
        told = {"code": "", "must_confirm": False}
        return self._letter("booked", f"booked:{journey.id}:{journey.sequence}", made, at, calendar, "REQUEST", **told)

    def _reminded_at(self, made: MadeUpJourney) -> dt.datetime:
        day_before = made.placed.date - dt.timedelta(days=1)
        return dt.datetime.combine(day_before, dt.time(REMINDED_AT), self.house.zone).astimezone(dt.UTC)

    def _letter(
        self, name: str, key: str, made: MadeUpJourney, at: dt.datetime, calendar: str = "", method: str = "", /, **told: object
    ) -> Letter:
        journey = made.journey
        language = letter_language(journey)
        assert journey.contact is not None
        link = self._link(journey, key)
        words = rendered(
            name,
            language,
            journey=journey,
            house=self.house,
            days=days_of(self._steps(made, language)),
            name=greeted(journey.contact.name),
            language=language,
            manage_url=link,
            **told,
        )
        return Letter(
            id=uuid.uuid5(journey.id, key),
            key=key,
            organisation=self.operator,
            to=journey.contact.email,
            reply_to=self.house.email,
            language=language,
            subject=words.subject[:200],
            text=words.text,
            secrets=[link],
            calendar=calendar,
            calendar_method=method,
            state=State.SENT,
            created_at=at,
            not_before=at,
            sent_at=at + dt.timedelta(seconds=20),
        )

    def _invitation(self, made: MadeUpJourney, method: Method) -> str:
        return invitations_of(made.journey, method=method, steps=self._steps(made, letter_language(made.journey)))[1]

    def _steps(self, made: MadeUpJourney, language: str) -> list[StepView]:
        """What `steps_of` answers, from what is at hand."""
        names = [person.name for person in made.people]
        return [
            StepView(
                title=visit.service.title_in(language),
                authority=visit.service.authority.title_in(language),
                starts=step.starts.astimezone(self.house.zone),
                ends=step.ends.astimezone(self.house.zone),
                desk_title=self.desks[step.desk].title_in(language),
                bring=tuple(papers_in_words(step.needed, names, visit.travellers, language=language).values()),
                who=tuple(names[position] for position in visit.travellers) if len(visit.travellers) < len(names) else (),
                visit_id=visit.pk,
                cancelled=appointment.freed_at is not None,
            )
            for step, visit, appointment in zip(made.placed.steps, made.visits, made.appointments, strict=True)
            if made.cancelled_at or appointment.freed_at is None
        ]

    def _link(self, journey: Journey, key: str) -> str:
        """Each letter's own link, as in the house; worked out instead of drawn, so that it comes out the same every time."""
        secret = derived_key("demo", journey.id, key)
        expires_at = clock.now() + dt.timedelta(days=links.KEY_DAYS)
        created_at = journey.created_at
        self.keys.append(LinkKey(journey=journey, purpose="manage", digest=digest(secret), created_at=created_at, expires_at=expires_at))
        return links.manage_url(journey.reference, secret)
