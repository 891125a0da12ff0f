"""Who a change meets is shown with the whole visit as it is booked beside the whole visit as it would be: that is what is moved."""

from __future__ import annotations

import pytest
from django.conf import LazySettings

from indgang.foundation.identity.models import Role
from indgang.foundation.places.models import House
from indgang.foundation.ui.words import period_in_words
from indgang.operations.reception.models import Appointment
from indgang.operations.reception.tests import factories
from indgang.operations.reception.tests.staff_day import at, logged_in, party
from indgang.operations.reception.tests.test_opening_pages import PAGE, text, training

pytestmark = pytest.mark.django_db


def test_the_whole_visit_stands_beside_the_whole_visit(settings: LazySettings) -> None:
    at(settings, 8)
    house: House = factories.small_house()
    journey = party(house, name="Ana Silva", services=("siri-residence", "tax-card"), confirmed=True)
    first, second = Appointment.objects.filter(visit__journey=journey).select_related("visit__service", "desk").order_by("period")

    page = logged_in(factories.member(Role.LEADER, "ihnd")).post(f"{PAGE}close/", training())

    [row] = page.context["rows"]
    lost = next(place for place in (first, second) if place.desk.key == "tax-1")
    assert row["whole"] == [(first, first == lost), (second, second == lost)]
    assert row["booked"] == (first.starts, second.ends)
    for way, stops in row["ways"]:
        assert {stop.service.key for stop, _same in stops} == {"siri-residence", "tax-card"}
        same = {stop.service.key for stop, same in stops if same}
        assert same == {
            place.visit.service.key
            for place in (first, second)
            for stop in way.stops
            if place.visit and (stop.desk.desk.pk, stop.starts, stop.ends) == (place.desk_id, place.starts, place.ends)
        }
    words = text(page)
    assert f"The whole visit now: {period_in_words(first.starts, second.ends, house.zone)}" in words
    assert words.count("not possible any more") == 1
    assert words.count("The whole visit:") == len(row["ways"]) > 0


def test_who_keeps_the_time_is_folded_below_the_others_and_counted_above(settings: LazySettings) -> None:
    at(settings, 8)
    house: House = factories.small_house()
    second = factories.desk("siri-2")
    offered = list(second.services.all())
    second.services.clear()
    for name, language in (("Ana Silva", "en"), ("Bo Chen", "en"), ("Olha Bondar", "uk")):
        party(house, name=name, services=("siri-residence",), confirmed=True, language=language)
    second.services.set(offered)
    page = logged_in(factories.member(Role.LEADER, "ihnd")).post(f"{PAGE}close/", training("siri-1"))
    assert [(row["name"], row["kind"]) for row in page.context["rows"]] == [
        ("Olha Bondar", "day"),
        ("Ana Silva", "desk"),
        ("Bo Chen", "desk"),
    ]
    words = text(page)
    assert "2 keep their time, at another desk ; 1 goes to another day ." in words
    assert words.count("Same time:") == 2


def test_a_language_that_nobody_speaks_any_more_that_day_is_the_reason(settings: LazySettings) -> None:
    at(settings, 8)
    house: House = factories.small_house()
    journey = party(house, name="Olha Bondar", services=("siri-residence",), language="uk", confirmed=True)
    assert Appointment.objects.get(visit__journey=journey).desk.key == "siri-1", "the only one who speaks Ukrainian"
    page = logged_in(factories.member(Role.LEADER, "ihnd")).post(f"{PAGE}close/", training("siri-1"))
    [row] = page.context["rows"]
    assert row["kind"] == "day"
    assert row["marks"] == ["No desk that is open then speaks Ukrainian."]
    assert "No desk that is open then speaks Ukrainian." in text(page)
