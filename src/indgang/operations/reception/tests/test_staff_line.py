"""The line on the staff's pages: numbers, calling again, aside and back, sending on, tickets by hand, lateness and no-shows."""

from __future__ import annotations

import datetime as dt

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from indgang.foundation.access.actors import ANONYMOUS, staff
from indgang.foundation.identity.models import Role
from indgang.foundation.journal.models import Entry
from indgang.foundation.places.models import House
from indgang.operations.reception.actions import floor
from indgang.operations.reception.actions.tickets import Errands, TakenTicket, take_ticket
from indgang.operations.reception.journal_sentences import Names, sentence
from indgang.operations.reception.models import Journey, LineSetting, Priority, Ticket, Visit
from indgang.operations.reception.models.journey import Status
from indgang.operations.reception.tests import factories
from indgang.operations.reception.tests.staff_day import DATE, at, at_instant, clerk, floorwalker, party, said

pytestmark = pytest.mark.django_db
TAX, BOARD = "/desks/aalborg/tax-1/", "/board/aalborg/"


@pytest.fixture
def house(settings: LazySettings) -> House:
    at(settings, 9, 0)
    return factories.small_house()


def take(house: House, service: str = "tax-card", people: int = 1) -> TakenTicket:
    return take_ticket(actor=ANONYMOUS, house=house, errands=Errands([service], people))


def step(taken: TakenTicket) -> Visit:
    return taken.ticket.journey.visits.order_by("-pk").first()  # type: ignore[return-value]


def missed(house: House, settings: LazySettings, hour: int = 9, **wish: object) -> Journey:
    """A party that was noted as not coming."""
    at(settings, 8, 0)
    journey = party(house, **wish)
    at(settings, hour, 11)
    floor.mark_no_show(actor=staff(factories.member(Role.FLOORWALKER, "ihnd")), journey=journey)
    return journey


def states(journey: Journey) -> list[str]:
    return list(journey.visits.order_by("position").values_list("status", flat=True))


def test_the_desk_calls_again_sets_aside_and_brings_back(house: House) -> None:
    first, _second = take(house), take(house)
    tax, number = clerk("skattestyrelsen"), step(first).pk
    page = tax.post(f"{TAX}next/", follow=True)
    assert page.context["name"] == "Number 1"
    page = tax.post(f"{TAX}call-again/{number}/?back=desk", follow=True)
    assert said(page) == ["Called again: Number 1, 1 person."]
    assert "Call again (2)" in page.content.decode()
    where = "?back=desk&house=aalborg&desk=tax-1"
    page = tax.post(f"/line/{number}/aside/{where}", follow=True)
    assert said(page) == ["Waits aside: Number 1, 1 person."]
    assert (page.context["present"], [place.name for place in page.context["line"]]) == (None, ["Number 2"])
    assert [place.name for place in page.context["aside"]] == ["Number 1"]
    page = tax.post(f"/line/{number}/back/{where}", follow=True)
    assert [place.name for place in page.context["line"]] == ["Number 1", "Number 2"]
    assert page.context["aside"] == []


def test_the_desk_sends_on_to_another_authority_without_losing_the_place(house: House, settings: LazySettings) -> None:
    wrong = take(house, "tax-card")
    tax = clerk("skattestyrelsen")
    at(settings, 9, 20)
    take(house, "siri-residence")
    page = tax.post(f"{TAX}next/", follow=True)
    assert [row.key for row in page.context["sendable"]] == ["siri-residence", "cpr-registration", "mitid"]
    number = step(wrong).pk
    assert '<option value="">Choose the service</option>' in page.content.decode(), "Enter alone sends nobody anywhere"
    page = tax.post(f"{TAX}send-on/{number}/?back=desk", {"service": ""}, follow=True)
    assert said(page) == ["Choose the service that the party is sent on to."]
    page = tax.post(f"{TAX}send-on/{number}/?back=desk", {"service": "nonsense"}, follow=True)
    assert said(page) == ["Choose the service that the party is sent on to."]
    page = tax.post(f"{TAX}send-on/{number}/?back=desk", {"service": "siri-residence"}, follow=True)
    assert said(page) == ["Sent on: Number 1, 1 person waits for EU residence document, SIRI, without losing the place in line."]
    line = clerk("siri").get("/desks/aalborg/siri-1/").context["line"]
    assert [(place.name, place.minutes) for place in line] == [("Number 1", 20), ("Number 2", 0)]


def test_a_ticket_is_held_back_for_a_booked_party_and_says_for_which_but_can_be_called_by_hand(
    house: House, settings: LazySettings
) -> None:
    at(settings, 8, 0)
    journey = party(house, name="Ana Silva")
    due = journey.visits.get(service__key="tax-card").appointment.starts
    minutes = due.hour * 60 + due.minute - 5
    local = due.astimezone(house.zone) - dt.timedelta(minutes=5)
    assert minutes > 0
    at(settings, local.hour, local.minute)
    taken = take(house)
    tax = clerk("skattestyrelsen")
    page = tax.get(TAX)
    assert [(place.name, place.keeps) for place in page.context["line"]] == [("Number 1", due)]
    time = f"{due.astimezone(house.zone).hour}.{due.astimezone(house.zone).minute:02}"
    assert f"held back for Ana Silva, {time}, who has not come yet" in page.content.decode()
    why = f"Number 1 is held back until {time} at the latest for Ana Silva, who is booked at that time and has not come yet."
    page = tax.post(f"{TAX}next/", follow=True)
    assert said(page) == [why]
    phone = Client().get(f"/ticket/{taken.ticket.number}/?key={taken.key}").content.decode()
    assert f"It is your turn after the appointment at {time}." in phone and "You are next" not in phone
    assert page.context["held"] == why and "Call Number 1 anyway" in page.content.decode()
    page = tax.post(f"{TAX}call/{step(taken).pk}/?back=desk", follow=True)
    assert page.context["name"] == "Number 1"
    called = Entry.objects.get(verb="visit.called")
    assert called.after["ahead_of"] == due.isoformat()
    assert "although the line held them back" in sentence(called, Names(house.region_id))


def test_a_phone_says_that_a_free_desk_keeps_its_time_for_somebody_who_is_booked(house: House, settings: LazySettings) -> None:
    at(settings, 8, 0)
    first_at_each_desk_and_ana = [party(house, name=name) for name in ("Bo Chen", "Cy Diaz", "Ana Silva")]
    booked = first_at_each_desk_and_ana[-1].visits.get(service__key="siri-residence").appointment
    local = booked.starts.astimezone(house.zone) - dt.timedelta(minutes=5)
    at(settings, local.hour, local.minute)
    served, other = take(house, "siri-residence"), "siri-2" if booked.desk.key == "siri-1" else "siri-1"
    siri, number = clerk("siri"), step(served).pk
    siri.post(f"/desks/aalborg/{other}/call/{number}/")
    siri.post(f"/desks/aalborg/{other}/start/{number}/")
    waits = take(house, "siri-residence")
    phone = Client().get(f"/ticket/{waits.ticket.number}/?key={waits.key}").content.decode()
    assert "You are next." in phone and "Ana" not in phone
    assert "A desk may stand free meanwhile: it keeps the time for somebody who is booked." in phone


def test_a_booked_party_set_aside_is_seen_and_brought_back_and_holds_nobody_back(house: House, settings: LazySettings) -> None:
    at(settings, 8, 0)
    journey, walker, tax = party(house, name="Ana Silva"), floorwalker(), clerk("skattestyrelsen")
    floor.check_in_journey(actor=staff(factories.member(Role.FLOORWALKER, "ihnd")), journey=journey)
    due = journey.visits.get(service__key="tax-card").appointment.starts
    at_instant(settings, due - dt.timedelta(minutes=5))
    take(house)
    first = journey.visits.get(service__key="siri-residence")
    walker.post(f"/line/{first.pk}/aside/")
    assert [(place.name, place.keeps) for place in tax.get(TAX).context["line"]] == [("Number 2", None)]
    assert tax.post(f"{TAX}next/", follow=True).context["name"] == "Number 2", "the party aside is called at no desk"
    assert [line.aside is not None for line in walker.get(BOARD).context["board"].here] == [True]
    page = walker.get(f"/journeys/{journey.reference}/").content.decode()
    assert "They wait aside since" in page
    walker.post(f"/line/{first.pk}/back/")
    assert not Visit.objects.exclude(parked_at=None).exists()


def test_board_and_desk_tell_one_wait(house: House, settings: LazySettings) -> None:
    at(settings, 8, 0)
    journey = party(house, name="Ana Silva")
    floor.check_in_journey(actor=staff(factories.member(Role.FLOORWALKER, "ihnd")), journey=journey)
    starts = journey.visits.get(service__key="siri-residence").appointment.starts
    told = []
    for minutes in (-20, 7):
        at_instant(settings, starts + dt.timedelta(minutes=minutes))
        line = clerk("siri").get("/desks/aalborg/siri-1/").context["line"]
        told.append((line[0].minutes, floorwalker().get(BOARD).context["board"].here[0].row.waited_minutes))
    assert told == [(0, 0), (12, 12)], "from five minutes before their time"


def test_numbers_stand_beside_names(house: House) -> None:
    journey, walker = party(house, name="Ana Silva"), floorwalker()
    page = walker.post(reverse("reception:check-in", args=[journey.reference]) + "?back=board&house=aalborg", follow=True)
    assert said(page)[0].endswith("Their number is 1.")
    assert [(line.number, line.name) for line in page.context["board"].here] == [(1, "Ana Silva")]
    take(house)
    page = walker.get(BOARD)
    assert [(line.number, line.name) for line in page.context["board"].here] == [(1, "Ana Silva"), (None, "Number 2")]
    found = walker.get(f"{BOARD}?q=2").context["board"].here
    assert [line.name for line in found] == ["Number 2"]


def test_the_floorwalker_takes_a_ticket_with_a_reason_and_prints_it(house: House) -> None:
    Priority.objects.create(house=house, key="infant", title_da="Spædbarn", title_en="With an infant", head_start=20)
    walker, new = floorwalker(), f"{BOARD}ticket/"
    page = walker.get(new)
    answers = {"services": ["tax-card", "mitid"], "people": "2", "language": "da", "priority": "infant", "once": "k"}
    assert [key for key, _title in page.context["form"].fields["priority"].choices] == ["", "infant"]
    paper = walker.post(new, answers, follow=True)
    assert walker.post(new, answers).url == paper.redirect_chain[-1][0]  # type: ignore[attr-defined]
    ticket = Ticket.objects.select_related("journey__priority").get()
    assert (ticket.journey.priority.key, ticket.journey.people, ticket.journey.language) == ("infant", 2, "da")  # type: ignore[union-attr]
    assert "Refresh" not in paper
    assert "data-print" in paper.content.decode()
    assert "With an infant" in walker.get(BOARD).content.decode()
    assert "With an infant" in clerk("skattestyrelsen").get("/desks/aalborg/tax-1/").content.decode()
    refused = walker.post(new, {**answers, "services": []})
    assert refused.context["form"].errors == {"services": ["Choose what you come for."]}


def test_only_the_floorwalkers_of_the_house_take_tickets_for_others(house: House) -> None:
    assert clerk("siri").get(f"{BOARD}ticket/").status_code == 404
    assert Client().get(f"{BOARD}ticket/").status_code == 302


def test_the_board_sets_aside_and_calls_again_and_only_where_that_can_be(house: House) -> None:
    first, second = take(house), take(house)
    walker, tax = floorwalker(), clerk("skattestyrelsen")
    tax.post(f"{TAX}next/")
    again, aside = f"/line/{step(first).pk}/call-again/", f"/line/{step(second).pk}/aside/"
    page = walker.get(BOARD).content.decode()
    assert (page.count(f'action="{again}'), page.count(f'action="{aside}')) == (1, 1)
    where = "?back=board&house=aalborg"

    assert said(walker.post(f"{again}{where}", follow=True)) == ["Called again: Number 1, 1 person."]
    page = walker.post(f"{aside}{where}", follow=True)

    assert said(page) == ["Waits aside: Number 2, 1 person."]
    assert f'action="{aside}' not in page.content.decode()
    assert step(first).calls == 2
    tax.post(f"{TAX}start/{step(first).pk}/")
    assert "/call-again/" not in walker.get(BOARD).content.decode()
    assert clerk("siri").post(f"{again}{where}").status_code == 404


def test_who_waits_aside_is_marked_on_the_board_and_brought_back_there(house: House) -> None:
    taken, walker = take(house), floorwalker()
    walker.post(f"/line/{step(taken).pk}/aside/")
    page = walker.get(BOARD)
    assert [line.aside.visit for line in page.context["board"].here] == [step(taken)]
    assert "waits aside since 9.00" in page.content.decode()
    page = walker.post(f"/line/{step(taken).pk}/back/?back=board&house=aalborg", follow=True)
    assert said(page) == ["In line again, at the old place: Number 1, 1 person."]
    assert [line.aside for line in page.context["board"].here] == [None]


def test_late_is_who_is_not_there_so_many_minutes_after_the_time_as_the_house_states(house: House, settings: LazySettings) -> None:
    at(settings, 8, 0)
    party(house, name="Ana Silva")
    walker = floorwalker()

    def state(minute: int) -> list[str]:
        at(settings, 9, minute)
        return [line.row.state for line in walker.get(BOARD).context["board"].expected]

    assert (state(9), state(10)) == (["expected"], ["late"])
    LineSetting.objects.create(house=house, grace=20)
    assert (state(19), state(20)) == (["expected"], ["late"])


def test_the_places_of_a_no_show_can_be_booked_again_at_once(house: House, settings: LazySettings) -> None:
    journey = missed(house, settings, name="Ana Silva")
    freed = {(visit.appointment.desk_id, visit.appointment.starts) for visit in journey.visits.select_related("appointment")}
    later = {place for place in freed if place[1].astimezone(house.zone).time() > dt.time(9)}
    ways = factories.plan(house, on=DATE, days=0, limit=10).itineraries
    offered = {(stop.desk.desk.pk, stop.starts) for way in ways for stop in way.stops}
    assert later
    assert later & offered


def test_who_comes_after_being_noted_as_a_no_show_is_checked_in_with_one_click(house: House, settings: LazySettings) -> None:
    journey, walker = missed(house, settings, name="Ana Silva"), floorwalker()
    at(settings, 9, 30)
    page = walker.get(BOARD)
    assert reverse("reception:check-in", args=[journey.reference]) in page.content.decode()
    page = walker.post(reverse("reception:check-in", args=[journey.reference]) + "?back=board&house=aalborg", follow=True)
    assert set(states(journey)) == {"waiting"}
    assert [line.name for line in page.context["board"].here] == ["Ana Silva"]
    assert not journey.visits.exclude(appointment__freed_at=None).exists(), "nobody had taken the places, so they are theirs again"
    page = walker.post(reverse("reception:undo-check-in", args=[journey.reference]), follow=True)
    assert said(page) == ["Undone: Ana Silva, 1 person did not come, as it was noted before."]
    assert set(states(journey)) == {"no-show"}
    assert not journey.visits.filter(appointment__freed_at=None).exists(), "their places are free again, as they were before"


def test_a_late_party_whose_places_are_gone_stands_in_line_from_when_it_came(house: House, settings: LazySettings) -> None:
    journey = missed(house, settings, name="Ana Silva")
    for _ in range(20):
        if not factories.plan(house, on=DATE, days=0, services=("tax-card",)).itineraries:
            break
        factories.book(house, on=DATE, days=0, services=("tax-card",))
    walker = floorwalker()
    at(settings, 9, 30)
    walker.post(reverse("reception:check-in", args=[journey.reference]))
    tax = journey.visits.select_related("appointment").get(service__key="tax-card")
    assert (tax.status, tax.appointment.freed_at is not None) == (Status.WAITING, True)
    walker.post(reverse("reception:undo-check-in", args=[journey.reference]))
    tax.refresh_from_db()
    assert tax.status == Status.NO_SHOW


def test_repeated_no_shows_of_a_contact_are_a_plain_fact_for_those_who_may_see_them(house: House, settings: LazySettings) -> None:
    for _ in range(2):
        missed(house, settings, 15, name="Ana Silva", email="ana@example.org")
    missed(house, settings, 15, name="Bo Chen", email="bo@example.org")
    at(settings, 8, 0)
    journey, walker = party(house, name="Ana Silva", email="ana@example.org"), floorwalker()
    page = walker.get(f"/journeys/{journey.reference}/")
    assert len(page.context["missed"]) == 2
    assert "Did not come to 2 visits in the last year" in page.content.decode()
    stranger = party(house, name="Cy Dunn")
    assert walker.get(f"/journeys/{stranger.reference}/").context["missed"] == []


def test_the_desk_costs_the_same_however_many_wait_or_stand_aside(house: House) -> None:
    walker, tax = floorwalker(), clerk("skattestyrelsen")
    costs = []
    for more in (1, 2):
        for aside, _waits in [(take(house), take(house)) for _ in range(more)]:
            walker.post(f"/line/{step(aside).pk}/aside/")
        for _ in range(2):  # the first time the session remembers the desk
            tax.get(TAX)
        with CaptureQueriesContext(connection) as asked:
            page = tax.get(TAX)
        costs.append(len(asked))
    assert (len(page.context["line"]), len(page.context["aside"])) == (3, 3)
    assert costs[0] == costs[1]
