"""Every address x every role x a foreign organisation: nothing of somebody else's house is shown, and nothing there is changed.

The addresses come from the urlconf itself, so a new page is tested without being listed. A new kind of parameter has to be filled in here.
"""

from __future__ import annotations

import datetime as dt
import re
import time
from collections.abc import Iterator
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.conf import LazySettings
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from indgang.foundation.access.actors import Actor, staff
from indgang.foundation.identity.actions import create_token
from indgang.foundation.identity.models import Organisation, Participation, Role
from indgang.foundation.mail.models import Letter
from indgang.foundation.places.models import House
from indgang.operations.guidance.actions.courses import begin_course
from indgang.operations.guidance.actions.deliveries import register_delivery
from indgang.operations.guidance.actions.log import log_contact
from indgang.operations.guidance.actions.steps import agree_step
from indgang.operations.guidance.facts import ContactFacts as Talk
from indgang.operations.guidance.facts import CourseFacts, DeliveryFacts
from indgang.operations.guidance.models import (
    Category,
    Course,
    Delivery,
    Lead,
    LogEntry,
    NextStep,
    Playbook,
    ResultShare,
    Screening,
    Wheel,
    WheelFilling,
)
from indgang.operations.guidance.tests import screening_day
from indgang.operations.reception.actions import desk as desk_actions
from indgang.operations.reception.actions import floor
from indgang.operations.reception.actions.serving import serve_house
from indgang.operations.reception.actions.waiting import confirm_entry, join_waiting_list
from indgang.operations.reception.contacts import Contact
from indgang.operations.reception.models import Appointment, Employee, EmployerBooking, Journey, Note, Visit, WaitingEntry, WaitingOffer
from indgang.operations.reception.tests import employer_day, factories
from indgang.operations.reception.tests.resource_day import interpreter
from indgang.registers.parties.actions.contacts import ContactFacts, add_contact, change_contact
from indgang.registers.parties.actions.notes import write_note
from indgang.registers.parties.models import Change, Company, CompanyNote, Consent, Double, Person
from indgang.registers.parties.models import Contact as CompanyContact
from indgang.registers.parties.tests import factories as company_factories

pytestmark = pytest.mark.django_db
NAME, CHILD, EMAIL, PHONE = "Quirina Zabłocka", "Xaver Zabłocki", "quirina@zablocka.example", "+4599820099"
CPR, NOTE, DOCUMENT = "0101901234", "Married in Porto-Novo", "Birth certificate from Gdynia"
SECRETS = (NAME, CHILD, EMAIL, PHONE, "99820099", CPR, "901234", NOTE, DOCUMENT)
PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)")
OF_VISITS = (Journey, Visit, Note, Appointment, Person, WaitingEntry, WaitingOffer, Employee, EmployerBooking)
# Here anybody may come with a reference that they know; what the page shows is nobody's.
OPEN_TO_ALL = ("arrival/", "waiting/", "c/", "hall/", "api/v1/journeys/", "api/v1/houses/", "account/", "language/", "shortcuts/")


@pytest.fixture
def seeded(settings: LazySettings) -> dict[str, Any]:
    """A party in the house: one step refused with a note, one with documents missing, and how each kind of parameter names them."""
    settings.CLOCK_STARTS_AT, settings.CLOCK_SINCE = dt.datetime(2026, 12, 8, 7, 40, tzinfo=dt.UTC), time.time()
    house = factories.small_house()
    amina = interpreter(house)
    walker = staff(factories.member(Role.FLOORWALKER, "ihnd"))
    journey = factories.book(
        house, name=NAME, email=EMAIL, phone=PHONE, on=dt.date(2026, 12, 8), days=0, children=1, interpreter="ar"
    ).journey
    child = journey.travellers.get(child=True).person
    Person.objects.filter(pk=child.pk).update(name=CHILD)
    person = journey.contact
    assert person is not None
    person.cpr = CPR
    person.save()
    floor.check_in_journey(actor=walker, journey=journey)
    siri, desk = staff(factories.member(Role.CLERK, "siri")), factories.desk("siri-1")
    visit = desk_actions.call_next(actor=siri, desk=desk)
    assert visit is not None
    desk_actions.finish_visit(actor=siri, visit=visit, outcome="documents-missing", missing=[DOCUMENT], note=NOTE)
    return {
        "house": house.key,
        "desk": desk.key,
        "resource": amina.key,
        "reference": journey.reference,
        "number": visit.pk,
        "day": "2026-12-08",
        "other": visit.pk,
        "what": "interpreter",
        "key": person.pk,
        **seeded_wait(house),
        **seeded_group(house),
        "letter": Letter.objects.order_by("pk").first().pk,
        "kind": "visits",
        "form": "csv",
        "batch": 1,
        "file": 1,
        "company": 1,
        "contact": 1,
        "zone": 1,
        "year": 2026,
        "office": "office-aalborg",
        "meeting": 1,
        "duty": 1,
        "uidb36": "1",
        **seeded_screening(house),
        **seeded_company(),
    }


def seeded_wait(house: House) -> dict[str, Any]:
    """Somebody of the same name who waits for a time and is offered one."""
    request = factories.plan(house, stay_months=2).request
    entry = join_waiting_list(request=request, contact=Contact(NAME, EMAIL, PHONE, "en"), consent=True, request_key="form")
    confirm_entry(entry=entry)
    serve_house(house)
    return {"entry": entry.pk, "offer": entry.offers.get().pk}


def seeded_group(house: House) -> dict[str, Any]:
    """Somebody of the same name whom an employer has booked for."""
    group = employer_day.group(house, NAME)
    employer_day.booked(group, last_day=employer_day.DAY + dt.timedelta(days=7))
    return {"booking": group.pk, "person": group.employees.get().pk}


def seeded_screening(house: House) -> dict[str, Any]:
    """A held visit that somebody of the same name asked for, with a lead, and a wheel in a course."""
    region = house.region
    office = Organisation.objects.create(region=region, key="an-office", kind="business-office", title_da="Erhvervskontor")
    firm = Company.objects.create(name="Screened ApS")
    book = Playbook.objects.create(region=region, version=1, valid_from="2024-01-01", content=screening_day.playbook_content())
    visit = Screening.objects.create(
        reference="SCRE-ENED",
        organisation=office,
        company=firm,
        state="held",
        date="2026-12-08",
        by_company=True,
        playbook=book,
        contact_name=NAME,
        contact_email=EMAIL,
        contact_phone=PHONE,
        wish=NOTE,
        summary=DOCUMENT,
        confirmed_at=dt.datetime(2026, 12, 1, tzinfo=dt.UTC),
    )
    lead = Lead.objects.create(screening=visit, field="finance", text=NOTE, to_adviser=NAME)
    course = Course.objects.create(reference="COUR-SE00", company=firm, organisation=office, category="growth", started="2026-12-01")
    wheel = Wheel.objects.create(region=region, version=1, valid_from="2024-01-01", content=screening_day.wheel_content())
    filling = WheelFilling.objects.create(course=course, organisation=office, wheel=wheel, on="2026-12-08", note=NOTE)
    return {"screening": visit.pk, "asked": visit.reference, "topic": "co2", "lead": lead.pk, "course": course.pk, "filling": filling.pk}


def seeded_company() -> dict[str, Any]:
    """A company, and what an organisation keeps about it: somebody of the same name, and a note."""
    firm = company_factories.company()
    hub = company_factories.colleague()
    write_note(actor=hub, company=firm, text=NOTE)
    contact = add_contact(actor=hub, company=firm, facts=ContactFacts(name=NAME, email=EMAIL, phone=PHONE))
    change_contact(actor=hub, contact=contact, facts=ContactFacts(name=NAME, email=EMAIL, phone=PHONE, role=DOCUMENT))
    change = Change.objects.get()
    double = Double.objects.create(one=firm, other=company_factories.company(), probability=0.95)
    return {"company": firm.pk, "record": contact.pk, "double": double.pk, "change": change.pk, "segment": 1, **seeded_course(hub, firm)}


def seeded_course(hub: Actor, firm: Company) -> dict[str, Any]:
    """A course for the company, with a contact and a next step that name somebody, and a delivery."""
    day = dt.date(2026, 12, 1)
    course = begin_course(actor=hub, company=firm, facts=CourseFacts(category=Category.GROWTH, started=day, purpose=NOTE))
    noted = log_contact(actor=hub, course=course, facts=Talk(on=day, how="phone", text=f"{NAME}: {NOTE}"))
    step = agree_step(actor=hub, course=course, text=f"Call {NAME}", due=day)
    delivery = register_delivery(actor=hub, company=firm, facts=DeliveryFacts(kind="service", date=day, topic=NOTE))
    return {"course": course.pk, "noted": noted.pk, "step": step.pk, "deed": "done", "delivery": delivery.pk}


def addresses(patterns: list[URLPattern | URLResolver], parameters: dict[str, Any], before: str = "") -> Iterator[str]:
    """Every address of the urlconf, its parameters filled in."""
    for pattern in patterns:
        route = before + str(pattern.pattern).lstrip("^").rstrip("$")
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, parameters, route)
        else:
            yield PARAMETER.sub(lambda match: str(parameters[match[1] or match[2]]), route)


def facts() -> list[list[tuple[Any, ...]]]:
    """Everything that staff can change about a party."""
    return [
        list(model.objects.order_by("pk").values_list())
        for model in (
            Journey,
            Visit,
            Note,
            Appointment,
            Person,
            WaitingEntry,
            WaitingOffer,
            Employee,
            EmployerBooking,
            CompanyNote,
            Consent,
            CompanyContact,
            Screening,
            Lead,
            ResultShare,
            WheelFilling,
            Course,
            LogEntry,
            NextStep,
            Delivery,
        )
    ]


def foreign_house(house: str) -> Organisation:
    """An organisation that hosts another house of the same region."""
    region = House.objects.get(key=house).region
    other = House.objects.create(region=region, key="elsewhere", title_da="Andet", address="A 1", postcode="9800", city="Hjørring")
    organisation = Organisation.objects.create(region=region, key="stranger", kind="authority", title_da="Fremmed")
    Participation.objects.create(house=other, organisation=organisation, is_host=True)
    return organisation


def walk(client: Client, seeded: dict[str, Any], headers: dict[str, str]) -> None:
    """Knock at every address with GET and with POST."""
    before = facts()
    told, opened = [], []
    for address in addresses(get_resolver().url_patterns, seeded):
        for method in ("get", "post"):
            if address == "account/logout/" and method == "post":
                continue
            response = getattr(client, method)(f"/{address}", {"q": "a", "house": seeded["house"], "outcome": "done"}, headers=headers)
            body = b"".join(response.streaming_content) if response.streaming else response.content
            text = body.decode(errors="replace")
            told += [(method, address, secret) for secret in SECRETS if secret in text]
            if seeded["reference"] in text and seeded["reference"] not in address:
                told.append((method, address, "the reference"))
            named = seeded["reference"] in address or str(seeded["key"]) in address or f"/{seeded['house']}/" in f"/{address}"
            if named and not address.startswith(OPEN_TO_ALL) and response.status_code not in (302, 401, 404, 405):
                opened.append((method, address, response.status_code))
    assert told == []
    assert opened == []
    assert facts() == before


def logged_in(user: Any) -> Client:
    """A browser of somebody at work."""
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "JBSWY3DPEHPK3PXP"})
    user.set_password("a long password of one's own")
    user.save()
    client = Client()
    client.force_login(user)
    return client


def test_nobody_known_learns_nothing(seeded: dict[str, Any]) -> None:
    walk(Client(), seeded, {})


@pytest.mark.parametrize("role", [str(role) for role in Role])
def test_a_foreign_organisation_learns_nothing_and_changes_nothing(seeded: dict[str, Any], role: str) -> None:
    walk(logged_in(factories.member(role, foreign_house(seeded["house"]))), seeded, {})


@pytest.mark.parametrize("role", [str(Role.CLERK), str(Role.FLOORWALKER), str(Role.ADMINISTRATOR)])
def test_a_foreign_token_learns_nothing_and_changes_nothing(seeded: dict[str, Any], role: str) -> None:
    user = factories.member(role, foreign_house(seeded["house"]))
    _record, token = create_token(user=user)
    walk(Client(), seeded, {"Authorization": f"Bearer {token}"})


def test_somebody_without_a_role_learns_nothing(seeded: dict[str, Any]) -> None:
    user = factories.member(Role.CLERK, "siri")
    user.memberships.update(ended_at=dt.datetime(2026, 12, 1, tzinfo=dt.UTC))
    walk(logged_in(user), seeded, {})


def test_whoever_only_reads_the_numbers_sees_no_person(seeded: dict[str, Any]) -> None:
    walk(logged_in(factories.member(Role.READER, "siri")), seeded, {})


def test_the_walk_would_notice_a_leak(seeded: dict[str, Any]) -> None:
    with pytest.raises(AssertionError, match=NAME):
        walk(logged_in(factories.member(Role.FLOORWALKER, "ihnd")), seeded, {})
