"""Made-up agreements, who is who, decisions and notices: the same for the same seed and day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from random import Random

from indgang.foundation.identity.models import Organisation
from indgang.foundation.journal.drafts import tag_of
from indgang.operations.guidance.actions.told_office import BEGUN, NEWS, office_to_tell
from indgang.operations.guidance.models import MEETINGS, Course, Duty, DutyKind, GreyZone, Meeting, OfficeNotice, Outreach, PlannedContact
from indgang.operations.guidance.queries.division import InForce, division_in_force
from indgang.registers.parties.demo.register import Server, working_day
from indgang.registers.parties.models import EIGHT, Company

INDUSTRIES = ("Byggeri (41, 42, 43)", "Metalindustri (24, 25)", "Fødevarer (10, 11)", "It (62)", "Turisme (55, 56)")
NOTES = ("Vi besøger ti virksomheder inden sommer.", "To henvisninger er gået godt; vi fortsætter.", "Mere om finansiering til efteråret.")
ZONES = (
    ("Hvem ringer til en virksomhed, der flytter til en anden kommune?", "Det nye kontor, fra den dag registret har adressen.", ""),
    ("Hvem tager det første møde om grøn omstilling?", "Erhvervshuset; kontoret er med ved det første besøg.", "green-circular"),
    ("Hvem er i dialog med en iværksætter med over ti ansatte?", "Kontoret, til virksomheden er tre år.", ""),
)


def fill_approach(seed: int, until: dt.date, companies: Sequence[Company], hub: Sequence[Server], offices: Sequence[Server]) -> None:
    """Agreements of all offices this year, with the meetings that were held; some vacant places in who is who; two weeks of notices."""
    if not hub or Outreach.objects.exists():
        return
    division = division_in_force(hub[0].organisation.region, until)
    if division is None or division.hub != hub[0].organisation:
        return
    source, moment = Random(f"{seed}:approach"), dt.datetime.combine(until, dt.time(), dt.UTC)
    for office in sorted(division.offices.values(), key=lambda one: one.key):
        _agree(source, until, moment, division, office, companies, hub[0])
    _who_is_who(source, until, moment, division, hub, offices)
    _decide(until, moment, division, hub[0])
    _tell(until, moment, division.hub)
    if offices and companies:
        day = working_day(until + dt.timedelta(days=3))
        expires = day + dt.timedelta(days=division.announced_for_days)
        told = {"organisation": offices[0].organisation, "user": offices[0].user, "on": day, "expires": expires, "created_at": moment}
        PlannedContact.objects.create(company=companies[0], **told)


def _agree(
    source: Random, until: dt.date, moment: dt.datetime, division: InForce, office: Organisation, companies: Sequence[Company], by: Server
) -> None:
    if source.random() < 0.15:  # one that nobody has begun
        return
    row = Outreach.objects.create(
        office=office,
        hub=by.organisation,
        year=until.year,
        fields=sorted(str(field) for field in source.sample(EIGHT, 3)),
        industries=source.choice(INDUSTRIES),
        collective="Forløb om grøn omstilling for mindre virksomheder",
        proactive="Besøg hos virksomheder, der ikke har fået vejledning i to år",
        calendar=f"14.1.{until.year} Nytårskur\n19.3.{until.year} Generalforsamling",
        hub_agreed_at=moment,
        hub_agreed_by=by.user,
        office_agreed_at=moment if source.random() < 0.7 else None,
        created_at=moment,
    )
    here = [company for company in companies if company.municipality_id == office.municipality_id]
    row.companies.set(source.sample(here, min(3, len(here))))
    for number in MEETINGS:
        day = dt.date(until.year, 3 * number - 2, source.randint(8, 26))
        known = source.random() < 0.85
        notes = source.choice(NOTES) if known and day < until and source.random() < 0.85 else ""
        Meeting.objects.create(
            outreach=row, number=number, on=day if known else None, participants=str(by.user) if notes else "", notes=notes
        )


def _who_is_who(
    source: Random, until: dt.date, moment: dt.datetime, division: InForce, hub: Sequence[Server], offices: Sequence[Server]
) -> None:
    def there(server: Server, **what: object) -> None:
        confirmed = until - dt.timedelta(days=source.choice((3, 40, 90, 150, 230)))
        facts = {"region": division.region, "organisation": server.organisation, "user": server.user, "name": str(server.user)}
        Duty.objects.create(**facts, **what, email=server.user.email, phone="+45 99 82 00 00", confirmed_on=confirmed, created_at=moment)

    for office in sorted(division.offices.values(), key=lambda one: one.key):
        if source.random() < 0.85:
            there(source.choice(hub), kind=DutyKind.CONTACT, office=office)
    for server in offices:
        there(server, kind=DutyKind.OFFICE, office=server.organisation)
    for field in EIGHT:
        if source.random() < 0.85:
            there(source.choice(hub), kind=DutyKind.FIELD, field=str(field))


def _decide(until: dt.date, moment: dt.datetime, division: InForce, by: Server) -> None:
    for number, (question, decision, field) in enumerate(ZONES):
        row = GreyZone.objects.create(
            region=division.region,
            question=question,
            decision=decision,
            field=field,
            decided_on=until - dt.timedelta(days=60 * (number + 1)),
            organisation=by.organisation,
            author=by.user,
            form_key=f"demo-{number}",
            created_at=moment,
        )
        row.parties.set([by.organisation, *division.offices.values()])


def _tell(until: dt.date, moment: dt.datetime, hub: Organisation) -> None:
    lately = Course.objects.filter(organisation=hub, started__gt=until - NEWS).select_related("company__municipality__region")
    for course in lately.order_by("reference"):
        office = office_to_tell(course)
        if office:
            told = {"company": course.company, "course": course, "what": BEGUN, "on": course.started, "created_at": moment}
            who = {"consultant": course.consultant, "fields": course.fields, "mailed_at": moment}
            OfficeNotice.objects.create(office=office, organisation=hub, source=tag_of(course), **told, **who)
