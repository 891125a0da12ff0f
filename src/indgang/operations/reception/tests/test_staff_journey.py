"""One journey on the staff's page: booking and moving steps, cancelling, notes, and a new party at the counter."""

from __future__ import annotations

import datetime as dt

import pytest
from django.conf import LazySettings
from django.urls import reverse

from indgang.foundation.database import clock
from indgang.foundation.identity.models import Role
from indgang.foundation.mail.models import Letter
from indgang.foundation.places.models import House
from indgang.operations.reception.actions.places import Place, take_places
from indgang.operations.reception.models import Appointment, Journey, Note
from indgang.operations.reception.models.journey import Status
from indgang.operations.reception.tests import factories
from indgang.operations.reception.tests.staff_day import DATE, at, clerk, floorwalker, logged_in, party, said

pytestmark = pytest.mark.django_db
NEW = "/board/aalborg/new/"
ANSWERS = {
    "name": "Ivan Petrov",
    "citizenship": "POL",
    "purpose": "work",
    "stay": "12",
    "adults": "1",
    "children": "1",
    "municipality": "851",
    "language": "en",
    "email": "",
}


@pytest.fixture
def house(settings: LazySettings) -> House:
    at(settings, 8, 30)
    return factories.small_house()


def page_of(journey: Journey) -> str:
    return reverse("reception:journey", args=[journey.reference])


def times(journey: Journey, house: House) -> dict[str, dt.time]:
    return {
        visit.service.key: visit.appointment.starts.astimezone(house.zone).time()
        for visit in journey.visits.exclude(status=Status.CANCELLED).select_related("service", "appointment")
    }


def test_a_step_for_one_of_the_family_is_booked_beside_the_others(house: House) -> None:
    journey = party(house, name="Ana Silva", adults=2, municipality="787")
    assert set(times(journey, house)) == {"siri-residence", "tax-card"}
    walker = floorwalker()
    walker.post(reverse("reception:check-in", args=[journey.reference]))
    address = reverse("reception:staff-steps", args=[journey.reference])
    wish = {"services": ["mitid"], "people": ["1"]}
    offered = walker.post(address, wish).context["itineraries"]
    assert {itinerary.starts.astimezone(house.zone).date() for itinerary in offered} == {DATE}
    page = walker.post(address, {**wish, "offer": offered[0].offer}, follow=True)
    assert said(page)[-1].startswith("Booked for Ana Silva, 2 people. Next: ")
    visit = journey.visits.get(service__key="mitid")
    assert (visit.people, visit.travellers, visit.status) == (1, [1], Status.WAITING)


def test_a_step_can_be_moved_and_is_not_booked_twice(house: House, settings: LazySettings) -> None:
    journey = party(house, name="Ana Silva")
    before = times(journey, house)
    walker = floorwalker()
    address = reverse("reception:staff-steps", args=[journey.reference])
    wish = {"services": ["tax-card"], "people": ["0"]}
    offered = walker.post(address, wish).context["itineraries"]
    walker.post(address, {**wish, "offer": offered[-1].offer})
    after = times(journey, house)
    assert after == {**before, "tax-card": offered[-1].starts.astimezone(house.zone).time()}
    assert journey.visits.count() == len(before)


def test_a_time_that_is_gone_meanwhile_brings_fresh_ones(house: House) -> None:
    first, second = party(house, municipality="787"), party(house, municipality="787")
    walker = floorwalker()
    wish = {"services": ["mitid"], "people": ["0"]}
    addresses = [reverse("reception:staff-steps", args=[journey.reference]) for journey in (first, second)]
    same = [walker.post(address, wish).context["itineraries"][0] for address in addresses]
    others = [desk for desk in ("citizen-1", "citizen-2") if desk != same[0].stops[0].desk.desk.key]
    factories.desk(others[0]).services.clear()
    same[1] = walker.post(addresses[1], wish).context["itineraries"][0]
    walker.post(addresses[0], {**wish, "offer": same[0].offer})
    page = walker.post(addresses[1], {**wish, "offer": same[1].offer})
    if same[0].starts == same[1].starts:
        assert said(page) == ["Somebody else has just taken this time."]
        assert page.context["itineraries"][0].starts > same[0].starts
        assert not second.visits.filter(service__key="mitid").exists()


def test_nothing_chosen_is_said_beside_the_field(house: House) -> None:
    journey = party(house)
    page = floorwalker().post(reverse("reception:staff-steps", args=[journey.reference]), {"people": ["0"]})
    assert page.context["form"].errors == {"services": ["Choose at least one step."]}


def test_an_offer_for_another_party_is_refused(house: House) -> None:
    ana, bo = party(house, name="Ana Silva", municipality="787"), party(house, municipality="787")
    walker = floorwalker()
    wish = {"services": ["mitid"], "people": ["0"]}
    offer = walker.post(reverse("reception:staff-steps", args=[ana.reference]), wish).context["itineraries"][0].offer
    page = walker.post(reverse("reception:staff-steps", args=[bo.reference]), {**wish, "offer": offer}, follow=True)
    assert said(page) == ["This offer is for another party. Ask for times for this one."]
    assert not bo.visits.filter(service__key="mitid").exists()


def test_a_clerk_of_another_authority_may_not_book(house: House) -> None:
    journey = party(house, municipality="787")
    address = reverse("reception:staff-steps", args=[journey.reference])
    assert [clerk(of).get(address).status_code for of in ("siri", "borgerservice-aalborg")] == [200, 404]


def test_one_step_is_cancelled_and_its_place_is_free(house: House) -> None:
    journey = party(house, name="Ana Silva")
    visit = journey.visits.get(service__key="tax-card")
    walker = floorwalker()
    for _click in range(2):
        page = walker.post(reverse("reception:cancel-step", args=[journey.reference, visit.pk]), follow=True)
    assert said(page)[-1] == "Cancelled: Tax card for Ana Silva, 1 person. The place is free."
    visit.refresh_from_db()
    assert (visit.status, visit.appointment.freed_at is not None) == (Status.CANCELLED, True)


def test_a_cancelled_step_can_be_taken_back_while_its_place_is_free(house: House) -> None:
    journey = party(house, name="Ana Silva")
    before = times(journey, house)
    visit = journey.visits.get(service__key="tax-card")
    walker = floorwalker()
    walker.post(reverse("reception:check-in", args=[journey.reference]))
    page = walker.post(reverse("reception:cancel-step", args=[journey.reference, visit.pk]), follow=True)
    undo = reverse("reception:undo-cancel-step", args=[journey.reference, visit.pk])
    assert f'action="{undo}?back=journey"' in page.content.decode()
    for _click in range(2):
        page = walker.post(undo, follow=True)
    assert said(page)[-1] == "Undone: Ana Silva, 1 person has Tax card at the old time."
    assert (times(journey, house), journey.visits.get(pk=visit.pk).status) == (before, Status.WAITING)
    walker.post(reverse("reception:cancel-step", args=[journey.reference, visit.pk]))
    other = Journey.objects.create(reference="ICS-1", house=house, adults=1)
    taken = visit.appointment
    place = Place(taken.desk_id, taken.starts, taken.ends, other.visits.create(service=visit.service, people=1).pk)
    take_places([place], party=7, now=clock.now())
    page = walker.post(undo, follow=True)
    assert said(page)[-1] == "Undone: Ana Silva, 1 person waits in line for Tax card again, without a booked time."
    assert journey.visits.get(pk=visit.pk).status == Status.WAITING


def test_a_visit_that_came_with_an_import_is_shown_like_any_other(house: House) -> None:
    journey = Journey.objects.create(reference="ICS-2026-1", house=house, adults=2, children=1, source="import")
    visit = journey.visits.create(service=factories.service("tax-card"), people=3, status=Status.WAITING, arrived_at=clock.now())
    walker, tax = floorwalker(), clerk("skattestyrelsen")
    assert [line.name for line in walker.get("/board/aalborg/").context["board"].here] == ["No name given"]
    assert walker.get(page_of(journey)).status_code == 200
    assert walker.get(reverse("reception:staff-steps", args=[journey.reference])).status_code == 200
    assert walker.get(f"/c/{journey.reference}").context["line"].name == "No name given"
    page = tax.post("/desks/aalborg/tax-1/next/", follow=True)
    assert (page.context["name"], page.context["step"].visit.pk) == ("Number 1", visit.pk)
    tax.post(f"/desks/aalborg/tax-1/finish/{visit.pk}/", {"outcome": "done"})
    visit.refresh_from_db()
    assert visit.outcome == "done"


def test_a_form_with_a_strange_way_back_ends_on_the_board(house: House) -> None:
    journey = party(house)
    address = reverse("reception:package", args=[journey.reference])
    assert [floorwalker().post(f"{address}?back={way}").url for way in ("board&house=../x", "desk", "https://x.example")] == [
        "/board/",
        "/board/",
        page_of(journey),
    ]


def test_the_whole_visit_is_cancelled(house: House) -> None:
    journey = party(house, name="Ana Silva")
    page = floorwalker().post(reverse("reception:staff-cancel", args=[journey.reference]), follow=True)
    assert said(page) == ["Cancelled: the visit of Ana Silva, 1 person. Their places are free."]
    assert set(journey.visits.values_list("status", flat=True)) == {Status.CANCELLED}


def test_a_note_is_kept_for_the_writers_authority(house: House) -> None:
    journey = party(house)
    siri = clerk()
    form = {"visit": journey.visits.get(service__key="siri-residence").pk, "text": "Speaks little English"}
    page = siri.post(reverse("reception:add-note", args=[journey.reference]), form, follow=True)
    assert said(page) == ["The note is saved."]
    assert (Note.objects.get().organisation.key, Note.objects.get().text) == ("siri", "Speaks little English")
    empty = siri.post(reverse("reception:add-note", args=[journey.reference]), {**form, "text": " "})
    assert empty.context["form"].errors == {"text": ["Write the note first."]}


def test_contact_details_are_masked_for_those_without_a_step(house: House) -> None:
    journey = party(house, municipality="787", email="ana.silva@example.org", phone="+45 99 82 00 00")
    seen = {of: clerk(of).get(page_of(journey)).context for of in ("siri", "borgerservice-aalborg")}
    assert [(seen[of]["email"], seen[of]["phone"]) for of in seen] == [
        ("ana.silva@example.org", "+4599820000"),
        ("a•••@example.org", "•••00"),
    ]


def test_a_new_party_is_booked_and_checked_in_at_the_counter(house: House) -> None:
    walker = floorwalker()
    page = walker.post(NEW, ANSWERS)
    plan = page.context["plan"]
    assert {step.service for step in plan.needs.steps} == {"siri-residence", "cpr-registration", "tax-card", "mitid"}
    assert Journey.objects.count() == 0
    page = walker.post(NEW, {**ANSWERS, "offer": plan.itineraries[0].offer}, follow=True)
    journey = Journey.objects.get()
    assert page.redirect_chain == [(page_of(journey), 302)]
    assert said(page)[0].startswith(f"Booked and checked in: Ivan Petrov, code {journey.reference}. First step: Tuesday 8 December, 9.00")
    assert (journey.source, journey.adults, journey.children, journey.contact.email) == ("desk", 1, 1, "")
    assert set(journey.visits.values_list("status", flat=True)) == {Status.WAITING}
    assert Letter.objects.count() == 0


def test_sending_the_booking_twice_books_once(house: House) -> None:
    walker = floorwalker()
    offer = walker.post(NEW, ANSWERS).context["plan"].itineraries[0].offer
    walker.post(NEW, {**ANSWERS, "offer": offer})
    again = walker.post(NEW, {**ANSWERS, "offer": offer})
    assert again.status_code == 200 and again.context["plan"].itineraries
    assert Journey.objects.count() == 1


def test_late_in_the_day_the_first_other_day_is_offered(house: House, settings: LazySettings) -> None:
    at(settings, 14, 40)
    page = floorwalker().post(NEW, ANSWERS)
    assert page.context["only_later"]
    assert page.context["plan"].itineraries[0].starts.astimezone(house.zone).date() == DATE + dt.timedelta(days=1)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": ""}, "name"),
        ({"citizenship": "XXX"}, "citizenship"),
        ({"adults": "0"}, "adults"),
        ({"adults": "9", "children": "9"}, "adults"),
        ({"email": "x"}, "email"),
    ],
)
def test_what_cannot_be_used_is_said_beside_its_field(house: House, wrong: dict[str, str], field: str) -> None:
    page = floorwalker().post(NEW, {**ANSWERS, **wrong})
    assert list(page.context["form"].errors) == [field]
    assert page.context["plan"] is None


def test_only_the_hosts_floorwalkers_book_at_the_counter(house: House) -> None:
    for client in (clerk(), logged_in(factories.member(Role.LEADER, "ihnd")), logged_in(factories.member(Role.FLOORWALKER, "siri"))):
        assert (client.get(NEW).status_code, client.post(NEW, ANSWERS).status_code) == (404, 404)


@pytest.mark.parametrize("state", ["waiting", "only in line", "aside"])
def test_the_whole_visit_can_be_cancelled_on_its_page_whenever_something_can_be(house: House, state: str) -> None:
    journey = party(house, name="Ana Silva", services=("tax-card",))
    walker, cancel = floorwalker(), reverse("reception:staff-cancel", args=[journey.reference])
    walker.post(reverse("reception:check-in", args=[journey.reference]))
    if state == "only in line":
        Appointment.objects.filter(visit__journey=journey).update(freed_at=clock.now())
    elif state == "aside":
        walker.post(reverse("reception:set-aside", args=[journey.visits.get().pk]))
    assert f'action="{cancel}?back=journey"' in walker.get(page_of(journey)).content.decode()
    walker.post(cancel)
    assert journey.visits.get().status == Status.CANCELLED
    assert cancel not in walker.get(page_of(journey)).content.decode()
