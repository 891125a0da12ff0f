"""Moving and cancelling a visit through the pages."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from django.conf import LazySettings
from django.core.cache import cache

from indgang.foundation.access.actors import citizen, staff
from indgang.foundation.identity.models import Role
from indgang.foundation.mail.models import Letter
from indgang.foundation.places.models import House
from indgang.operations.reception.actions.changes import cancel_journey, move_journey
from indgang.operations.reception.actions.desk import call_next, finish_visit, start_visit
from indgang.operations.reception.actions.floor import check_in_journey
from indgang.operations.reception.errors import NotNow, PlacesGone
from indgang.operations.reception.models import Appointment, Journey
from indgang.operations.reception.offers import read_offer
from indgang.operations.reception.queries.arrivals import move_request
from indgang.operations.reception.queries.plans import plan_journey
from indgang.operations.reception.tests import factories
from indgang.operations.reception.tests.newcomer_day import ALONE, FAMILY, booked, everything, newcomer, offers_on, text_of
from indgang.operations.reception.tests.staff_day import at

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def house(settings: LazySettings) -> House:
    cache.clear()
    at(settings, 8)
    return factories.small_house()


def standing(journey: Journey) -> list[tuple[str, str]]:
    rows = Appointment.objects.filter(visit__journey=journey, freed_at=None).order_by("period").select_related("visit__service")
    return [(row.visit.service.key, row.starts.astimezone(journey.house.zone).isoformat()[:16]) for row in rows if row.visit]


def test_a_visit_is_moved_in_one_go_each_step_for_the_same_people() -> None:
    client = newcomer()
    journey = booked(client, FAMILY)
    before = standing(journey)
    shown = client.get(f"/arrival/{journey.reference}/move?look=2026-12-15")
    assert "Now it is Tuesday 8 December, 9.00-10.55. You keep that until you have chosen another time." in text_of(shown)
    offer = offers_on(shown)[0]
    assert {stop.service: stop.travellers for stop in read_offer(offer).stops} == {
        "siri-residence": (0, 1, 2),
        "cpr-registration": (0, 1, 2),
        "mitid": (0, 1),
        "tax-card": (0,),
    }
    response = client.post(f"/arrival/{journey.reference}/move", {"choose": offer}, follow=True)
    assert response.redirect_chain == [(f"/arrival/{journey.reference}/", 302)]
    assert "Your visit is moved. We have sent you a mail with the new times." in text_of(response)
    assert [key for key, _starts in standing(journey)] == [key for key, _starts in before]
    assert standing(journey)[0] == ("siri-residence", "2026-12-15T09:00")
    assert Letter.objects.filter(key__startswith="moved:").count() == 1


def test_the_present_time_is_not_offered_again() -> None:
    client = newcomer()
    journey = booked(client, {**ALONE, "date": "2026-12-09"})
    offers = [read_offer(offer) for offer in offers_on(client.get(f"/arrival/{journey.reference}/move"))]
    assert offers
    assert all([stop.starts for stop in offer.stops] != list(_starts(journey)) for offer in offers)


def _starts(journey: Journey) -> list[dt.datetime]:
    return [row.starts for row in Appointment.objects.filter(visit__journey=journey).order_by("period")]


def test_when_the_new_places_are_gone_others_are_offered_and_the_visit_stays() -> None:
    client = newcomer()
    journey = booked(client)
    offer = offers_on(client.get(f"/arrival/{journey.reference}/move?look=2026-12-15"))[0]
    booked(newcomer(), {**ALONE, "date": "2026-12-15"}, email="quick@example.org", name="Quick")
    before = standing(journey)
    response = client.post(f"/arrival/{journey.reference}/move", {"choose": offer})
    text = text_of(response)
    assert "Somebody else has just taken one of these times. Your visit stays as it was." in text
    assert len(offers_on(response)) == 3
    assert standing(journey) == before


@pytest.mark.parametrize("offer", ["", "nonsense", "\0"])
def test_a_tampered_offer_moves_nothing(offer: str) -> None:
    client = newcomer()
    journey = booked(client)
    before = standing(journey)
    response = client.post(f"/arrival/{journey.reference}/move", {"choose": offer})
    assert "This offer is not valid. Choose a time again." in text_of(response)
    assert len(offers_on(response)) == 3
    assert standing(journey) == before


def test_the_offer_of_another_visit_moves_nothing() -> None:
    client = newcomer()
    journey = booked(client)
    before = standing(journey)
    offer = factories.plan(journey.house, citizenship="SWE").itineraries[0].offer
    response = client.post(f"/arrival/{journey.reference}/move", {"choose": offer})
    assert "This offer is for other steps" in text_of(response)
    assert standing(journey) == before


def test_only_what_is_left_is_moved_after_a_step_has_ended(settings: LazySettings) -> None:
    client = newcomer()
    journey = booked(client)
    at(settings, 9)
    check_in_journey(actor=staff(factories.member(Role.FLOORWALKER, "ihnd")), journey=journey)
    visit = journey.visits.get(service__key="siri-residence")
    clerk = staff(factories.member(Role.CLERK, "siri"))
    call_next(actor=clerk, desk=visit.appointment.desk)
    start_visit(actor=clerk, visit=visit)
    finish_visit(actor=clerk, visit=visit, outcome="done")
    offer = offers_on(client.get(f"/arrival/{journey.reference}/move?look=2026-12-15"))[0]
    assert client.post(f"/arrival/{journey.reference}/move", {"choose": offer}).status_code == 302
    assert [key for key, _starts in standing(journey)] == ["siri-residence", "cpr-registration", "mitid", "tax-card"]
    assert standing(journey)[1][1] >= "2026-12-15"


def test_what_has_passed_is_no_longer_the_partys_to_move_or_cancel_but_the_rest_is(settings: LazySettings) -> None:
    client = newcomer()
    journey = booked(client)
    before = standing(journey)
    at(settings, 9, 30)  # nobody came at nine; nobody has noted that yet
    assert [key for key, starts in before if starts < "2026-12-08T09:10"] == ["siri-residence"]
    offer = offers_on(client.get(f"/arrival/{journey.reference}/move?look=2026-12-15"))[0]
    assert {stop.service for stop in read_offer(offer).stops} == {"cpr-registration", "mitid", "tax-card"}
    assert client.post(f"/arrival/{journey.reference}/move", {"choose": offer}).status_code == 302
    assert (standing(journey)[0], standing(journey)[1][1] >= "2026-12-15") == (before[0], True)
    client.post(f"/arrival/{journey.reference}/cancel")
    assert {visit.service.key: visit.status for visit in journey.visits.select_related("service")} == {
        "siri-residence": "planned",
        "cpr-registration": "cancelled",
        "mitid": "cancelled",
        "tax-card": "cancelled",
    }


def test_a_visit_whose_time_has_passed_is_refused_kindly(settings: LazySettings) -> None:
    client = newcomer()
    journey = booked(client)
    at(settings, 14)
    before = standing(journey)
    offer = factories.plan(journey.house, on=dt.date(2026, 12, 15)).itineraries[0].offer
    sorry = "The time of this visit has passed, so it can no longer be changed. You are welcome to plan a new visit."
    assert sorry in text_of(client.get(f"/arrival/{journey.reference}/cancel", follow=True))
    assert sorry in text_of(client.post(f"/arrival/{journey.reference}/cancel", follow=True))
    assert "Plan a new visit instead." in text_of(client.get(f"/arrival/{journey.reference}/move", follow=True))
    with pytest.raises(NotNow, match=sorry):
        move_journey(actor=citizen(journey.reference), journey=journey, offer=offer)
    assert standing(journey) == before
    cancel_journey(actor=staff(factories.member(Role.FLOORWALKER, "ihnd")), journey=journey)  # the house may still tidy up
    assert standing(journey) == []


def test_a_party_at_a_desk_is_moved_to_no_time_at_which_it_is_there(settings: LazySettings) -> None:
    journey = booked(newcomer())
    at(settings, 9)
    check_in_journey(actor=staff(factories.member(Role.FLOORWALKER, "ihnd")), journey=journey)
    visit = journey.visits.get(service__key="siri-residence")
    call_next(actor=staff(factories.member(Role.CLERK, "siri")), desk=visit.appointment.desk)
    wish = move_request(journey)
    assert wish is not None
    assert plan_journey(wish).itineraries[0].starts >= visit.appointment.ends
    blind = plan_journey(replace(wish, moving=None)).itineraries[0]
    assert blind.starts < visit.appointment.ends
    before = standing(journey)
    with pytest.raises(PlacesGone) as gone:
        move_journey(actor=citizen(journey.reference), journey=journey, offer=blind.offer)
    assert standing(journey) == before
    assert gone.value.alternatives


def test_no_free_time_to_move_to_is_said(house: House) -> None:
    client = newcomer()
    journey = booked(client)
    factories.Hours.objects.all().delete()
    text = text_of(client.get(f"/arrival/{journey.reference}/move"))
    assert "We looked through 6 weeks and found no other free time." in text
    assert "Keep the time I have" in text


@pytest.mark.parametrize(("look", "message"), [("2020-01-01", "This date has passed"), ("soon", "Write the date like")])
def test_a_first_day_that_cannot_be_is_said(look: str, message: str) -> None:
    client = newcomer()
    journey = booked(client)
    response = client.get(f"/arrival/{journey.reference}/move?look={look}")
    assert message in text_of(response)
    assert offers_on(response)


def test_cancelling_asks_once_and_then_is_kind() -> None:
    client = newcomer()
    journey = booked(client)
    before = everything()
    asked = client.get(f"/arrival/{journey.reference}/cancel")
    client.head(f"/arrival/{journey.reference}/cancel")
    assert "Cancel only one step? Ask us: we cancel it for you" in text_of(asked)
    assert journey.house.email in text_of(asked)
    client.get(f"/arrival/{journey.reference}/move")
    client.head(f"/arrival/{journey.reference}/move")
    client.get(f"/arrival/{journey.reference}/")
    client.get(f"/arrival/{journey.reference}/calendar.ics")
    assert "This cannot be undone, but you can book again." in text_of(asked)
    assert everything() == before
    response = client.post(f"/arrival/{journey.reference}/cancel", follow=True)
    text = text_of(response)
    assert "Your visit is cancelled" in text
    assert "Plan a new visit" in text
    assert "Add to calendar" not in text
    assert standing(journey) == []
    assert Letter.objects.filter(key__startswith="cancelled:").count() == 1


def test_cancelling_twice_or_moving_what_is_cancelled_changes_nothing() -> None:
    client = newcomer()
    journey = booked(client)
    cancel_journey(actor=citizen(journey.reference), journey=journey)
    letters = Letter.objects.count()
    assert client.post(f"/arrival/{journey.reference}/cancel").status_code == 302
    assert client.get(f"/arrival/{journey.reference}/cancel").status_code == 302
    response = client.get(f"/arrival/{journey.reference}/move", follow=True)
    assert "There is nothing left to move. Plan a new visit instead." in text_of(response)
    assert Letter.objects.count() == letters


def test_a_form_from_elsewhere_moves_and_cancels_nothing() -> None:
    client = newcomer(enforce_csrf_checks=True)
    journey = factories.book(House.objects.get()).journey
    for address in ("move", "cancel"):
        assert client.post(f"/arrival/{journey.reference}/{address}").status_code == 403
    journey.refresh_from_db()
    assert journey.cancelled_at is None


def test_times_to_move_to_take_few_queries(django_assert_max_num_queries) -> None:
    client = newcomer()
    journey = booked(client, FAMILY)
    with django_assert_max_num_queries(20):
        client.get(f"/arrival/{journey.reference}/move")
    with django_assert_max_num_queries(10):
        client.get(f"/arrival/{journey.reference}/cancel")
