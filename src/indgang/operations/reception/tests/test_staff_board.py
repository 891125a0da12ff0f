"""The floorwalker's board: what it shows to whom, finding, checking in, undoing, and staying cheap."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from indgang.foundation.access.actors import staff
from indgang.foundation.identity.models import Organisation, Role
from indgang.foundation.journal.models import Entry
from indgang.foundation.places.models import House
from indgang.operations.reception.actions import desk as desk_actions
from indgang.operations.reception.actions.places import Place, take_places
from indgang.operations.reception.models import Appointment, Journey, Visit
from indgang.operations.reception.tests import factories
from indgang.operations.reception.tests.staff_day import at, at_instant, clerk, floorwalker, logged_in, party, said

pytestmark = pytest.mark.django_db


@pytest.fixture
def house(settings: LazySettings) -> House:
    at(settings, 8, 30)
    return factories.small_house()


BOARD = "/board/aalborg/"
TOKEN = re.compile(r'value="\w{64}"')


def local(hour: int, minute: int) -> dt.datetime:
    return dt.datetime(2026, 12, 8, hour, minute, tzinfo=dt.timezone(dt.timedelta(hours=1)))


def statuses(journey: Journey) -> list[str]:
    return list(journey.visits.order_by("position").values_list("status", flat=True))


def test_the_board_of_the_only_house_opens_by_itself(house: House) -> None:
    response = floorwalker().get("/board/")
    assert (response.status_code, response.url) == (302, BOARD)


def test_whoever_works_in_two_houses_chooses(house: House) -> None:
    other = House.objects.create(region=house.region, key="hjoerring", title_da="Hjørring", address="A", postcode="9800", city="Hjørring")
    user = factories.member(Role.FLOORWALKER, "ihnd")
    other.participations.create(organisation=factories.organisation("ihnd"), is_host=True)
    page = logged_in(user).get("/board/")
    assert [place.key for place in page.context["houses"]] == ["aalborg", "hjoerring"]


def test_parties_stand_in_their_groups_and_the_longest_wait_comes_first(house: House, settings: LazySettings) -> None:
    names = ("Longer Ting", "Wai Ting", "Go Ne", "Ex Pected", "La Te", "Ca Ncelled")
    longer, waiting, called, expected, late, cancelled = (party(house, name=name) for name in names)
    walker = floorwalker()
    at(settings, 8, 35)
    walker.post(reverse("reception:check-in", args=[longer.reference]))
    at(settings, 8, 40)
    for journey in (waiting, called):
        walker.post(reverse("reception:check-in", args=[journey.reference]))
    desk_actions.call_visit(
        actor=staff(factories.member(Role.CLERK, "siri")),
        desk=factories.desk("siri-1"),
        visit=called.visits.get(service__key="siri-residence"),
    )
    walker.post(reverse("reception:staff-cancel", args=[cancelled.reference]))
    Appointment.objects.filter(visit__journey=expected).delete()
    Visit.objects.filter(journey=expected).exclude(service__key="mitid").delete()
    take_places([Place(factories.desk("citizen-2").pk, local(14, 30), local(14, 40), expected.visits.get().pk)], party=7, now=local(8, 40))
    starts = min(visit.appointment.starts for visit in late.visits.select_related("appointment"))
    at_instant(settings, starts + dt.timedelta(minutes=11))
    board = walker.get(BOARD).context["board"]
    groups = {name: [(line.name, line.row.state) for line in getattr(board, name)] for name in ("here", "desk", "expected", "away")}
    assert groups == {
        "here": [("Longer Ting", "waiting"), ("Wai Ting", "waiting")],
        "desk": [("Go Ne", "called")],
        "expected": [("La Te", "late"), ("Ex Pected", "expected")],
        "away": [("Ca Ncelled", "cancelled")],
    }
    assert board.expected[0].late_minutes == 11


def test_check_in_is_one_click_and_can_be_undone(house: House) -> None:
    journey = party(house, name="Ana Silva", adults=2, children=1)
    walker = floorwalker()
    page = walker.post(reverse("reception:check-in", args=[journey.reference]) + "?back=board&house=aalborg", follow=True)
    assert page.redirect_chain == [(BOARD, 302)]
    assert set(statuses(journey)) == {"waiting"}
    assert len(said(page)) == 1 and said(page)[0].startswith("Checked in: Ana Silva, 3 people. Next: EU residence document at 9.")
    undo = reverse("reception:undo-check-in", args=[journey.reference])
    assert f'action="{undo}?back=board&amp;house=aalborg"' in page.content.decode()
    assert said(walker.post(undo, follow=True)) == ["Undone: Ana Silva, 3 people is expected again."]
    assert set(statuses(journey)) == {"planned"}


def test_a_double_click_checks_in_once(house: House) -> None:
    journey = party(house, name="Ana Silva")
    walker = floorwalker()
    address = reverse("reception:check-in", args=[journey.reference])
    walker.post(address)
    page = walker.post(address, follow=True)
    assert said(page)[-1] == "Ana Silva, 1 person: checked in already."
    assert Entry.objects.filter(verb="journey.checked-in").count() == 1


@pytest.mark.parametrize("typed", ["{reference}", "https://house.example/c/{reference}", "{lower}", " {reference} "])
def test_scanning_the_code_checks_in(house: House, typed: str) -> None:
    journey, other = party(house, name="Ana Silva"), party(house)
    text = typed.format(reference=journey.reference, lower=journey.reference.lower().replace("-", ""))
    page = floorwalker().post("/board/aalborg/find/", {"q": text}, follow=True)
    assert said(page)[0].startswith("Checked in: Ana Silva")
    assert (set(statuses(journey)), set(statuses(other))) == ({"waiting"}, {"planned"})


def test_a_name_and_enter_only_searches(house: House) -> None:
    journey = party(house, name="Ana Silva")
    page = floorwalker().post("/board/aalborg/find/", {"q": "ana"}, follow=True)
    assert page.redirect_chain == [(f"{BOARD}?q=ana", 302)]
    assert set(statuses(journey)) == {"planned"}


def test_an_unknown_code_is_said(house: House) -> None:
    journey = party(house)
    reference = journey.reference
    journey.delete()
    page = floorwalker().post("/board/aalborg/find/", {"q": reference}, follow=True)
    assert said(page) == [f"No party that you may see has the code {reference}. Try the name."]


def test_a_code_for_another_day_opens_the_visit_and_says_so(house: House) -> None:
    journey = factories.book(house, on=factories.working_day(6), days=0, name="Ana Silva").journey
    page = floorwalker().post("/board/aalborg/find/", {"q": journey.reference}, follow=True)
    assert page.redirect_chain == [(reverse("reception:journey", args=[journey.reference]), 302)]
    assert said(page) == ["This visit is booked for Tuesday 15 December, not for today."]


@pytest.mark.parametrize(
    ("typed", "found"),
    [("ana", ["Ana Silva"]), ("silva ana", ["Ana Silva"]), ("sorensen", ["Bo Sørensen"]), ("LUKASZ", ["Łukasz Nowak"]), ("zzz", [])],
)
def test_search_forgives_order_case_and_accents(house: House, typed: str, found: list[str]) -> None:
    for name in ("Ana Silva", "Bo Sørensen", "Łukasz Nowak"):
        party(house, name=name)
    board = floorwalker().get(BOARD, {"q": typed}).context["board"]
    assert [line.name for line in board.expected] == found


def test_search_finds_a_child_by_its_own_name_and_a_party_by_the_beginning_of_its_code(house: House) -> None:
    journey = party(house, name="Ana Silva", children=1)
    party(house)
    walker = floorwalker()
    child = journey.travellers.last().person.name
    for typed in (child, journey.reference[:4]):
        assert [line.name for line in walker.get(BOARD, {"q": typed}).context["board"].expected] == ["Ana Silva"]


def test_polling_answers_not_modified_until_something_changes(house: House) -> None:
    journey = party(house)
    walker = floorwalker()
    walker.get(BOARD)
    headers = {"HX-Request": "true"}
    first = walker.get(BOARD, headers=headers)
    assert first.templates[0].name == "reception/staff/board_parts.html"
    headers["If-None-Match"] = first["ETag"]
    reads = Entry.objects.filter(verb="house.read").count()
    assert walker.get(BOARD, headers=headers).status_code == 304
    walker.post(reverse("reception:check-in", args=[journey.reference]))
    assert walker.get(BOARD, headers=headers).status_code == 200
    assert Entry.objects.filter(verb="house.read").count() == reads


def test_a_poll_after_logging_out_makes_the_page_load_again(house: House) -> None:
    walker = floorwalker()
    walker.logout()
    response = walker.get(BOARD, headers={"HX-Request": "true"})
    assert (response.status_code, response["HX-Refresh"]) == (401, "true")


def test_nobody_is_a_no_show_before_their_time(house: House) -> None:
    journey = party(house, name="Ana Silva")
    walker = floorwalker()
    assert walker.get(f"/journeys/{journey.reference}/").context["may_no_show"] is False
    page = walker.post(reverse("reception:no-show", args=[journey.reference]) + "?back=board&house=aalborg", follow=True)
    assert said(page) == ["Their first time is 9.00. You can note that they did not come once the grace is over, from 9.10 on."]
    assert set(statuses(journey)) == {"planned"}


def test_no_show_frees_the_places_and_can_be_undone(house: House, settings: LazySettings) -> None:
    journey = party(house, name="Ana Silva")
    walker = floorwalker()
    at(settings, 9, 9)
    assert walker.get(f"/journeys/{journey.reference}/").context["may_no_show"] is False
    at(settings, 9, 11)
    assert walker.get(f"/journeys/{journey.reference}/").context["may_no_show"] is True
    page = walker.post(reverse("reception:no-show", args=[journey.reference]) + "?back=board&house=aalborg", follow=True)
    assert said(page) == ["Ana Silva, 1 person did not come. The places of today are free again."]
    assert [line.row.state for line in page.context["board"].away] == ["no-show"]
    walker.post(reverse("reception:undo-no-show", args=[journey.reference]))
    assert set(statuses(journey)) == {"planned"}


def test_a_party_in_the_house_is_no_no_show(house: House) -> None:
    journey = party(house)
    walker = floorwalker()
    walker.post(reverse("reception:check-in", args=[journey.reference]))
    page = walker.post(reverse("reception:no-show", args=[journey.reference]) + "?back=board&house=aalborg", follow=True)
    assert said(page)[-1] == "This party is in the house."
    assert set(statuses(journey)) == {"waiting"}


def test_the_package_is_logged_once_and_can_be_taken_back(house: House) -> None:
    journey = party(house)
    walker = floorwalker()
    for _click in range(2):
        walker.post(reverse("reception:package", args=[journey.reference]))
    journey.refresh_from_db()
    assert journey.package_given_at is not None
    assert Entry.objects.filter(verb="journey.package-handed-out").count() == 1
    walker.post(reverse("reception:take-back-package", args=[journey.reference]))
    journey.refresh_from_db()
    assert journey.package_given_at is None


def test_the_code_page_says_nothing_to_outsiders(house: House) -> None:
    journey = party(house, name="Ana Silva")
    known, unknown = (TOKEN.sub("", Client().get(f"/c/{code}").content.decode()) for code in (journey.reference, "0000-0000"))
    assert "Ana Silva" not in known
    assert known.replace(journey.reference, "0000-0000") == unknown
    foreign = Organisation.objects.create(region=house.region, key="elsewhere", kind="authority", title_da="Andet")
    assert "Ana Silva" not in logged_in(factories.member(Role.CLERK, foreign)).get(f"/c/{journey.reference}").content.decode()


def test_the_code_page_shows_staff_the_party_and_changes_nothing(house: House) -> None:
    journey = party(house, name="Ana Silva")
    walker = floorwalker()
    page = walker.get(f"/c/{journey.reference}")
    assert "Ana Silva" in page.content.decode() and page.context["may_check_in"]
    assert set(statuses(journey)) == {"planned"}
    after = walker.post(reverse("reception:check-in", args=[journey.reference]) + "?back=code", follow=True)
    assert after.redirect_chain == [(f"/c/{journey.reference}", 302)]
    assert not after.context["may_check_in"]


def test_other_authorities_see_the_board_without_its_buttons(house: House) -> None:
    party(house, name="Ana Silva")
    page = clerk("skattestyrelsen").get(BOARD)
    assert "Ana Silva" in page.content.decode()
    assert not page.context["receives"]
    assert "/check-in/" not in page.content.decode()


def test_a_refusal_shows_as_ended_to_other_authorities(house: House, settings: LazySettings) -> None:
    journey = party(house, name="Ana Silva")
    floorwalker().post(reverse("reception:check-in", args=[journey.reference]))
    siri = factories.member(Role.CLERK, "siri")
    desk = factories.desk("siri-1")
    visit = desk_actions.call_next(actor=staff(siri), desk=desk)
    desk_actions.finish_visit(actor=staff(siri), visit=visit, outcome="refused", note="The passport is false")
    shown = {}
    for name, client in (("siri", logged_in(siri)), ("walker", floorwalker()), ("tax", clerk("skattestyrelsen"))):
        line = client.get(BOARD).context["board"].here[0]
        page = client.get(reverse("reception:journey", args=[journey.reference])).content.decode()
        shown[name] = (line.steps[0].status, line.held_up_by, "Refused" in page, "The passport is false" in page)
    assert shown == {
        "siri": ("refused", "EU residence document", True, True),
        "walker": ("refused", "EU residence document", True, True),
        "tax": ("ended", "", False, False),
    }


def test_the_number_of_queries_does_not_grow_with_the_day(house: House) -> None:
    party(house, adults=2)
    walker = floorwalker()
    walker.get(BOARD)

    def queries(**headers: str) -> int:
        with CaptureQueriesContext(connection) as caught:
            walker.get(BOARD, headers=headers)
        return len(caught)

    one = (queries(), queries(**{"HX-Request": "true"}))
    party(house, adults=2)
    party(house, children=1)
    walker.get(BOARD)
    assert (queries(), queries(**{"HX-Request": "true"})) == one
