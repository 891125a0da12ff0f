"""A desk is not taken from under somebody: who is called to it or served at it is finished with by those who began."""

from __future__ import annotations

import datetime as dt
import threading
from functools import partial
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import connection, transaction

from indgang.foundation.access.actors import NotAllowed, staff, system
from indgang.foundation.database import clock
from indgang.foundation.identity.models import Organisation, Participation, Role
from indgang.foundation.journal.models import Entry
from indgang.foundation.places.models import House, Region
from indgang.operations.reception.actions import desk as desk_actions
from indgang.operations.reception.actions.end_of_day import end_days
from indgang.operations.reception.actions.opening import save_change
from indgang.operations.reception.actions.tickets import Errands, take_ticket
from indgang.operations.reception.errors import NotNow
from indgang.operations.reception.models import Desk, Sitting, Turn, Visit
from indgang.operations.reception.models.journey import Outcome, Status
from indgang.operations.reception.tests import factories
from indgang.operations.reception.tests.every_change import form, leader_at_work, undo_last
from indgang.operations.reception.tests.opening_day import desk_without, leader
from indgang.operations.reception.tests.staff_day import at, at_instant, clerk, floorwalker, logged_in, said
from indgang.operations.reception.tests.test_roster import sits

pytestmark = pytest.mark.django_db
SIRI = "/desks/aalborg/siri-1/"
ONCE = "The desk can become another authority's once they are finished with, put back in line or sent on."
CALLED, SERVED = f"Number 1 has been called to Desk 1. {ONCE}", f"Number 1 is being served at Desk 1. {ONCE}"
to_tax = form("desks/siri-1/", organisation="skattestyrelsen")


@pytest.fixture
def house(settings: LazySettings) -> House:
    at(settings, 9)
    return factories.small_house()


def ticket(house: House) -> Visit:
    journey = take_ticket(actor=system(), house=house, errands=Errands(["siri-residence"])).ticket.journey
    return journey.visits.get()


def owner() -> str:
    return Desk.objects.get(key="siri-1").organisation.key


@pytest.mark.parametrize("started", [False, True], ids=["called", "served"])
def test_a_desk_with_somebody_at_it_stays_with_its_authority(house: House, started: bool) -> None:
    visit, siri, lead = ticket(house), clerk(), leader_at_work()
    siri.post(f"{SIRI}next/")
    if started:
        siri.post(f"{SIRI}start/{visit.pk}/")
    page = to_tax(lead)
    assert page.context["form"].errors == {"organisation": [SERVED if started else CALLED]}
    assert owner() == "siri"
    assert not Entry.objects.filter(verb="desk.changed").exists()
    done = siri.post(f"{SIRI}finish/{visit.pk}/", {"outcome": "done"}, follow=True)
    visit.refresh_from_db()
    assert (done.status_code, visit.status, visit.outcome) == (200, Status.DONE, Outcome.DONE)
    assert to_tax(lead).status_code == 302
    assert owner() == "skattestyrelsen"


def test_put_back_in_line_they_stand_in_nobodys_way(house: House) -> None:
    visit, siri, lead = ticket(house), clerk(), leader_at_work()
    siri.post(f"{SIRI}next/")
    siri.post(f"{SIRI}put-back/{visit.pk}/")
    assert to_tax(lead).status_code == 302
    visit.refresh_from_db()
    assert (owner(), visit.status) == ("skattestyrelsen", Status.WAITING)
    # nor is that call undone at a desk which is not theirs any more
    assert siri.post(f"{SIRI}next/").status_code == 404
    visit.refresh_from_db()
    assert visit.status == Status.WAITING


@pytest.mark.parametrize(
    ("language", "title", "lead"),
    [
        (
            "en",
            "Desk 1 belongs to Skattestyrelsen now",
            "It went from you to them on Tuesday 8 December at 9.00. Nobody has lost their place in line: call them to another desk.",
        ),
        (
            "da",
            "Skranke 1 hører nu til Skattestyrelsen",
            "Den gik fra jer til dem tirsdag den 8.\xa0december kl. 9.00. "
            "Ingen har mistet sin plads i køen: Kald dem til en anden skranke.",
        ),
    ],
)
def test_whoever_had_the_desk_reads_where_it_went_and_where_to_go(house: House, language: str, title: str, lead: str) -> None:
    visit, siri = ticket(house), logged_in(factories.member(Role.CLERK, "siri"), language)
    assert siri.get(SIRI).status_code == 200
    to_tax(leader_at_work())

    page = siri.get(SIRI)

    assert (page.status_code, page.context["error_title"], page.context["error_lead"]) == (404, title, lead)
    assert (siri.get(page.context["link"])["Location"], len(siri.get("/desks/?choose=1").context["choices"])) == (
        "/desks/aalborg/siri-2/",
        1,
    )
    # the open page asks for its part, is told to load anew, and a click on it says that nothing happened
    assert siri.get(SIRI, headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"
    clicked = siri.post(f"{SIRI}call/{visit.pk}/")
    nothing = {"en": "Nothing was changed.", "da": "Intet er ændret."}[language]
    assert (clicked.status_code, clicked.context["error_lead"]) == (404, f"{lead} {nothing}")
    visit.refresh_from_db()
    assert visit.status == Status.WAITING


def test_others_are_told_whose_a_desk_is_if_they_work_in_its_house(house: House) -> None:
    to_tax(leader_at_work())
    told = {
        "clerk": (clerk("borgerservice-aalborg"), "/desks/"),
        "floorwalker": (floorwalker(), "/board/aalborg/"),
        "administrator": (logged_in(factories.member(Role.ADMINISTRATOR, "siri")), "/hours/aalborg/"),
    }
    for role, (client, way_on) in told.items():
        page = client.get(SIRI)
        words = page.context["error_title"], page.context["error_lead"], page.context["link"]
        lead = "It went from you" if role == "administrator" else "Only their clerks call people to it."
        assert (page.status_code, words[1].startswith(lead), words[2]) == (404, True, way_on), role
        assert words[0].startswith("Desk 1 belongs to Skattestyrelsen"), role
        assert client.get("/desks/aalborg/no-such-desk/").context["error_title"] == "There is no such page"
    region = Region.objects.get()
    elsewhere = Organisation.objects.create(region=region, key="stranger", kind="authority", title_da="Fremmed")
    other = House.objects.create(region=region, key="hobro", title_da="Andet", address="A 1", postcode="9500", city="Hobro")
    Participation.objects.create(house=other, organisation=elsewhere, is_host=True)
    for of in (factories.member(Role.CLERK, "stranger"), factories.member(Role.READER, "siri")):
        assert logged_in(of).get(SIRI).context["error_title"] == "There is no such page"


def test_a_change_of_hands_is_not_undone_under_somebody_either(house: House) -> None:
    Desk.objects.filter(key="siri-1").update(organisation=factories.organisation("skattestyrelsen"))
    lead = leader_at_work()
    assert form("desks/siri-1/", organisation="siri")(lead).status_code == 302
    ticket(house)
    clerk().post(f"{SIRI}next/")
    answer = undo_last(lead)
    assert said(lead.get(answer["Location"]))[-1] == CALLED
    assert owner() == "siri"


NEXT = "Finish with the party that is here, put them back in line, or send them on."
OTHER_DEEDS = [
    (form("desks/siri-1/", services=["mitid"]), ["This desk does not do “EU residence document” any more."]),
    (form("desks/siri-1/", active_until="2026-12-07"), ["The last day of this desk was Monday 7 December."]),
    (form("desks/siri-1/", only_in_sessions="on"), []),
    (form("period/", active_until="2026-12-07"), []),
    (lambda client: client.post(f"/hours/aalborg/roster/{Sitting.objects.get().pk}/end/"), []),
]


@pytest.mark.parametrize(("deed", "told"), OTHER_DEEDS, ids=["services", "last day", "sessions only", "the house", "the roster"])
def test_whatever_else_changes_under_somebody_is_said_and_they_are_finished_with_there(house: House, deed: Any, told: list[str]) -> None:
    visit, officer = ticket(house), factories.member(Role.CLERK, "siri")
    sits(officer, "siri-1")
    siri = logged_in(officer)
    siri.post(f"{SIRI}next/")
    assert "taken" not in siri.get("/desks/aalborg/siri-2/").context
    assert siri.get(SIRI).context["taken"] == []
    assert deed(leader_at_work()).status_code == 302
    page = siri.get(SIRI)
    assert (page.context["present"], page.context["taken"]) == (visit, told)
    assert (NEXT in page.content.decode()) == bool(told)
    siri.post(f"{SIRI}start/{visit.pk}/")
    assert siri.post(f"{SIRI}finish/{visit.pk}/", {"outcome": "done"}, follow=True).status_code == 200
    visit.refresh_from_db()
    assert visit.outcome == Outcome.DONE


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("call_first", [True, False])
def test_a_call_and_a_change_of_hands_at_one_moment_come_one_after_the_other(house: House, call_first: bool) -> None:
    """Whoever is second finds what the first has done: nobody is called to a desk of another authority."""
    visit, officer = ticket(house), staff(factories.member(Role.CLERK, "siri"))
    desk, boss, came = factories.desk("siri-1"), leader(), []
    change = desk_without("siri-1", organisation="skattestyrelsen")
    call = partial(desk_actions.call_next, actor=officer, desk=desk)
    give = partial(save_change, actor=boss, change=change, choices={})
    first, second = (call, give) if call_first else (give, call)

    def after_it() -> None:
        try:
            came.append(second())
        except (NotNow, NotAllowed) as refusal:
            came.append(type(refusal))
        finally:
            connection.close()

    with transaction.atomic():
        first()
        other = threading.Thread(target=after_it)
        other.start()
        waits_for_a_lock()
    other.join()
    visit.refresh_from_db()
    assert came == [NotNow if call_first else NotAllowed]
    assert (owner(), visit.status) == (("siri", Status.CALLED) if call_first else ("skattestyrelsen", Status.WAITING))


def waits_for_a_lock() -> None:
    """Until the other one stands before what this one has locked."""
    with connection.cursor() as cursor:
        for _look in range(1000):
            cursor.execute("SELECT pg_stat_clear_snapshot()")  # a transaction sees one moment of the others else
            cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")
            if cursor.fetchone()[0]:
                return
            threading.Event().wait(0.02)
    raise AssertionError("nobody waited")


def test_what_ended_at_a_desk_stays_with_those_who_ended_it(house: House) -> None:
    visit, siri, lead = ticket(house), clerk(), leader_at_work()
    siri.post(f"{SIRI}next/")
    siri.post(f"{SIRI}finish/{visit.pk}/", {"outcome": "refused", "reason": "The passport is not valid any more."})
    assert to_tax(lead).status_code == 302
    tax = clerk("skattestyrelsen")
    page = tax.get(SIRI)
    assert page.context["ended"] == []
    theirs = staff(factories.member(Role.CLERK, "skattestyrelsen"))
    with pytest.raises(NotAllowed):
        desk_actions.reopen_visit(actor=theirs, visit=visit)
    with pytest.raises(NotAllowed):
        desk_actions.finish_visit(actor=theirs, visit=visit, outcome=Outcome.DONE)
    visit.refresh_from_db()
    turn = Turn.objects.get()
    assert (visit.outcome, turn.outcome, turn.authority.key) == (Outcome.REFUSED, Outcome.REFUSED, "siri")


def test_a_desk_where_something_was_left_open_stays_until_its_end_is_told(house: House, settings: LazySettings) -> None:
    visit, siri, lead = ticket(house), clerk(), leader_at_work()
    siri.post(f"{SIRI}next/")
    siri.post(f"{SIRI}start/{visit.pk}/")
    at_instant(settings, clock.now() + dt.timedelta(days=1))
    end_days()
    siri, lead = clerk(), leader_at_work()
    page = to_tax(lead)
    assert page.context["form"].errors == {
        "organisation": [
            f"“EU residence document” of visit {visit.journey.reference} was left open at Desk 1, and nobody has said yet how it ended. "
            "The desk can become another authority's once its clerks have told that on the page of the desk."
        ]
    }
    siri.post(f"{SIRI}finish/{visit.pk}/", {"outcome": "done"})
    assert to_tax(lead).status_code == 302
    assert owner() == "skattestyrelsen"
