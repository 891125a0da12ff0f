"""Made-up agreements, who is who, decisions and notices: the same for the same seed and day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from random import Random

from indgang.foundation.identity.models import Organisation, User
from indgang.foundation.journal.actions import Draft, record_many
from indgang.foundation.journal.drafts import tag_of
from indgang.foundation.journal.models import Circle
from indgang.operations.guidance.actions.told_office import BEGUN, MET, NEWS, office_to_tell
from indgang.operations.guidance.models import (
    MEETINGS,
    Course,
    Duty,
    DutyKind,
    GreyZone,
    LogEntry,
    Meeting,
    OfficeNotice,
    Outreach,
    PlannedContact,
    Size,
)
from indgang.operations.guidance.queries.division import InForce, division_in_force
from indgang.registers.parties.demo.register import Server, working_day
from indgang.registers.parties.models import EIGHT, Company

INDUSTRIES = ("Byggeri (41, 42, 43)", "Metalindustri (24, 25)", "Fødevarer (10, 11)", "It (62)", "Turisme (55, 56)")
NOTES = ("Vi besøger ti virksomheder inden sommer.", "To henvisninger er gået godt; vi fortsætter.", "Mere om finansiering til efteråret.")
# Question, decision, and what it is about: the field, the size, the industries.
ZONES: tuple[tuple[str, str, dict[str, object]], ...] = (
    ("Hvem ringer til en virksomhed, der flytter til en anden kommune?", "Det nye kontor, fra den dag registret har adressen.", {}),
    (
        "Hvem tager det første møde om grøn omstilling i industrien?",
        "Erhvervshuset; kontoret er med ved det første besøg.",
        {"field": "green-circular", "industries": ["10", "24", "25", "31", "33"]},
    ),
    (
        "Hvem er i dialog med en iværksætter med over ti ansatte?",
        "Kontoret, til virksomheden er tre år.",
        {"size": Size.ENTREPRENEUR},
    ),
    (
        "Hvem besøger restauranter og hoteller om energi?",
        "Kontoret; Erhvervshuset kommer med, når der søges tilskud.",
        {"field": "green-circular", "industries": ["55", "56"]},
    ),
)
EARLIER = ("Hvem tager det første møde om grøn omstilling i industrien?", "Den, der får henvendelsen, og den anden får besked samme uge.")
OF_COMPANY = (
    "Hvem er virksomhedens faste kontakt, når den har afdelinger i to kommuner?",
    "Erhvervshuset, så længe eksportforløbet varer; derefter kontoret, hvor hovedsædet ligger.",
)
# At the hub, without an account here; the last has kept several fields for long without saying that it is so.
COLLEAGUES = ("Bodil Agger", "Jens Munk", "Ulla Storm", "Torben Lykke", "Lene Friis")
OFFICES = ("Kirsten Bach", "Ole Dahl", "", "Birgit Toft", "Henning Riis", "Gitte Brandt", "Poul Krogh")  # there, without an account
WHAT_FOR = ("", "", "finance", "innovation", "internationalisation", "green-circular")
PLANNED = 9
AGES, TOO_OLD, VACANT = (3, 40, 90, 150), 230, 4  # days since an entry was confirmed; the field that nobody owns


def fill_approach(seed: int, until: dt.date, companies: Sequence[Company], hub: Sequence[Server], offices: Sequence[Server]) -> None:
    """Agreements of all offices this year, with the meetings that were held; some vacant places in who is who; two weeks of notices."""
    if not hub or Outreach.objects.exists():
        return
    division = division_in_force(hub[0].organisation.region, until)
    if division is None or division.hub != hub[0].organisation:
        return
    source, moment = Random(f"{seed}:approach"), dt.datetime.combine(until, dt.time(), dt.UTC)
    there = {server.organisation.pk: server.user for server in offices}
    for office in sorted(division.offices.values(), key=lambda one: one.key):
        _agree(source, until, moment, office, companies, hub[0], there)
    _who_is_who(source, until, moment, division, hub, offices)
    _decide(until, moment, division, hub[0], source.choice(companies) if companies else None)
    _tell(until, moment, division.hub)
    if offices and companies:
        _announce(source, until, division, companies, [*hub[:1], *offices, *hub[1:]])


def _agree(
    source: Random,
    until: dt.date,
    moment: dt.datetime,
    office: Organisation,
    companies: Sequence[Company],
    by: Server,
    there: Mapping[int, User],
) -> None:
    if source.random() < 0.15:  # one that nobody has begun
        return
    written = moment.replace(month=1, day=12) if moment.month > 1 else moment
    agreed = source.random() < 0.7
    row = Outreach.objects.create(
        office=office,
        hub=by.organisation,
        year=until.year,
        fields=sorted(str(field) for field in source.sample(EIGHT, 3)),
        industries=source.choice(INDUSTRIES),
        collective="Forløb om grøn omstilling for mindre virksomheder",
        proactive="Besøg hos virksomheder, der ikke har fået vejledning i to år",
        calendar=f"14.1.{until.year} Nytårskur\n19.3.{until.year} Generalforsamling",
        hub_agreed_at=written,
        hub_agreed_by=by.user,
        office_agreed_at=written + dt.timedelta(days=1) if agreed else None,
        office_agreed_by=there.get(office.pk) if agreed else None,
        created_at=written,
    )
    here = [company for company in companies if company.municipality_id == office.municipality_id]
    row.companies.set(source.sample(here, min(3, len(here))))
    for number in MEETINGS:
        day = working_day(dt.date(until.year, 3 * number - 2, source.randint(8, 26)))
        known = source.random() < 0.85
        notes = source.choice(NOTES) if known and day < until and source.random() < 0.85 else ""
        Meeting.objects.create(
            outreach=row, number=number, on=day if known else None, participants=str(by.user) if notes else "", notes=notes
        )


def _announce(source: Random, until: dt.date, division: InForce, companies: Sequence[Company], servers: Sequence[Server]) -> None:
    """Who is going to call whom; two of them the same company, which is what announcing is for."""
    rows, chosen = [], source.sample(list(companies), min(PLANNED - 1, len(companies)))
    for number, company in enumerate([chosen[0], *chosen]):
        server, day = servers[number % len(servers)], max(until, working_day(until + dt.timedelta(days=source.randint(0, 9))))
        expires = day + dt.timedelta(days=division.announced_for_days)
        at = dt.datetime.combine(working_day(until - dt.timedelta(days=source.randint(1, 4))), dt.time(9, number), dt.UTC)
        said = {"on": day, "field": source.choice(WHAT_FOR)}
        row = PlannedContact(company=company, organisation=server.organisation, user=server.user, expires=expires, created_at=at, **said)
        rows.append((row, server, said))
    PlannedContact.objects.bulk_create([row for row, _server, _said in rows])
    record_many(sorted((_announced(row, by, said) for row, by, said in rows), key=lambda draft: (draft.at, draft.subject.pk)))


def _announced(row: PlannedContact, by: Server, said: Mapping[str, object]) -> Draft:
    return Draft(
        actor=by.actor,
        verb="approach.announced",
        subject=row,
        at=row.created_at,
        circle=Circle.COMPANIES,
        about=[row.company],
        after=said,
    )


def _who_is_who(
    source: Random, until: dt.date, moment: dt.datetime, division: InForce, hub: Sequence[Server], offices: Sequence[Server]
) -> None:
    def there(server: Server, days: int, name: str = "", **what: object) -> None:
        facts = {"region": division.region, "organisation": server.organisation, "confirmed_on": until - dt.timedelta(days=days)}
        who = {"name": name} if name else {"user": server.user, "name": str(server.user), "email": server.user.email}
        Duty.objects.create(**facts, **who, **what, phone=_phone(name or str(server.user)), created_at=moment)

    for number, office in enumerate(sorted(division.offices.values(), key=lambda one: one.key)):
        if source.random() < 0.85:
            name = "" if number % 3 else source.choice(COLLEAGUES)
            there(source.choice(hub), source.choice(AGES), name, kind=DutyKind.CONTACT, office=office)
    for server in offices:
        there(server, source.choice(AGES), kind=DutyKind.OFFICE, office=server.organisation)
    staffed = {server.organisation for server in offices}
    for number, office in enumerate(sorted(set(division.offices.values()) - staffed, key=lambda one: one.key)):
        if number != 2:
            facts = {"kind": DutyKind.OFFICE, "office": office, "organisation": office, "region": division.region, "name": OFFICES[number]}
            mail, ago = f"kontakt@{office.key}.example", source.choice(AGES)
            Duty.objects.create(**facts, email=mail, confirmed_on=until - dt.timedelta(days=ago), created_at=moment)
    for number, field in enumerate(EIGHT):
        if number == VACANT:
            continue
        there(source.choice(hub), source.choice(AGES), kind=DutyKind.FIELD, field=str(field))
        if number % 3 == 0:  # kept by two, and the second has not said for long that it is so
            there(hub[0], TOO_OLD, source.choice(COLLEAGUES), kind=DutyKind.FIELD, field=str(field))


def _phone(name: str) -> str:
    """Everybody's own, and no number of anybody: none in Denmark begins so."""
    return f"+4511{Random(name).randint(0, 999_999):06d}"


def _decide(until: dt.date, moment: dt.datetime, division: InForce, by: Server, company: Company | None) -> None:
    def decided(number: int, question: str, decision: str, **what: object) -> GreyZone:
        on = until - dt.timedelta(days=45 * (number + 1))
        facts = {"region": division.region, "organisation": by.organisation, "author": by.user, "created_at": moment}
        row = GreyZone.objects.create(**facts, **what, question=question, decision=decision, decided_on=on, form_key=f"demo-{number}")
        row.parties.set([by.organisation, *division.offices.values()])
        return row

    standing = [decided(number, question, decision, **about) for number, (question, decision, about) in enumerate(ZONES)]
    decided(len(ZONES) + 3, *EARLIER, field="green-circular", replaced_by=standing[1])
    if company:
        decided(len(ZONES), *OF_COMPANY, company=company)


def _tell(until: dt.date, moment: dt.datetime, hub: Organisation) -> None:
    """What the offices were told of in the last month: courses that began, and meetings."""
    lately = Course.objects.filter(organisation=hub, started__gt=until - NEWS).select_related("company__municipality__region")
    told: list[tuple[Course | LogEntry, Course, str, dt.date]] = [(one, one, BEGUN, one.started) for one in lately.order_by("reference")]
    met = LogEntry.objects.filter(course__organisation=hub, on__gt=until - NEWS, how__in=MET).order_by("on", "pk")
    told += [(one, one.course, one.how, one.on) for one in met.select_related("course__company__municipality__region")]
    for record, course, what, on in told:
        office = office_to_tell(course)
        if office:
            facts = {"company": course.company, "course": course, "what": what, "on": on, "created_at": moment}
            who = {"consultant": course.consultant, "fields": course.fields, "mailed_at": moment}
            OfficeNotice.objects.create(office=office, organisation=hub, source=tag_of(record), **facts, **who)
