"""Made-up screening visits over two years: asked for, planned, held with their answers, shared and passed on; the same by seed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from django.db.models import Model

from indgang.foundation.access.actors import ANONYMOUS
from indgang.foundation.database.bulk import copy_in
from indgang.foundation.identifiers.keys import reference_from
from indgang.foundation.identity.models import Organisation
from indgang.foundation.journal.actions import Draft, record_many
from indgang.foundation.journal.drafts import tag_of
from indgang.foundation.journal.models import Circle
from indgang.operations.guidance.actions.screening_told import tie_of_screening
from indgang.operations.guidance.demo import words
from indgang.operations.guidance.models import (
    Answer,
    Lead,
    Participant,
    ParticipantKind,
    Playbook,
    ResultShare,
    Screening,
    ScreeningState,
)
from indgang.operations.guidance.queries.screenings import environment_of, hub_of, playbook_on
from indgang.operations.guidance.rules.screening import HIGHEST, LOWEST
from indgang.registers.parties.actions.ties import tie_many
from indgang.registers.parties.demo.names import FAMILY, GIVEN
from indgang.registers.parties.demo.register import Server, working_day
from indgang.registers.parties.models import Company, Consent, ConsentKind, Tie

HELD, PLANNED, ASKED = 12, 3, 1  # of each office; the first has visited some of its companies twice
DAYS, AGAIN = 640, 5


@dataclass
class Made:
    """A visit with what stands beside it, and what the journal tells of it: (verb, record, when, facts)."""

    screening: Screening
    server: Server
    participants: list[Participant] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    consents: list[Consent] = field(default_factory=list)
    shares: list[ResultShare] = field(default_factory=list)
    leads: list[Lead] = field(default_factory=list)
    told: list[tuple[str, Model, dt.datetime, dict[str, Any]]] = field(default_factory=list)


def fill_screenings(seed: int, until: dt.date, companies: Sequence[Company], offices: Sequence[Server]) -> int:
    """The visits of the offices; none where the region has no playbook. Returns how many."""
    playbook = playbook_on(offices[0].organisation.region, until) if offices else None
    if playbook is None or Screening.objects.exists():
        return 0
    source = Random(f"{seed}:screenings")
    made = [
        one for number, office in enumerate(offices) for one in _of_office(source, until, companies, office, playbook, again=not number)
    ]
    copy_in(Screening, [one.screening for one in made])
    copy_in(Consent, [row for one in made for row in one.consents])
    _write(Participant, [row for one in made for row in one.participants])
    _write(Answer, [row for one in made for row in one.answers])
    _write(ResultShare, [row for one in made for row in one.shares])
    _write(Lead, [row for one in made for row in one.leads])
    tie_many([_tied(one.screening) for one in made if one.screening.company_id])
    record_many(sorted((draft for one in made for draft in _entries(one)), key=lambda draft: (draft.at, draft.verb)))
    return len(made)


def _write(model: type[Model], rows: Sequence[Any]) -> None:
    """Rows beside visits and consents that have got their keys only now."""
    for row in rows:
        row.screening = row.screening
        if hasattr(row, "consent"):
            row.consent = row.consent
    copy_in(model, rows)


def _of_office(
    source: Random, until: dt.date, companies: Sequence[Company], office: Server, playbook: Playbook, *, again: bool
) -> Iterator[Made]:
    here = [one for one in companies if one.municipality_id == office.organisation.municipality_id and (one.employees or 0) > 3]
    chosen = source.sample(here, min(HELD + PLANNED + ASKED, len(here)))
    held, rest = chosen[:HELD], chosen[HELD:]
    for company in held:
        level, day = source.uniform(1.3, 2.9), _before(until, source.randint(6, DAYS))
        if again and company in held[:AGAIN]:
            yield _held(source, company, office, playbook, _before(until, source.randint(450, DAYS)), level - 0.7, shared=False)
            day = _before(until, source.randint(6, 300))
        yield _held(source, company, office, playbook, day, level)
    for number, company in enumerate(rest[:PLANNED]):
        yield _planned(source, until, company, office, playbook, day=_ahead(until, number))
    for company in rest[PLANNED:]:
        yield _asked(source, until, company, office)


def _before(until: dt.date, days: int) -> dt.date:
    return working_day(until - dt.timedelta(days=days))


def _ahead(until: dt.date, number: int) -> dt.date:
    """The first is today, the second was yesterday or so and nobody noted that it was held, the others come."""
    return (until, _before(until, 1))[number] if number < 2 else working_day(until + dt.timedelta(days=3 + 4 * number))


def _visit(source: Random, company: Company, office: Server, state: ScreeningState, made_at: dt.datetime, **more: Any) -> Screening:
    given, family = source.choice(GIVEN), source.choice(FAMILY)
    return Screening(
        reference=reference_from(source.getrandbits(35)),
        organisation=office.organisation,
        municipality_id=office.organisation.municipality_id,
        company=company,
        company_name=company.name,
        cvr=company.cvr or "",
        state=state,
        contact_name=f"{given} {family}",
        contact_email=f"{given.lower()}@{company.cvr}.example",
        contact_phone=company.phone,
        created_at=made_at,
        **more,
    )


def _with_day(source: Random, company: Company, office: Server, playbook: Playbook, state: ScreeningState, day: dt.date) -> Made:
    made_at = _at(day - dt.timedelta(days=source.randint(12, 30)), 9)
    screening = _visit(source, company, office, state, made_at, date=day, time=dt.time(source.choice((9, 10, 13)), source.choice((0, 30))))
    screening.place = f"{company.address}, {company.postcode} {company.city}"
    screening.consultant = screening.created_by = office.user
    screening.playbook = playbook
    made = Made(screening, office)
    made.participants.append(_comes(screening, ParticipantKind.OFFICE, office.organisation, office.user.name))
    environment, hub = environment_of(office.organisation), hub_of(office.organisation.region)
    if environment and source.random() < 0.6:
        made.participants.append(
            _comes(screening, ParticipantKind.ENVIRONMENT, environment, f"{source.choice(GIVEN)} {source.choice(FAMILY)}")
        )
    if hub and source.random() < 0.35:
        made.participants.append(_comes(screening, ParticipantKind.HUB, hub, ""))
    made.told.append(("screening.planned", screening, made_at, {"date": screening.date, "time": screening.time}))
    return made


def _comes(screening: Screening, kind: ParticipantKind, organisation: Organisation, name: str) -> Participant:
    return Participant(screening=screening, kind=kind, organisation=organisation, name=name)


def _planned(source: Random, until: dt.date, company: Company, office: Server, playbook: Playbook, *, day: dt.date) -> Made:
    made = _with_day(source, company, office, playbook, ScreeningState.PLANNED, day)
    made.screening.created_at = min(made.screening.created_at, _at(_before(until, 2), 9))
    made.told = [(verb, record, made.screening.created_at, facts) for verb, record, _at_, facts in made.told]
    if day < until:
        _answer(source, made, 1.6, _at(day, 12))
    return made


def _asked(source: Random, until: dt.date, company: Company, office: Server) -> Made:
    asked_at = _at(_before(until, source.randint(1, 12)), 19)
    confirmed_at = asked_at + dt.timedelta(minutes=source.randint(2, 50))
    asked = {"wish": source.choice(words.WISHES), "by_company": True, "confirmed_at": confirmed_at, "letters": 1}
    screening = _visit(source, company, office, ScreeningState.REQUESTED, asked_at, **asked)
    made = Made(screening, office)
    made.told = [("screening.requested", screening, asked_at, {}), ("screening.confirmed", screening, confirmed_at, {})]
    return made


def _held(source: Random, company: Company, office: Server, playbook: Playbook, day: dt.date, level: float, *, shared: bool = True) -> Made:
    made = _with_day(source, company, office, playbook, ScreeningState.HELD, day)
    screening = made.screening
    _answer(source, made, level, _at(day, 12))
    made.told.append(("screening.held", screening, _at(day, 13), {"state": ScreeningState.HELD}))
    if source.random() < 0.8:
        screening.summary = source.choice(words.SUMMARIES)
        made.told.append(("screening.summarised", screening, _at(day, 14), {}))
    if shared and source.random() < 0.7:
        _pass_on(source, made, _at(day, 14) + dt.timedelta(minutes=20))
    return made


def _answer(source: Random, made: Made, level: float, at: dt.datetime) -> None:
    """Few get through the whole playbook on one visit: what was not asked has no answer."""
    playbook = made.screening.playbook
    for topic in playbook.book.topics if playbook else ():
        if topic.step == 2 and source.random() < 0.25:
            continue
        middle = level + source.uniform(-0.9, 0.9)
        for question in topic.question_keys:
            relevant, score = source.random() > 0.07, min(max(round(source.gauss(middle, 0.6)), LOWEST), HIGHEST)
            note = source.choice(words.NOTES) if source.random() < 0.12 else ""
            made.answers.append(_row(made, topic.key, question, score if relevant else None, note, at))
        made.told.append(("screening.filled-in", made.screening, at, {"topic": topic.key}))


def _row(made: Made, topic: str, question: str, score: int | None, note: str, at: dt.datetime) -> Answer:
    said = {"topic": topic, "question": question, "score": score, "not_relevant": score is None, "note": note}
    return Answer(screening=made.screening, author=made.server.user, changed_at=at, **said)


def _pass_on(source: Random, made: Made, at: dt.datetime) -> None:
    """What the company agreed to: the result shared with the hub, and what somebody else can help with."""
    screening, organisation = made.screening, made.server.organisation
    hub = hub_of(organisation.region)
    given = {"kind": ConsentKind.SHARING, "how": source.choice(words.AGREED), "given_at": at}
    consent = Consent(company=screening.company, organisation=organisation, **given)
    if not hub:
        return
    made.consents.append(consent)
    made.told.append(("consent.given", consent, at, {"kind": str(consent.kind)}))
    share = ResultShare(screening=screening, organisation=hub, consent=consent, shared_at=at)
    made.shares.append(share)
    made.told.append(("result.shared", share, at, {"organisation": hub.key}))
    for topic, text, about in source.sample(words.LEADS, source.choice((0, 1, 1, 2))):
        onward = source.random() < 0.25
        to: dict[str, Any] = {"to_adviser": source.choice(words.ADVISERS)} if onward else {"to_organisation": hub}
        lead = Lead(screening=screening, consent=consent, author=made.server.user, created_at=at, topic=topic, text=text, field=about, **to)
        made.leads.append(lead)
        facts = {"field": about, "topic": topic, "to": "adviser" if onward else hub.key}
        made.told.append(("lead.recorded", lead, at + dt.timedelta(minutes=5), facts))


def _tied(screening: Screening) -> Tie:
    tie = tie_of_screening(screening)
    tie.source = tag_of(screening)
    return tie


def _entries(made: Made) -> Iterator[Draft]:
    company = made.screening.company
    for verb, record, at, facts in made.told:
        beside: list[Model] = [] if record is made.screening or isinstance(record, Consent) else [made.screening]
        yield Draft(
            actor=ANONYMOUS if made.screening.by_company and record is made.screening else made.server.actor,
            verb=verb,
            subject=record,
            at=at,
            organisation=made.server.organisation,
            circle=Circle.ORGANISATION,
            about=[*beside, *([company] if company else [])],
            after=facts,
        )


def _at(day: dt.date, hour: int) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(hour), dt.UTC)
