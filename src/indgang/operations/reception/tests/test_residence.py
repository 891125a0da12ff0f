"""Where a party lives: told with its ticket, noted or put right by staff, taken back; and the same figures from rows and journal."""

from __future__ import annotations

import datetime as dt

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse

from indgang.foundation.access.actors import Actor, NotAllowed, staff, system
from indgang.foundation.database import clock
from indgang.foundation.identity.models import Organisation, Role
from indgang.foundation.journal.models import Entry
from indgang.foundation.places.models import House, Municipality, Region
from indgang.operations.reception.actions import floor
from indgang.operations.reception.actions.residence import code_of, note_municipality, undo_municipality
from indgang.operations.reception.actions.tickets import Errands, take_ticket
from indgang.operations.reception.errors import InvalidRequest, NotNow
from indgang.operations.reception.journal_sentences import Names, sentence
from indgang.operations.reception.models import Journey
from indgang.operations.reception.tests import factories
from indgang.operations.reception.tests.staff_day import at, floorwalker, logged_in, party, said
from indgang.operations.reception.tests.test_from_journal import same, served, step
from indgang.registers.parties.actions.people import anonymise_person

pytestmark = pytest.mark.django_db


def now(journey: Journey) -> str:
    """The code as it is stored."""
    return code_of(Journey.objects.select_related("municipality").get(pk=journey.pk))


def test_citizens_are_counted_where_they_live_whenever_that_was_noted(house: House, walker: Actor, settings: LazySettings) -> None:
    at(settings, 9, 0)
    told = take_ticket(actor=walker, house=house, errands=Errands(["mitid"], people=2, municipality="787")).ticket.journey
    silent = take_ticket(actor=walker, house=house, errands=Errands(["mitid"])).ticket.journey
    booked = party(house, municipality="")
    floor.check_in_journey(actor=walker, journey=booked)
    served(settings, "citizen-1", step(told, "mitid"), 1, 10)
    served(settings, "citizen-1", step(silent, "mitid"), 11, 20)
    served(settings, "siri-1", step(booked, "siri-residence"), 21, 30)
    assert same(house).citizens == {"787": 2, "": 2}
    at(settings, 15, 0)
    for journey, code in ((silent, "0851"), (booked, "851"), (told, "851")):
        assert note_municipality(actor=walker, journey=journey, code=code)
    assert same(house).citizens == {"851": 4}
    assert not note_municipality(actor=walker, journey=told, code="851")

    undo_municipality(actor=walker, journey=told, noted="851", before="787")
    undo_municipality(actor=walker, journey=silent, noted="851", before="")

    assert same(house).citizens == {"787": 2, "": 1, "851": 1}
    assert booked.contact is not None
    booked.contact.refresh_from_db()
    assert booked.contact.municipality is not None
    assert booked.contact.municipality.code == "851"
    told_of = [sentence(entry, Names(house.region_id)) for entry in Entry.objects.filter(subject_id=str(silent.pk)).order_by("id")]
    assert told_of[-2:] == ["Municipality they live in: Aalborg.", "Municipality they live in, changed back: not known."]


def test_what_somebody_has_noted_since_is_not_undone(house: House, walker: Actor) -> None:
    journey = take_ticket(actor=walker, house=house, errands=Errands(["mitid"])).ticket.journey
    note_municipality(actor=walker, journey=journey, code="787")
    note_municipality(actor=walker, journey=journey, code="851")

    with pytest.raises(NotNow, match="Somebody has changed"):
        undo_municipality(actor=walker, journey=journey, noted="787", before="")

    assert now(journey) == "851"


def test_who_may_note_it_and_for_how_long(house: House, walker: Actor, settings: LazySettings) -> None:
    journey = party(house, municipality="")
    note_municipality(actor=staff(factories.member(Role.CLERK, "siri")), journey=journey, code="851")
    ticket = take_ticket(actor=walker, house=house, errands=Errands(["mitid"])).ticket.journey
    for of, role in (("ihnd", Role.LEADER), ("siri", Role.CLERK)):
        with pytest.raises(NotAllowed):
            note_municipality(actor=staff(factories.member(role, of)), journey=ticket, code="787")
    with pytest.raises(InvalidRequest) as refused:
        note_municipality(actor=walker, journey=journey, code="101")
    assert list(refused.value.fields) == ["municipality"]
    assert journey.contact is not None
    anonymise_person(actor=system(), person=journey.contact)
    with pytest.raises(NotNow, match="no longer known"):
        note_municipality(actor=walker, journey=journey, code="787")
    Journey.objects.filter(pk=ticket.pk).update(created_at=clock.now() - dt.timedelta(days=731))
    with pytest.raises(NotNow, match="no longer known"):
        note_municipality(actor=walker, journey=ticket, code="787")

    assert (now(journey), now(ticket)) == ("851", "")


@pytest.mark.parametrize("language", ["da", "en"])
def test_the_partys_page_asks_until_it_is_known_and_undoes(house: House, walker: Actor, language: str) -> None:
    journey = take_ticket(actor=walker, house=house, errands=Errands(["mitid"])).ticket.journey
    page = logged_in(factories.member(Role.FLOORWALKER, "ihnd"), language)
    where, address = (reverse(f"reception:{name}", args=[journey.reference]) for name in ("journey", "municipality"))
    asked = {"da": "Hvor bor de?", "en": "Where do they live?"}[language]
    assert asked in page.get(where).content.decode()

    noted = page.post(f"{address}?back=journey", {"municipality": "851"}, follow=True)

    assert asked not in noted.content.decode()
    assert "Aalborg" in said(noted)[0]
    undo = noted.content.decode().split(f'action="{reverse("reception:undo-municipality", args=[journey.reference])}')[1].split('"')[0]
    assert undo == "?noted=851&amp;back=journey"
    undone = page.post(f"{reverse('reception:undo-municipality', args=[journey.reference])}{undo.replace('&amp;', '&')}", follow=True)
    assert asked in undone.content.decode()
    assert now(journey) == ""


def test_the_desk_asks_for_those_of_whom_it_is_not_known(house: House, walker: Actor, settings: LazySettings) -> None:
    at(settings, 9, 0)
    journey = take_ticket(actor=walker, house=house, errands=Errands(["mitid"])).ticket.journey
    desk = logged_in(factories.member(Role.CLERK, "borgerservice-aalborg"))
    here = "/desks/aalborg/citizen-1/"
    desk.post(f"{here}next/")
    assert "Where do they live?" in desk.get(here).content.decode()

    noted = desk.post(
        f"/journeys/{journey.reference}/municipality/?back=desk&house=aalborg&desk=citizen-1", {"municipality": "787"}, follow=True
    )

    assert noted.redirect_chain[-1][0] == here
    assert "Where do they live?" not in noted.content.decode()
    assert now(journey) == "787"


def a_desk_is_of_aalborg() -> None:
    """A municipality sits in the house."""
    Organisation.objects.filter(key="borgerservice-aalborg").update(municipality=Municipality.objects.get(code="851"))


def test_nothing_is_chosen_and_the_houses_own_municipality_comes_first(house: House) -> None:
    a_desk_is_of_aalborg()
    for code, title in (("846", "Mariagerfjord"), ("860", "Hjørring")):
        Municipality.objects.create(region=house.region, code=code, key=title.lower(), title_da=title)

    field = logged_in(factories.member(Role.FLOORWALKER, "ihnd"), "da").get("/board/aalborg/ticket/").context["form"]["municipality"]

    assert [title for _code, title in field.field.choices][1:] == ["Aalborg", "Hjørring", "Mariagerfjord", "Thisted"]
    assert (field.field.choices[0][0], field.value()) == ("", None)


@pytest.mark.parametrize(("language", "regions"), [("da", ["Nordjylland", "Midtjylland"]), ("en", ["North Denmark", "Central Denmark"])])
def test_who_lives_in_another_region_that_is_known_is_noted_there(
    house: House, walker: Actor, settings: LazySettings, language: str, regions: list[str]
) -> None:
    at(settings, 9, 0)
    a_desk_is_of_aalborg()
    other = Region.objects.create(key="midtjylland", title_da="Midtjylland", title_en="Central Denmark")
    for code, title in (("751", "Aarhus"), ("727", "Odder"), ("741", "Samsø")):
        Municipality.objects.create(region=other, code=code, key=title.lower(), title_da=title)
    page = logged_in(factories.member(Role.FLOORWALKER, "ihnd"), language)

    unknown, *groups = page.get("/board/aalborg/ticket/").context["form"]["municipality"].field.choices

    assert (unknown[0], [title for title, _rows in groups], groups[0][1][0]) == ("", regions, ("851", "Aalborg"))
    in_order = {"da": ["Odder", "Samsø", "Aarhus"], "en": ["Aarhus", "Odder", "Samsø"]}[language]
    assert [title for _code, title in groups[1][1]] == in_order
    form = {"services": ["mitid"], "people": "1", "language": "en", "priority": "", "once": "a", "municipality": "751"}
    assert page.post("/board/aalborg/ticket/", form).status_code == 302
    journey = Journey.objects.get()
    assert now(journey) == "751"
    here = reverse("reception:journey", args=[journey.reference])
    assert page.get(here).context["residence"]["municipality"].value() == "751"
    assert "Odder" in said(page.post(reverse("reception:municipality", args=[journey.reference]), {"municipality": "727"}, follow=True))[0]
    served(settings, "citizen-1", step(journey, "mitid"), 1, 10)
    assert same(house).citizens == {"727": 1}


def test_a_ticket_given_by_staff_or_asked_for_by_a_kiosk_tells_it(house: House, settings: LazySettings) -> None:
    at(settings, 9, 0)
    form = {"services": ["mitid"], "people": "1", "language": "en", "priority": "", "once": "a", "municipality": "787"}
    assert floorwalker().post("/board/aalborg/ticket/", form).status_code == 302
    client, address = Client(), "/api/v1/houses/aalborg/tickets"
    for code in ("0851", 851, "", None):
        body = {"service": "mitid", "municipality": code}
        assert client.post(address, body, content_type="application/json").status_code == 201
    refused = client.post(address, {"service": "mitid", "municipality": "101"}, content_type="application/json")

    assert refused.status_code == 422
    assert refused["Content-Type"] == "application/problem+json"
    assert [error["field"] for error in refused.json()["errors"]] == ["municipality"]
    assert [now(journey) for journey in Journey.objects.order_by("created_at")] == ["787", "851", "851", "", ""]
