"""A made-up register of companies, written in bulk and the same for the same seed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

from indgang.foundation.access.actors import Actor
from indgang.foundation.database.bulk import copy_in
from indgang.foundation.identity.models import Organisation, User
from indgang.foundation.journal.actions import Draft, record_many
from indgang.foundation.places.models import Municipality
from indgang.registers.parties.actions.notes import tie_of
from indgang.registers.parties.actions.ties import tie_many
from indgang.registers.parties.actions.words import Vocabulary
from indgang.registers.parties.demo import names
from indgang.registers.parties.models import Company, CompanyNote, Consent, ConsentKind, Contact, Establishment, Sharing
from indgang.registers.parties.permissions import circle_of
from indgang.registers.parties.rules.words import traces_of

COMPANIES = 400
WEIGHTS = (2, 7, 6, 5, 4, 3, 2)
FIRST_NUMBER, FIRST_P_NUMBER = 9_810_000, 9_900_000_000  # beyond what has been given out
NOTED, CONTACTED = 110, 170
DAYS = 600
FAITHFUL = 25  # companies that come again and again: their stories are long


@dataclass(frozen=True)
class Server:
    """Somebody who serves companies: the account, and how the journal names them."""

    user: User
    organisation: Organisation
    actor: Actor


def fill_register(seed: int, until: dt.date, size: int = COMPANIES) -> list[Company]:
    """The companies and their establishments; none where there are companies already."""
    if Company.objects.exists():
        return []
    source = Random(f"{seed}:companies")
    municipalities = {row.code: row for row in Municipality.objects.filter(code__in=names.PLACES)}
    numbers = cvr_numbers()
    companies = [_company(source, municipalities, next(numbers), until) for _number in range(size)]
    Vocabulary().learn(companies)
    copy_in(Company, companies)
    _establishments(source, companies, municipalities)
    _written_twice(source, companies, until)
    return companies


def cvr_numbers(first: int = FIRST_NUMBER) -> Iterator[str]:
    """Numbers whose check digit is right, in a range that is not given out."""
    number = first
    while True:
        rest = sum(int(digit) * weight for digit, weight in zip(f"{number:07d}", WEIGHTS, strict=True)) % 11
        if rest != 1:
            yield f"{number:07d}{-rest % 11}"
        number += 3


def _company(source: Random, municipalities: dict[str, Municipality], cvr: str, until: dt.date) -> Company:
    code = source.choices(list(names.PLACES), [weight for weight, _places in names.PLACES.values()])[0]
    postcode, city = source.choice(names.PLACES[code][1]).split(" ", 1)
    industry, _weight, trades, usual = source.choices(names.TRADES, [trade[1] for trade in names.TRADES])[0]
    form = source.choices([form for form, _weight in names.FORMS], [weight for _form, weight in names.FORMS])[0]
    called = source.choice(names.FIRST) if source.random() < 0.8 else f"{source.choice(names.FAMILY)}s"
    name = " ".join(filter(None, (called, source.choice(trades), form)))
    employees = min(int(source.lognormvariate(0, 1.1) * usual), 900) if source.random() < 0.93 else None
    return Company(
        cvr=cvr,
        name=name,
        municipality=municipalities.get(code),
        industry_code=industry,
        industry_version="DB07",
        employees=employees,
        founded=until - dt.timedelta(days=source.randint(60, 14_000)),
        advertising_protected=source.random() < 0.3,
        email=f"kontakt@{cvr}.example",
        phone=f"+4511{source.randint(0, 999_999):06d}",  # no number in Denmark begins so
        address=f"{source.choice(names.STREETS)} {source.randint(1, 99)}",
        postcode=postcode,
        city=city,
        foreign_employees=source.choice((True, True, False)) if source.random() < 0.3 else None,
        created_at=_moment(until, source.randint(DAYS, DAYS + 100)),
    )


def _establishments(source: Random, companies: Sequence[Company], municipalities: dict[str, Municipality]) -> None:
    made: list[Establishment] = []
    for company in companies:
        for number in range(1 if (company.employees or 0) < 40 else source.randint(1, 4)):
            place = company.municipality if number == 0 else source.choice(list(municipalities.values()))
            p_number = str(FIRST_P_NUMBER + len(made) * 7)
            made.append(Establishment(p_number=p_number, company=company, name=company.name if number == 0 else "", municipality=place))
    copy_in(Establishment, made)


def _written_twice(source: Random, companies: Sequence[Company], until: dt.date) -> None:
    """A few were written down by hand before their number was known: records that are probably the same."""
    twins = [
        Company(
            name=one.name.removesuffix(" ApS").removesuffix(" A/S"),
            municipality=one.municipality,
            city=one.city,
            postcode=one.postcode,
            address=one.address,
            created_at=_moment(until, source.randint(20, 300)),
        )
        for one in source.sample(list(companies), min(5, len(companies)))
    ]
    Vocabulary().learn(twins)
    copy_in(Company, twins)


def fill_files(seed: int, until: dt.date, companies: Sequence[Company], servers: Sequence[Server]) -> None:
    """What the organisations keep: people, notes, consents, with their entries in the journal."""
    source = Random(f"{seed}:files")
    known = [*companies[:FAITHFUL], *source.sample(list(companies[FAITHFUL:]), min(CONTACTED, len(companies)) - FAITHFUL)]
    contacts = [_contact(source, company, source.choice(servers), until) for company in known]
    copy_in(Contact, [contact for contact, _server in contacts])
    notes = [
        _note(source, source.choice(known if number % 2 else known[:FAITHFUL]), source.choice(servers), until)
        for number in range(min(NOTED, len(known)))
    ]
    copy_in(CompanyNote, [note for note, _server in notes])
    ties = [tie_of(note) for note, _server in notes]
    for tie, (note, _server) in zip(ties, notes, strict=True):
        tie.source = f"parties.companynote:{note.pk}"
    tie_many(ties)
    consents = [_consent(source, contact, server) for contact, server in contacts if source.random() < 0.4]
    copy_in(Consent, [consent for consent, _server in consents])
    record_many(_entries([("contact.added", contacts), ("company-note.written", notes), ("consent.given", consents)]))


def _contact(source: Random, company: Company, server: Server, until: dt.date) -> tuple[Contact, Server]:
    given, family = source.choice(names.GIVEN), source.choice(names.FAMILY)
    contact = Contact(
        company=company,
        organisation=server.organisation,
        sharing=Sharing.COMPANIES if source.random() < 0.3 else Sharing.ORGANISATION,
        name=f"{given} {family}",
        role=source.choice(names.ROLES),
        email=f"{given.lower()}@{company.cvr}.example",
        phone=f"+4511{source.randint(0, 999_999):06d}",
        created_at=_moment(until, source.randint(5, DAYS)),
        traces=traces_of(f"{given} {family}"),
    )
    contact.started = contact.created_at.date() - dt.timedelta(days=source.randint(0, 900))
    if source.random() < 0.08:
        contact.ended = contact.created_at.date()
    return contact, server


def _note(source: Random, company: Company, server: Server, until: dt.date) -> tuple[CompanyNote, Server]:
    at = _moment(until, source.randint(1, DAYS))
    sharing = Sharing.COMPANIES if source.random() < 0.2 else Sharing.ORGANISATION
    text = source.choice(names.NOTES)
    note = CompanyNote(
        company=company, organisation=server.organisation, author=server.user, text=text, on=at.date(), sharing=sharing, created_at=at
    )
    return note, server


def _consent(source: Random, contact: Contact, server: Server) -> tuple[Consent, Server]:
    how = source.choice(names.HOW)
    kind = ConsentKind.MARKETING
    return Consent(
        company=contact.company,
        organisation=contact.organisation,
        contact=contact,
        kind=kind,
        how=how,
        given_at=contact.created_at + dt.timedelta(days=1),
    ), server


def _entries(told: Sequence[tuple[str, Sequence[tuple[Contact | CompanyNote | Consent, Server]]]]) -> Iterator[Draft]:
    drafts = [
        Draft(
            actor=server.actor,
            verb=verb,
            subject=row,
            at=row.given_at if isinstance(row, Consent) else row.created_at,
            organisation=server.organisation,
            circle=circle_of(row.sharing),
            about=[row.company],
            after={"kind": str(row.kind)} if isinstance(row, Consent) else None,
        )
        for verb, rows in told
        for row, server in rows
    ]
    yield from sorted(drafts, key=lambda draft: draft.at or dt.datetime.min.replace(tzinfo=dt.UTC))


def _moment(until: dt.date, days: int) -> dt.datetime:
    """A working hour, about so many days before."""
    return dt.datetime.combine(working_day(until - dt.timedelta(days=days)), dt.time(8 + days % 7, (days * 7) % 60), dt.UTC)


def working_day(day: dt.date) -> dt.date:
    """The day, or the Friday before; around Christmas and New Year one before it."""
    if (day.month, day.day) >= (12, 24) or (day.month, day.day) == (1, 1):
        day -= dt.timedelta(days=9)
    return day - dt.timedelta(days=max(day.weekday() - 4, 0))
