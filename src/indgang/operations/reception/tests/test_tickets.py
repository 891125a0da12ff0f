"""Walk-ins: a ticket, the line with booked people in it, calling again, waiting aside, being sent on; and the API of tickets."""

from __future__ import annotations

import datetime as dt

import pytest
from django.conf import LazySettings
from django.test import Client

from indgang.foundation.access.actors import ANONYMOUS, NotAllowed, staff
from indgang.foundation.identity.models import Role
from indgang.foundation.journal.models import Entry
from indgang.foundation.places.models import House
from indgang.operations.reception.actions import floor, line, tickets
from indgang.operations.reception.actions.desk import call_next, finish_visit, put_back, start_visit
from indgang.operations.reception.actions.tickets import Errands, TakenTicket, take_ticket
from indgang.operations.reception.errors import InvalidRequest, NotNow
from indgang.operations.reception.models import Closure, Desk, Journey, Priority, Service, Ticket, Visit
from indgang.operations.reception.models.journey import Status
from indgang.operations.reception.queries.tickets import ticket_now
from indgang.operations.reception.tests import factories
from indgang.operations.reception.tests.staff_day import DATE, at, party

pytestmark = pytest.mark.django_db


@pytest.fixture
def house(settings: LazySettings) -> House:
    at(settings, 9, 0)
    return factories.small_house()


def take(house: House, service: str = "tax-card", **errands: object) -> TakenTicket:
    return take_ticket(actor=ANONYMOUS, house=house, errands=Errands([service], **errands))  # type: ignore[arg-type]


def clerk(desk: str = "tax-1") -> tuple[object, Desk]:
    here = Desk.objects.get(key=desk)
    return staff(factories.member(Role.CLERK, here.organisation.key)), here


def step(taken: TakenTicket) -> Visit:
    return taken.ticket.journey.visits.get()


def test_tickets_are_numbered_from_one_each_day_and_called_in_the_order_they_were_taken(house: House, settings: LazySettings) -> None:
    in_order = [take(house), take(house, people=3, language="pl"), take(house)]
    assert [taken.ticket.number for taken in in_order] == [1, 2, 3]
    actor, desk = clerk()
    for taken in in_order:
        called = call_next(actor=actor, desk=desk)
        assert called == step(taken)
        finish_visit(actor=actor, visit=called, outcome="done")
    assert call_next(actor=actor, desk=desk) is None
    settings.CLOCK_STARTS_AT += dt.timedelta(days=1)
    assert take(house).ticket.number == 1


def test_a_request_sent_twice_on_a_day_takes_one_ticket(house: House, settings: LazySettings) -> None:
    def once() -> TakenTicket:
        return take_ticket(actor=ANONYMOUS, house=house, errands=Errands(["tax-card"]), request_key="1")

    first, again = once(), once()
    assert (first.ticket, first.key) == (again.ticket, again.key)
    assert (Ticket.objects.count(), Journey.objects.count(), Visit.objects.count()) == (1, 1, 1)
    at(settings, 15, 1)
    assert once().key == first.key, "the doors have closed, but the ticket is taken"
    at(settings, 9, 0)
    settings.CLOCK_STARTS_AT += dt.timedelta(days=1)
    assert (once().key != first.key, Ticket.objects.count()) == (True, 2)


@pytest.mark.parametrize(
    ("language", "closed", "no_desk"),
    [
        ("en", "We are closed now. We open on Tuesday 8 December at 9.00.", "No open desk does “Tax card” today. Book a time instead."),
        (
            "da",
            "Vi har lukket nu. Vi åbner tirsdag den 8.\u00a0december kl.\u00a09.00.",
            "Ingen åben skranke ordner “Skattekort” i dag. Bestil en tid i stedet.",
        ),
    ],
)
def test_nobody_takes_a_place_over_the_api_that_the_kiosk_does_not_give(
    house: House, settings: LazySettings, language: str, closed: str, no_desk: str
) -> None:
    client, address, body = Client(headers={"Accept-Language": language}), "/api/v1/houses/aalborg/tickets", {"service": "tax-card"}
    at(settings, 0, 1)
    early = client.post(address, body, content_type="application/json")
    assert (early.status_code, early.json()["detail"]) == (409, closed)
    at(settings, 9, 30)
    Closure.objects.create(house=house, desk=Desk.objects.get(key="tax-1"), first_day=DATE, last_day=DATE)
    refused = client.post(address, body, content_type="application/json")
    assert (refused.status_code, refused.json()["errors"]) == (422, [{"field": "service", "message": no_desk}])
    Closure.objects.create(house=house, first_day=DATE, last_day=DATE)
    assert client.post(address, body, content_type="application/json").status_code == 409
    assert Journey.objects.count() == 0


def test_the_floorwalker_gives_tickets_before_the_doors_open_and_when_the_hall_is_full(
    house: House, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tickets, "WAITING_AT_MOST", 1)
    at(settings, 8, 50)
    walker = staff(factories.member(Role.FLOORWALKER, "ihnd"))
    given = [take_ticket(actor=walker, house=house, errands=Errands(["tax-card"])) for _ in range(2)]
    assert [taken.ticket.number for taken in given] == [1, 2]
    at(settings, 9, 0)
    with pytest.raises(NotNow):
        take(house)


@pytest.mark.parametrize(
    ("errands", "field"), [(Errands(["nonsense"]), "service"), (Errands([]), "service"), (Errands(["tax-card"], 13), "people")]
)
def test_a_ticket_for_what_the_house_does_not_do_is_refused_by_field_and_nothing_is_written(
    house: House, errands: Errands, field: str
) -> None:
    with pytest.raises(InvalidRequest) as refusal:
        take_ticket(actor=ANONYMOUS, house=house, errands=errands)
    assert set(refusal.value.fields) == {field}
    assert Journey.objects.count() == 0


def test_only_a_floorwalker_gives_a_priority_and_it_counts_its_minutes(house: House, settings: LazySettings) -> None:
    Priority.objects.create(house=house, key="infant", title_da="Spædbarn", title_en="Infant", head_start=20)
    with pytest.raises(NotAllowed):
        take_ticket(actor=ANONYMOUS, house=house, errands=Errands(["tax-card"], priority="infant"))
    walker = staff(factories.member(Role.FLOORWALKER, "ihnd"))
    first = take(house)
    at(settings, 9, 15)
    infant = take_ticket(actor=walker, house=house, errands=Errands(["tax-card"], priority="infant"))
    at(settings, 9, 30)
    take(house)
    actor, desk = clerk()
    assert call_next(actor=actor, desk=desk) == step(infant)
    assert first.ticket.number == 1


def test_a_booked_party_gets_a_number_when_it_arrives_and_its_time(house: House, settings: LazySettings) -> None:
    journey = party(house)  # residence 9.00-9.20 at SIRI
    ticket = take(house, "siri-residence")
    walker = staff(factories.member(Role.FLOORWALKER, "ihnd"))
    floor.check_in_journey(actor=walker, journey=journey)
    floor.check_in_journey(actor=walker, journey=journey)
    assert [(row.number, row.journey) for row in Ticket.objects.order_by("number")] == [(1, ticket.ticket.journey), (2, journey)]
    actor, desk = clerk(journey.visits.get(service__key="siri-residence").appointment.desk.key)
    assert call_next(actor=actor, desk=desk) == journey.visits.get(service__key="siri-residence")


def test_called_again_set_aside_and_brought_back_to_the_old_place(house: House) -> None:
    first, second, third = take(house), take(house), take(house)
    actor, desk = clerk()
    called = call_next(actor=actor, desk=desk)
    assert line.call_again(actor=actor, visit=called).calls == 2
    line.set_aside(actor=actor, visit=called)
    assert line.set_aside(actor=actor, visit=called).status == Status.WAITING
    assert ticket_now(first.ticket).status == "aside"
    following = call_next(actor=actor, desk=desk)
    assert following == step(second), "who waits aside is not called"
    put_back(actor=actor, visit=following)
    line.bring_back(actor=actor, visit=called)
    assert [ticket_now(taken.ticket).place for taken in (first, second, third)] == [1, 2, 3]
    assert call_next(actor=actor, desk=desk) == step(first)
    verbs = list(Entry.objects.filter(subject_id=str(called.pk)).order_by("id").values_list("verb", flat=True))
    assert verbs == ["visit.called", "visit.called-again", "visit.set-aside", "visit.brought-back", "visit.called"]


def test_sent_on_to_another_authority_the_party_keeps_its_place(house: House, settings: LazySettings) -> None:
    wrong = take(house, "siri-residence")
    at(settings, 9, 10)
    take(house, "tax-card")
    siri, window = clerk("siri-1")
    visit = call_next(actor=siri, desk=window)
    start_visit(actor=siri, visit=visit)
    sent = line.send_on(actor=siri, visit=visit, service=Service.objects.get(key="tax-card"))
    actor, desk = clerk()
    assert call_next(actor=actor, desk=desk) == sent
    visit.refresh_from_db()
    assert visit.status == Status.CANCELLED
    assert ticket_now(wrong.ticket).desk == desk
    with pytest.raises(NotNow):
        line.send_on(actor=siri, visit=visit, service=Service.objects.get(key="mitid"))


def test_an_outsider_calls_nobody_and_moves_nobody(house: House) -> None:
    visit = step(take(house))
    stranger = staff(factories.member(Role.CLERK, "siri"))
    for action in (line.call_again, line.set_aside, line.bring_back):
        with pytest.raises(NotAllowed):
            action(actor=stranger, visit=visit)


def test_the_api_gives_a_ticket_and_shows_its_place_and_wait_to_its_key_only(house: House) -> None:
    client = Client()
    body = {"service": "tax-card", "people": 2, "language": "da"}
    taken = client.post("/api/v1/houses/aalborg/tickets", body, content_type="application/json").json()
    second = client.post("/api/v1/houses/aalborg/tickets", body, content_type="application/json")
    assert second.status_code == 201
    shown = client.get(f"/api/v1/tickets/{second.json()['number']}?key={second.json()['key']}").json()
    assert {name: shown[name] for name in ("number", "status", "service", "people", "place", "ahead", "desk")} == {
        "number": 2,
        "status": "waiting",
        "service": "tax-card",
        "people": 2,
        "place": 2,
        "ahead": 1,
        "desk": None,
    }
    assert shown["wait"]["low"] <= shown["wait"]["minutes"] <= shown["wait"]["high"]
    assert shown["wait"]["high"] > 0
    assert client.get(f"/api/v1/tickets/2?key={taken['key']}").status_code == 404
    assert client.get("/api/v1/tickets/2").status_code == 404
    refused = client.post("/api/v1/houses/aalborg/tickets", {"service": "nonsense", "people": 0}, content_type="application/json")
    assert (refused.status_code, {one["field"] for one in refused.json()["errors"]}) == (422, {"service", "people"})
    assert refused["Content-Type"] == "application/problem+json"
