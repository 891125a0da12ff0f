"""A small house to test in: three authorities and their host, five desks in two zones, open Monday to Friday 9-12 and 12.30-15."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from itertools import count
from typing import Any

from indgang.foundation.access.actors import ANONYMOUS, Actor
from indgang.foundation.database import clock
from indgang.foundation.identity.models import Membership, Organisation, Participation, User
from indgang.foundation.places.models import House, Municipality, Region
from indgang.operations.reception import links
from indgang.operations.reception.actions.booking import Booking, book_journey
from indgang.operations.reception.actions.changes import confirm_email
from indgang.operations.reception.contacts import Contact, Guest
from indgang.operations.reception.models import Desk, Hours, RuleSet, Service, Walk
from indgang.operations.reception.queries.plans import Plan, PlanRequest, plan_journey
from indgang.operations.reception.rules.journeys import Traveller

_numbers = count(1)

# key, is_operator, title
ORGANISATIONS = (
    ("ihnd", True, "International House North Denmark"),
    ("siri", False, "SIRI"),
    ("borgerservice-aalborg", False, "Borgerservice"),
    ("skattestyrelsen", False, "Skattestyrelsen"),
)
# key, authority, minutes for the first, each further adult, each child, Danish and English title
SERVICES = (
    ("siri-residence", "siri", 20, 10, 5, "EU-opholdsdokument", "EU residence document"),
    ("cpr-registration", "borgerservice-aalborg", 20, 10, 10, "Registrer din adresse (CPR)", "Register your address (CPR)"),
    ("tax-card", "skattestyrelsen", 15, 10, 0, "Skattekort", "Tax card"),
    ("mitid", "borgerservice-aalborg", 10, 10, 0, "MitID", "MitID"),
)
# key, organisation, zone, services, languages
DESKS = (
    ("siri-1", "siri", "ground-floor", ("siri-residence",), ("da", "en", "uk")),
    ("siri-2", "siri", "ground-floor", ("siri-residence",), ("da", "en")),
    ("citizen-1", "borgerservice-aalborg", "ground-floor", ("cpr-registration", "mitid"), ("da", "en")),
    ("citizen-2", "borgerservice-aalborg", "ground-floor", ("cpr-registration", "mitid"), ("da", "en", "pl")),
    ("tax-1", "skattestyrelsen", "first-floor", ("tax-card",), ("da", "en")),
)
HOURS = ((dt.time(9), dt.time(12)), (dt.time(12, 30), dt.time(15)))


def _why(danish: str, english: str) -> dict[str, str]:
    return {"why_da": danish, "why_en": english}


RULES: dict[str, Any] = {
    "served_municipalities": ["851"],
    "groups": [
        {"key": "danish", "citizenships": ["DNK"]},
        {"key": "nordic", "citizenships": ["SWE", "NOR", "FIN", "ISL"]},
        {"key": "eu-eea", "citizenships": ["POL", "DEU", "FRA", "ESP"]},
    ],
    "documents": {
        "passport": {"da": "Pas eller id-kort", "en": "Passport or identity card"},
        "contract": {"da": "Ansættelseskontrakt", "en": "Employment contract"},
        "address": {"da": "Bevis for din adresse", "en": "Proof of your address"},
    },
    "steps": [
        {
            "service": "siri-residence",
            "when": {"groups": ["eu-eea", "other"], "stay_at_least": 3},
            "bring": ["passport", "contract"],
            **_why("Du skal have et opholdsdokument.", "You need a residence document."),
        },
        {
            "service": "cpr-registration",
            "when": {"municipalities": ["served", "unknown"], "stay_at_least": 3},
            "after": ["siri-residence"],
            "bring": ["passport", "address"],
            **_why("Du skal registrere din adresse.", "You must register your address."),
        },
        {
            "service": "tax-card",
            "when": {"child": False, "purposes": ["work", "self-employed", "unknown"]},
            "after": ["cpr-registration"],
            "bring": ["contract"],
            **_why("Du skal have et skattekort.", "You need a tax card."),
        },
        {
            "service": "mitid",
            "when": {"child": False, "municipalities": ["served", "unknown"], "stay_at_least": 3},
            "after": ["cpr-registration"],
            "bring": ["passport"],
            **_why("Med MitID logger du på.", "With MitID you log in."),
        },
    ],
    "elsewhere": [
        {
            "key": "cpr",
            "when": {"municipalities": ["elsewhere"]},
            "title_da": "Registrer din adresse (CPR)",
            "title_en": "Register your address (CPR)",
            "who_da": "Borgerservice i din kommune",
            "who_en": "The citizen service of your municipality",
            "where_da": "I din kommune",
            "where_en": "In your municipality",
            **_why("Din kommune gør det selv.", "Your municipality does this itself."),
        }
    ],
    "notes": [{"when": {"stay_known": False}, "text_da": "Vi regner med et langt ophold.", "text_en": "We assume a long stay."}],
}


def small_house(key: str = "aalborg") -> House:
    """The house, with its region, organisations, services, desks, hours, walks and journey rules. One per test."""
    region = Region.objects.create(key="north-denmark", title_da="Nordjylland", title_en="North Denmark")
    municipalities = [("851", "aalborg", "Aalborg"), ("787", "thisted", "Thisted")]
    Municipality.objects.bulk_create(
        Municipality(region=region, code=code, key=name, title_da=title) for code, name, title in municipalities
    )
    house = House.objects.create(
        region=region,
        key=key,
        title_da="International House, Aalborg",
        title_en="International House, Aalborg",
        address="Rantzausgade 4",
        postcode="9000",
        city="Aalborg",
        email="house@example.org",
        phone="+4599820000",
        directions={"da": "Fem minutter til fods fra stationen.", "en": "Five minutes on foot from the station."},
    )
    organisations = {
        name: Organisation.objects.create(region=region, key=name, kind="authority", is_operator=operator, title_da=title)
        for name, operator, title in ORGANISATIONS
    }
    Participation.objects.bulk_create(
        Participation(house=house, organisation=organisations[name], is_host=operator) for name, operator, _title in ORGANISATIONS
    )
    _services_and_desks(house, organisations)
    Hours.objects.bulk_create(Hours(house=house, weekday=day, opens=opens, closes=closes) for day in range(5) for opens, closes in HOURS)
    Walk.objects.bulk_create(
        Walk(house=house, from_zone=start, to_zone=end, minutes=5)
        for start, end in (("ground-floor", "first-floor"), ("first-floor", "ground-floor"))
    )
    RuleSet.objects.create(region=region, valid_from=dt.date(2020, 1, 1), content=RULES)
    return house


def _services_and_desks(house: House, organisations: dict[str, Organisation]) -> None:
    services = {
        key: Service.objects.create(
            region=house.region,
            key=key,
            authority=organisations[authority],
            minutes=minutes,
            minutes_per_further_adult=adult,
            minutes_per_child=child,
            title_da=danish,
            title_en=english,
        )
        for key, authority, minutes, adult, child, danish, english in SERVICES
    }
    for number, (key, owner, zone, offered, languages) in enumerate(DESKS, start=1):
        made = Desk.objects.create(
            house=house,
            key=key,
            organisation=organisations[owner],
            zone=zone,
            languages=list(languages),
            title_da=f"Skranke {number}",
            title_en=f"Desk {number}",
        )
        made.services.set([services[name] for name in offered])


def organisation(key: str) -> Organisation:
    """The small house's organisation of that key."""
    return Organisation.objects.get(key=key)


def desk(key: str) -> Desk:
    """The small house's desk of that key."""
    return Desk.objects.select_related("house__region", "organisation").get(key=key)


def service(key: str) -> Service:
    """The small house's service of that key."""
    return Service.objects.select_related("authority").get(key=key)


def member(role: str, of: Organisation | str, **fields: Any) -> User:
    """A member of staff with that role in an organisation (or in the one of that key)."""
    user = User.objects.create_user(f"user{next(_numbers)}@example.org", **{"name": "Mette Holm", **fields})
    Membership.objects.create(user=user, organisation=organisation(of) if isinstance(of, str) else of, role=role)
    return user


def working_day(ahead: int = 1) -> dt.date:
    """The first Tuesday, at least so many days ahead, that no public holiday is near: any week but those of Easter and Christmas."""
    date = clock.today() + dt.timedelta(days=ahead)
    date += dt.timedelta(days=(1 - date.weekday()) % 7)
    while (date.month, date.day) >= (12, 22) or (date.month, date.day) <= (1, 2):
        date += dt.timedelta(days=7)
    return date


def plan(
    house: House,
    *,
    on: dt.date | None = None,
    citizenship: str = "POL",
    purpose: str = "work",
    adults: int = 1,
    children: int = 0,
    municipality: str = "851",
    stay_months: int | None = 12,
    language: str = "en",
    days: int = 21,
    travellers: Sequence[Traveller] = (),
    **wish: Any,
) -> Plan:
    """What the house offers a party from `on` (the next Tuesday by default); the contact comes for `purpose`, the others as family.

    `travellers`, where given, are the party.
    """
    people = [(citizenship, False, purpose if position == 0 else "") for position in range(adults)] + [(citizenship, True, "")] * children
    earliest = on or working_day()
    return plan_journey(
        PlanRequest(
            house=house,
            travellers=tuple(travellers or (Traveller(*values) for values in people)),
            earliest=earliest,
            latest=earliest + dt.timedelta(days=days),
            municipality=municipality,
            stay_months=stay_months,
            language=language,
            **wish,
        )
    )


def book(
    house: House,
    *,
    name: str = "",
    email: str = "",
    phone: str = "",
    confirmed: bool = False,
    actor: Actor = ANONYMOUS,
    language: str = "en",
    idempotency_key: str = "",
    source: str = "web",
    names: Sequence[str] = (),
    **wish: Any,
) -> Booking:
    """Book the first itinerary of `plan(house, **wish)`; who books is a new person every time unless named. `names`: of everybody."""
    number = next(_numbers)
    found = plan(house, language=language, **wish)
    name = name or (names[0] if names else f"Ada Example {number}")
    party = found.request.travellers
    called = names or [name, *(f"Guest {position} of {number}" for position in range(1, len(party)))]
    guests = [Guest(called[position], traveller.citizenship, traveller.child) for position, traveller in enumerate(party)]
    booking = book_journey(
        actor=actor,
        offer=found.itineraries[0].offer,
        contact=Contact(name, email or f"ada{number}@example.org", phone, language),
        people=guests,
        consent=True,
        idempotency_key=idempotency_key,
        source=source,
    )
    if confirmed:
        confirm_email(journey=booking.journey, code=links.new_email_code(journey=booking.journey))
        booking.journey.refresh_from_db()
    return booking
