"""What may not be booked, moved, told or stored."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse

from indgang.foundation.access.actors import Actor, citizen, staff
from indgang.foundation.identity.actions import create_token
from indgang.foundation.identity.models import Membership, Organisation, Participation, Role
from indgang.foundation.journal.models import Entry
from indgang.foundation.journal.queries import texts_of
from indgang.foundation.mail.models import Letter
from indgang.foundation.places.models import House
from indgang.operations.reception import permissions
from indgang.operations.reception.actions import desk as desk_actions
from indgang.operations.reception.actions.booking import book_journey
from indgang.operations.reception.actions.changes import move_journey
from indgang.operations.reception.actions.floor import cancel_step, check_in_journey
from indgang.operations.reception.actions.holds import hold_offer
from indgang.operations.reception.contacts import Contact
from indgang.operations.reception.errors import OfferRefused, PlacesGone
from indgang.operations.reception.models import Closure, Journey, Visit
from indgang.operations.reception.queries.journeys import houses_of, journeys_visible_to, notes_visible_to
from indgang.operations.reception.tests import factories
from indgang.operations.reception.tests.staff_day import DATE, at, party

pytestmark = pytest.mark.django_db
ADA = Contact("Ada Example", "ada@example.org", "", "en")
ANONYMOUS = Actor(kind="anonymous")


@pytest.fixture
def house(settings: LazySettings) -> House:
    """The small house on a Tuesday morning before it opens."""
    at(settings, 8)
    return factories.small_house()


def member(role: str, of: str) -> Actor:
    return staff(factories.member(role, of))


def post(path: str, body: Any, actor: Actor | None = None) -> Any:
    headers = {"Authorization": f"Bearer {create_token(user=actor.user)[1]}"} if actor and actor.user else {}
    return Client().post(f"/api/v1/{path}", json.dumps(body), content_type="application/json", headers=headers)


def test_a_time_that_has_begun_is_neither_booked_nor_held_nor_moved_to(house: House, settings: LazySettings) -> None:
    journey = party(house)
    at(settings, 8, 30)
    way = factories.plan(house, on=DATE, days=0).itineraries[0]
    at(settings, way.starts.hour, way.starts.minute + 1)
    with pytest.raises(PlacesGone):
        book_journey(actor=ANONYMOUS, offer=way.offer, contact=ADA, consent=True)
    with pytest.raises(PlacesGone):
        hold_offer(client="me", offer=way.offer)
    with pytest.raises(PlacesGone):
        move_journey(actor=citizen(journey.reference), journey=journey, offer=way.offer)
    book_journey(actor=member(Role.FLOORWALKER, "ihnd"), offer=way.offer, contact=ADA, consent=True, source="desk")


def test_a_day_that_was_closed_meanwhile_is_neither_held_nor_moved_to(house: House) -> None:
    journey = party(house)
    way = factories.plan(house, on=DATE + dt.timedelta(days=7), days=0).itineraries[0]
    Closure.objects.create(house=house, title_da="Lukket", first_day=way.starts.date(), last_day=way.starts.date())
    with pytest.raises(PlacesGone):
        hold_offer(client="me", offer=way.offer)
    with pytest.raises(PlacesGone):
        move_journey(actor=citizen(journey.reference), journey=journey, offer=way.offer)


def test_a_family_is_not_moved_to_the_short_times_of_one_person(house: House) -> None:
    journey = party(house, adults=2, children=2)
    for adults, children in ((1, 0), (3, 1)):
        way = factories.plan(house, on=DATE + dt.timedelta(days=7), adults=adults, children=children).itineraries[0]
        with pytest.raises(OfferRefused):
            move_journey(actor=citizen(journey.reference), journey=journey, offer=way.offer)
    same = factories.plan(house, on=DATE + dt.timedelta(days=7), adults=2, children=2).itineraries[0]
    assert move_journey(actor=citizen(journey.reference), journey=journey, offer=same.offer).sequence == 1


def test_a_move_that_is_sent_twice_is_one_move(house: House) -> None:
    journey = party(house)
    offer = factories.plan(house, on=DATE + dt.timedelta(days=7)).itineraries[0].offer
    written = []
    for _time in range(2):
        moved = move_journey(actor=citizen(journey.reference), journey=journey, offer=offer)
        written.append((moved.sequence, Letter.objects.count(), Entry.objects.count()))
    assert written[0] == written[1]


def test_cancelling_a_step_raises_the_sequence_writes_and_does_not_hold_up_the_next(house: House) -> None:
    journey, floorwalker = party(house), member(Role.FLOORWALKER, "ihnd")
    check_in_journey(actor=floorwalker, journey=journey)
    cancel_step(actor=floorwalker, visit=journey.visits.get(service__key="siri-residence"))
    journey.refresh_from_db()
    assert (journey.sequence, journey.cancelled_at) == (1, None)
    assert Letter.objects.order_by("created_at").last().key.startswith("moved:")  # type: ignore[union-attr]
    called = desk_actions.call_next(actor=member(Role.CLERK, "borgerservice-aalborg"), desk=factories.desk("citizen-1"))
    assert called is not None and called.service.key == "cpr-registration"


def test_cancelling_the_last_step_that_stands_cancels_the_journey(house: House) -> None:
    journey, floorwalker = party(house), member(Role.FLOORWALKER, "ihnd")
    for visit in journey.visits.all():
        cancel_step(actor=floorwalker, visit=visit)
    journey.refresh_from_db()
    assert (journey.sequence, journey.cancelled_at is not None) == (4, True)
    assert Letter.objects.filter(key__startswith="cancelled:").count() == 1


def _finished(journey: Journey, **how: Any) -> Visit:
    clerk = member(Role.CLERK, "siri")
    check_in_journey(actor=member(Role.FLOORWALKER, "ihnd"), journey=journey)
    visit = desk_actions.call_next(actor=clerk, desk=factories.desk("siri-1"))
    assert visit is not None
    return desk_actions.finish_visit(actor=clerk, visit=visit, **how)


def test_the_api_tells_a_refusal_to_its_authority_and_the_floorwalker_only(house: House) -> None:
    visit = _finished(party(house), outcome="refused", note="The contract is false")
    told = {
        (role, of): post(f"visits/{visit.pk}/arrive", {}, member(role, of)).json()["outcome"]
        for role, of in ((Role.CLERK, "siri"), (Role.FLOORWALKER, "ihnd"), (Role.CLERK, "skattestyrelsen"))
    }
    assert list(told.values()) == ["refused", "refused", "ended"]


def test_papers_that_are_missing_stand_in_the_journal_under_the_persons_key(house: House) -> None:
    _finished(party(house), outcome="documents-missing", missing=["Divorce papers of Olga"])
    entry = Entry.objects.get(verb="visit.finished")
    assert "Olga" not in json.dumps([[entry.before, entry.after] for entry in Entry.objects.all()])
    assert texts_of([entry]) == {entry.pk: {"missing_other": ["Divorce papers of Olga"]}}


def test_a_role_counts_only_in_the_houses_of_the_organisation_that_gave_it(house: House) -> None:
    journey = party(house)
    elsewhere = Organisation.objects.create(region=house.region, key="elsewhere", kind="authority", title_da="Et andet sted")
    far = House.objects.create(region=house.region, key="far", title_da="Langt væk", title_en="Far away")
    Participation.objects.create(house=far, organisation=elsewhere, is_host=True)
    user = factories.member(Role.FLOORWALKER, elsewhere)
    for organisation in ("ihnd", "siri"):
        Membership.objects.create(user=user, organisation=factories.organisation(organisation), role=Role.READER)
    actor = staff(user)
    assert list(houses_of(actor)) == [far]
    assert (journeys_visible_to(actor).count(), notes_visible_to(actor).count()) == (0, 0)
    for permission in (permissions.receive_people, permissions.work_in_house):
        assert (permission(house)(actor), permission(far)(actor)) == (False, True)
    assert not permissions.attend_to(journey)(actor)


@pytest.mark.parametrize(
    "path",
    [
        "availability?house=aalborg&service=mitid&from=9999-12-31",
        "availability?house=aalborg&service=mitid&from=9999-12-01&to=9999-12-31",
        "availability?house=aal%00borg&service=mitid",
        "availability?house=aalborg&service=mitid&people=99999999999999999999",
        "journeys/%00?key=%00",
        "journeys/%00.ics?key=1",
    ],
)
def test_addresses_that_no_calendar_or_database_holds_are_refused(house: House, path: str) -> None:
    answer = Client().get(f"/api/v1/{path}")
    assert (answer.status_code in (404, 422), answer["Content-Type"]) == (True, "application/problem+json")


def test_what_cannot_be_stored_or_reckoned_is_refused(house: House) -> None:
    clerk = member(Role.CLERK, "siri")
    wish = {"house": "aalborg", "citizenship": "POL"}
    way = factories.plan(house).itineraries[0]
    long = f"ada@{'a' * 63}.{'b' * 63}.{'c' * 63}.{'d' * 55}.org"
    asked = [
        post("journeys/plan", {**wish, "municipality": "85\0"}),
        post("journeys/plan", {**wish, "earliest": "9999-12-31"}),
        post("journeys", {"offer": way.offer, "contact": {"name": "Ada", "email": long}, "consent": True}),
        post("desks/%00/next", {}, clerk),
    ]
    assert [(answer.status_code, answer["Content-Type"]) for answer in asked] == [(422, "application/problem+json")] * 4
    assert Client().get(reverse("reception:my-arrival", args=["A\0"]), {"key": "\0"}).status_code in (400, 404)
