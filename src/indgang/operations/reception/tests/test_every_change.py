"""Every change of hours and resources: who is in its way is shown before it is saved, and nobody is lost. The table is every_change.py."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from django.urls import URLPattern

import indgang.operations.reception as reception
from indgang.foundation.access.actors import ANONYMOUS
from indgang.foundation.database import clock
from indgang.foundation.identity.models import Role
from indgang.foundation.journal.models import Entry
from indgang.foundation.mail.models import Letter
from indgang.foundation.places.models import House
from indgang.operations.reception import urls_roster, urls_staff
from indgang.operations.reception.actions.booking import book_journey
from indgang.operations.reception.actions.holds import hold_offer
from indgang.operations.reception.actions.serving import serve_house
from indgang.operations.reception.contacts import Contact
from indgang.operations.reception.errors import PlacesGone
from indgang.operations.reception.models import (
    Absence,
    Appointment,
    Closure,
    Desk,
    Hours,
    Journey,
    Resource,
    Service,
    Session,
    Sitting,
    Walk,
)
from indgang.operations.reception.models.waiting import Answer
from indgang.operations.reception.opening_changes import VERBS
from indgang.operations.reception.queries.affected import troubles
from indgang.operations.reception.queries.house import house_plan
from indgang.operations.reception.queries.itineraries import PlannedItinerary
from indgang.operations.reception.tests import factories
from indgang.operations.reception.tests.employer_day import booked, group
from indgang.operations.reception.tests.every_change import CASES, KEPT, PAGE, TAX, Case, form, leader_at_work
from indgang.operations.reception.tests.every_column import COLUMNS, FILE, NAME, OTHERS, SAME
from indgang.operations.reception.tests.newcomer_day import newcomer
from indgang.operations.reception.tests.staff_day import DATE, party, said
from indgang.operations.reception.tests.test_opening_pages import as_shown
from indgang.operations.reception.tests.waiting_day import waits
from indgang.operations.reception.waiting_links import offer_url

pytestmark = pytest.mark.django_db


def offered() -> dict[str, Any]:
    """What the house offers in the next two weeks: its desks, interpreters and rooms, when, for what and in which languages."""
    plan = house_plan(house_now())
    days = [plan.day(DATE + dt.timedelta(days=ahead)) for ahead in range(15)]
    desks = {
        one.desk.key: (one.desk.zone, one.services, one.desk.languages, [plan.open_cells(one, day) for day in days]) for one in plan.desks
    }
    beside = {
        one.resource.key: (one.resource.zone, one.services, one.resource.languages, [plan.resource_cells(one, day) for day in days])
        for one in plan.resources
    }
    return {**desks, **beside}


def stops(way: PlannedItinerary) -> frozenset[tuple[Any, ...]]:
    return frozenset((stop.desk.desk.key, stop.starts.astimezone(dt.UTC), tuple(one.pk for one in stop.resources)) for stop in way.stops)


def places(journey: Journey) -> frozenset[tuple[Any, ...]]:
    rows = Appointment.objects.filter(visit__journey=journey, freed_at=None).select_related("desk")
    return frozenset(
        (row.desk.key, row.starts.astimezone(dt.UTC), tuple(n for n in (row.interpreter_id, row.room_id) if n)) for row in rows
    )


def house_now() -> House:
    return House.objects.select_related("region").get()


def ways(wish: Mapping[str, Any]) -> set[frozenset[tuple[Any, ...]]]:
    """What somebody with that wish could book on the day."""
    house = house_now()
    return {stops(way) for way in factories.plan(house, on=DATE, days=0, limit=100, **wish).itineraries}


@pytest.mark.parametrize("case", CASES, ids=str)
def test_who_is_in_the_way_is_shown_moved_and_told_and_the_change_counts_at_once(house: House, case: Case) -> None:
    case.before(house)
    ana = party(house_now(), name="Ana Silva", **case.wish)
    old, before = places(ana), offered()
    client = leader_at_work()

    page = case.do(client)
    assert [row["one"].journey for row in page.context["rows"]] == [ana], "shown"
    [row] = page.context["rows"]
    assert (bool(row["one"].proposals), row["marks"]) == (case.later, [case.told] if case.told else [])
    assert (offered(), places(ana)) == (before, old), "and nothing is saved"

    assert client.post(f"{PAGE}save/", as_shown(page)).status_code == 302
    assert offered() != before
    assert (places(ana) == old, bool(troubles(house_plan(house_now()), now=clock.now()))) == (not case.later, not case.later)
    assert Letter.objects.filter(key__startswith=f"moved:{ana.pk}:").count() == int(case.later)
    assert old not in ways(case.wish), "whoever books now is not offered what is gone"

    entry = Entry.objects.filter(verb__in=VERBS.values()).order_by("-pk")[0]
    back = client.post(f"{PAGE}undo/{entry.pk}/")
    assert offered() == before, "undone"
    if case.later:
        [again] = client.get(back["Location"]).context["rows"]
        assert (again["journey"], again["why"]) == (ana, ""), "and the old time is offered"


def test_whoever_only_waits_holds_or_was_booked_by_an_employer_is_not_lost_either(house: House) -> None:
    staff = booked(group(house, "Olga Nowak", "Jan Kowal", emails=False), first_day=DATE, last_day=DATE)
    [olga, jan] = [row.employee.journey for row in staff]
    assert olga and jan
    entry = waits(factories.plan(house, on=DATE, days=0, **TAX).request)
    serve_house(house)
    held = factories.plan(house, on=DATE, days=0, **TAX).itineraries[0].offer
    hold_offer(client="somebody", offer=held)
    client = leader_at_work()
    Letter.objects.all().delete()

    page = next(case for case in CASES if case.name == "the house closed for a part of the day").do(client)
    assert [(row["one"].journey, row["employer"]) for row in page.context["rows"]] == [(olga, "the employer"), (jan, "the employer")]
    assert "we write to the employer" in page.content.decode()
    told = client.post(f"{PAGE}save/", as_shown(page), follow=True)
    assert not any("Call these" in words for words in said(told))
    [overview] = Letter.objects.filter(key__startswith="employer-overview:")
    assert all(
        f"{place.starts.astimezone(house.zone):%-H.%M}" in overview.text for place in Appointment.objects.filter(visit__journey=olga)
    )

    [offer] = entry.offers.all()
    serve_house(house)
    offer.refresh_from_db()
    entry.refresh_from_db()
    assert (offer.answer, entry.ended_at) == (Answer.WITHDRAWN, None)
    again = entry.offers.get(answer=Answer.OPEN)
    assert again.starts.astimezone(house.zone).hour >= 10, "at its place in line, another time"
    page = newcomer().get(offer_url(offer).partition("example.org")[2] or offer_url(offer))
    assert "The house has closed this time" in page.content.decode()
    with pytest.raises(PlacesGone) as gone:
        book_journey(actor=ANONYMOUS, offer=held, contact=Contact("Bo Chen", "bo@example.org", "", "en"), consent=True)
    assert gone.value.alternatives


@pytest.mark.parametrize("case", KEPT, ids=str)
def test_who_keeps_the_time_but_not_as_it_was_booked_is_shown_too(house: House, case: Case) -> None:
    case.before(house)
    ana = party(house, name="Ana Silva", **case.wish)
    client, old = leader_at_work(), places(ana)
    page = case.do(client)
    [row] = page.context["rows"]
    assert (row["one"].journey, row["one"].proposals, row["marks"]) == (ana, [], [case.told])
    stands = Entry.objects.filter(verb="desk.changed").count()
    told = client.post(f"{PAGE}save/", as_shown(page), follow=True)
    assert said(told)[1:] == [f"1 visit keeps its time: {ana.reference}."]
    assert (places(ana), told.context["outside"]) == (old, 0)
    assert Entry.objects.filter(verb="desk.changed").count() == stands + 1


def test_whoever_did_not_book_with_the_authority_that_leaves_is_not_shown(house: House) -> None:
    """A desk that goes back to the authority of its bookings, and one that received for another already."""
    party(house, name="Ana Silva", **TAX)
    Desk.objects.filter(key="tax-1").update(organisation=factories.organisation("siri"))
    client = leader_at_work()
    assert form("desks/tax-1/", organisation="skattestyrelsen")(client).status_code == 302
    assert form("desks/tax-1/", title_en="Desk 50")(client).status_code == 302
    assert Desk.objects.get(key="tax-1").organisation.key == "skattestyrelsen"


def test_who_sits_where_and_who_is_away_decides_no_hours(house: House) -> None:
    ana, client, before = party(house, services=TAX["services"]), leader_at_work(), offered()
    officer = factories.member(Role.CLERK, "skattestyrelsen")
    desk, away = f"{PAGE}desks/tax-1/roster/", {"officer": f"{officer.pk}", "first_day": DATE.isoformat()}
    client.post(desk, {"officer": f"{officer.pk}", "weekdays": ["1"], "valid_from": DATE.isoformat()})
    row = Sitting.objects.get()
    client.post(f"{desk}{row.pk}/", {"officer": f"{officer.pk}", "weekdays": ["1", "2"], "valid_from": DATE.isoformat()})
    client.post(f"{PAGE}roster/{row.pk}/end/")
    client.post(f"{PAGE}roster/{row.pk}/resume/")
    client.post(f"{PAGE}away/today/", {"officer": f"{officer.pk}"})
    assert [one["one"].bookings for one in client.get(f"{PAGE}nobody/").context["rows"]] == [1]
    client.post(f"{PAGE}away/{Absence.objects.get().pk}/back/")
    assert Sitting.objects.get().weekdays == [1, 2] and Absence.objects.get().lifted_at and away
    assert (offered(), troubles(house_plan(house), now=clock.now()), len(places(ana))) == (before, {}, 1)


def names() -> Iterator[str]:
    """Of every page that may change hours or resources."""
    for pattern in [*urls_staff.urlpatterns, *urls_roster.urlpatterns]:
        if isinstance(pattern, URLPattern) and (str(pattern.pattern).startswith("hours/") or pattern.name == "close-desk"):
            yield str(pattern.name)


def test_every_page_that_changes_hours_or_resources_is_in_the_table() -> None:
    assert {case.page for case in CASES} | OTHERS.keys() == set(names())
    assert not {case.page for case in CASES} & OTHERS.keys()


def test_every_column_that_says_when_and_where_somebody_is_received_is_in_the_table() -> None:
    known = {case.name for case in [*CASES, *KEPT]}
    for model in (Desk, Resource, Hours, Closure, Session, Service, Walk):
        columns = {one.name for one in [*model._meta.concrete_fields, *model._meta.many_to_many] if not one.primary_key}
        assert columns == COLUMNS[model.__name__].keys()
    reasons = {why for columns in COLUMNS.values() for why in columns.values()}
    assert {why for why in reasons if why not in known} == {why for why in reasons if why in (SAME, NAME, FILE) or ":" in why}


def test_nothing_else_writes_them() -> None:
    """Whoever changes the hours keeps bookings out meanwhile; the roster does so because two people may set one colleague."""
    room = Path(reception.__file__).parent
    writing = {
        str(file.relative_to(room))
        for file in room.rglob("*.py")
        if "tests" not in file.parts and re.search(r"(?<!def )\bchange_opening\(", file.read_text())
    }
    assert writing == {"actions/opening.py", "actions/region_bookings.py", "actions/roster.py"}
    models = "|".join(["Hours", "Closure", "Session", "Resource", "Desk", "Walk"])
    made = {
        str(file.relative_to(room))
        for file in room.rglob("*.py")
        if re.search(rf"\b({models})\.objects\.(create|bulk_create|update)|\b({models})\(house", file.read_text())
    }
    assert {name for name in made if not name.startswith(("tests/", "demo/"))} == {"actions/opening_rows.py", "region_opening.py"}
