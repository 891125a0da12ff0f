"""Taking an import back, or writing over what people did, leaves no step that cannot be: such rows stay, and the report says why."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest
from django.conf import LazySettings

from indgang.foundation.access.actors import Actor
from indgang.foundation.database.console import Refused
from indgang.foundation.identity.models import Role
from indgang.foundation.imports.actions import Undone, undo_batch
from indgang.foundation.imports.models import Batch
from indgang.foundation.imports.reports import Problem
from indgang.foundation.places.models import House
from indgang.operations.reception.actions import desk as desks
from indgang.operations.reception.actions import floor, line
from indgang.operations.reception.actions.end_of_day import end_days
from indgang.operations.reception.models import Turn, Visit
from indgang.operations.reception.tests import factories
from indgang.operations.reception.tests.staff_day import at, at_instant, clerk, floorwalker, logged_in, said
from indgang.operations.reception.tests.test_from_journal import clerk as clerk_of
from indgang.operations.reception.tests.test_from_journal import same, served
from indgang.operations.reception.tests.visits_table import HEADER, apply, done, operator

pytestmark = pytest.mark.django_db
SIRI = HEADER + "J-1,aalborg,siri-residence,851,POL,2,2026-12-08 08:30,"
TAX = "J-1,aalborg,tax-card,851,POL,2,2026-12-08 08:30,"
RUNS = "2026-12-08 08:31,,\n"
ENDED = "2026-12-08 08:31,2026-12-08 08:40,done\n"
TWICE = "This step would be running again, and the step tax-card is; a party is at one desk at a time."
CANCELLED = "People here have noted “cancelled” since. That stays."


@pytest.fixture(autouse=True)
def home(house: House, settings: LazySettings, tmp_path: Path) -> None:
    settings.HOME = tmp_path


def step(service: str = "siri-residence") -> Visit:
    return Visit.objects.get(journey__reference="J-1", service__key=service)


def states() -> dict[str, str]:
    return dict(Visit.objects.values_list("service__key", "status"))


def undo(batch: Batch) -> Undone:
    return undo_batch(actor=operator(), batch=batch)


def kept(reason: str) -> Undone:
    return Undone(kept=[Problem(2, "reference", "J-1", reason)])


@pytest.mark.parametrize("by_table", [True, False])
def test_a_step_is_not_running_again_while_the_party_is_at_another_desk(house: House, settings: LazySettings, by_table: bool) -> None:
    at(settings, 9, 0)
    done(SIRI + RUNS)
    second = done(SIRI + ENDED)
    done(HEADER + TAX + ("2026-12-08 08:45,,\n" if by_table else ",,\n"))
    if not by_table:
        desks.call_visit(actor=clerk_of("skattestyrelsen"), desk=factories.desk("tax-1"), visit=step("tax-card"))

    assert undo(second) == kept(TWICE)

    assert states() == {"siri-residence": "done", "tax-card": "serving" if by_table else "called"}
    assert same(house).total.steps == 1


@pytest.mark.parametrize(
    ("language", "why"),
    [("en", TWICE), ("da", "Dette trin ville være i gang igen, og trinnet tax-card er i gang; man er kun ved én skranke ad gangen.")],
)
def test_the_page_names_the_row_that_stays(house: House, settings: LazySettings, language: str, why: str) -> None:
    at(settings, 9, 0)
    done(SIRI + RUNS)
    second = done(SIRI + ENDED)
    done(HEADER + TAX + "2026-12-08 08:45,,\n")

    page = logged_in(factories.member(Role.LEADER, "ihnd"), language).post(f"/imports/{second.pk}/undo/", follow=True)

    assert why in page.content.decode()


def test_a_table_that_passes_a_party_on_is_taken_back_as_a_whole(house: House, settings: LazySettings) -> None:
    at(settings, 9, 0)
    done(SIRI + RUNS + TAX + ",,\n")
    moved = done(SIRI + ENDED + TAX + "2026-12-08 08:45,,\n")
    assert undo(moved) == Undone(restored=2)
    assert states() == {"siri-residence": "serving", "tax-card": "waiting"}

    new = done(SIRI.replace("J-1", "J-2") + RUNS)
    moved = done(SIRI.replace("J-1", "J-2") + ENDED + TAX.replace("J-1", "J-2") + "2026-12-08 08:45,,\n")
    assert undo(moved) == Undone(removed=1, restored=1)
    assert undo(new) == Undone(removed=1)
    assert same(house).total.steps == 0


def test_a_table_passes_a_party_back_to_a_step_that_stands_before(house: House, settings: LazySettings) -> None:
    at(settings, 9, 0)
    done(SIRI + ",,\n" + TAX + RUNS)
    done(HEADER + TAX + ENDED + SIRI.removeprefix(HEADER) + "2026-12-08 08:45,,\n")
    assert states() == {"siri-residence": "serving", "tax-card": "done"}


def test_an_arrival_is_not_taken_back_to_after_the_end(house: House, settings: LazySettings) -> None:
    at(settings, 10, 0)
    done(SIRI.replace("08:30", "10:00") + ",,\n")
    second = done(SIRI.replace("08:30", "08:10") + ",,\n")
    served(settings, "siri-1", step(), 0, 20)
    before = Visit.objects.values().get()

    assert undo(second) == kept("Its column started would lie before arrived.")

    assert Visit.objects.values().get() == before
    assert same(house).door_to_door.total > dt.timedelta(hours=1)


@pytest.mark.parametrize("told", [True, False])
def test_an_end_that_nobody_recorded_is_not_known_because_a_table_says_something_else(
    house: House, settings: LazySettings, told: bool
) -> None:
    at(settings, 14, 0)
    came = SIRI.replace("08:30", "13:10") + ",,\n"
    done(came)
    siri, visit = clerk_of("siri"), step()
    desks.call_visit(actor=siri, desk=factories.desk("siri-1"), visit=visit)
    desks.start_visit(actor=siri, visit=visit)
    at_instant(settings, dt.datetime(2026, 12, 9, 8, 5, tzinfo=dt.UTC))
    desks.finish_visit(actor=siri, visit=visit, outcome="done")
    if not told:  # it ended by itself
        Visit.objects.update(outcome="")
        Turn.objects.update(outcome="left-open")
    outcome = "done" if told else "left-open"
    assert turns() == [(2, outcome, False)]

    larger = done(came.replace("POL,2", "POL,3"))
    assert turns() == [(3, outcome, False)]
    assert undo(larger) == Undone(restored=1)
    assert turns() == [(2, outcome, False)]
    if not told:
        said_how = done(came.replace(",,\n", ",,done\n"))
        assert turns() == [(2, "done", False)]
        assert undo(said_how) == Undone(restored=1)
        assert turns() == [(2, "left-open", False)]

    assert desks.reopen_visit(actor=siri, visit=visit).status == "serving", "its end is still to be told"
    same(house)


def turns() -> list[tuple[int, str, bool]]:
    return list(Turn.objects.values_list("people", "outcome", "end_known"))


@pytest.mark.parametrize("row", [ENDED, "2026-12-08 08:31,2026-12-08 08:40,\n", "2026-12-08 08:33,,\n"])
def test_a_step_that_people_cancelled_is_not_half_ended_by_a_table(house: House, settings: LazySettings, row: str) -> None:
    at(settings, 9, 0)
    done(SIRI + RUNS)
    line.send_on(actor=clerk_of("siri"), visit=step(), service=factories.service("mitid"))
    before = Visit.objects.values().get(pk=step().pk)
    figures = same(house)

    batch, report = apply(SIRI + row)

    assert (batch, report.unchanged, report.refused) == (None, 1, [])
    told = {problem.column: problem.message for problem in report.kept}
    odd = "This does not go with what people here have noted since. It is left as it was."
    given = dict(zip(("started", "ended", "outcome"), row.strip().split(","), strict=True))
    expected = {name: CANCELLED if name == "outcome" else odd for name, cell in given.items() if cell and cell != "2026-12-08 08:31"}
    assert told == expected
    assert Visit.objects.values().get(pk=step().pk) == before
    assert same(house) == figures


def test_a_beginning_is_not_taken_back_from_a_step_that_people_cancelled(house: House, settings: LazySettings) -> None:
    at(settings, 9, 0)
    done(SIRI + ",,\n")
    began = done(SIRI + RUNS)
    line.send_on(actor=clerk_of("siri"), visit=step(), service=factories.service("mitid"))

    assert undo(began) == kept(CANCELLED)
    assert (step().status, step().started_at is None) == ("cancelled", False)
    same(house)


@pytest.mark.parametrize("where", ["desk", "board"])
def test_sending_on_is_undone_where_a_table_says_that_they_are_served(house: House, settings: LazySettings, where: str) -> None:
    at(settings, 9, 0)
    done(SIRI + RUNS)
    before, figures = Visit.objects.values().get(), same(house)
    page = clerk("siri") if where == "desk" else floorwalker()
    way = {"desk": f"/desks/aalborg/siri-1/send-on/{step().pk}/?back=desk", "board": f"/line/{step().pk}/send-on/?back=board"}[where]
    sent = page.post(way, {"service": "mitid"}, follow=True)
    assert states() == {"siri-residence": "cancelled", "mitid": "waiting"}

    undone = page.post(way_back(sent.content.decode()), follow=True)

    assert said(undone) == ["Undone: No name given, 2 people is being served again."]
    assert (Visit.objects.values().get(), same(house)) == (before, figures)
    done(SIRI + ENDED)
    assert same(house).total.steps == 1


def way_back(content: str) -> str:
    return re.findall(r'action="([^"]*undo[^"]*)"', content)[0].replace("&amp;", "&")


def test_they_wait_in_line_where_another_desk_has_called_them_meanwhile(house: House, settings: LazySettings) -> None:
    at(settings, 9, 0)
    done(SIRI + RUNS + TAX + ",,\n")
    page = clerk("siri")
    sent = page.post(f"/desks/aalborg/siri-1/send-on/{step().pk}/?back=desk", {"service": "mitid"}, follow=True)
    desks.call_visit(actor=clerk_of("skattestyrelsen"), desk=factories.desk("tax-1"), visit=step("tax-card"))

    undone = page.post(way_back(sent.content.decode()), follow=True)

    assert [text.endswith("Another desk has called them.") for text in said(undone)] == [True]
    assert states() == {"siri-residence": "waiting", "tax-card": "called"}
    same(house)


def test_putting_back_is_undone_where_a_table_says_that_they_are_served(house: House, settings: LazySettings) -> None:
    at(settings, 9, 0)
    done(SIRI + RUNS + TAX + ",,\n")
    before, page, way = Visit.objects.values().get(pk=step().pk), clerk("siri"), f"/desks/aalborg/siri-1/%s/{step().pk}/?back=desk"
    page.post(way % "put-back", follow=True)
    assert states()["siri-residence"] == "waiting"
    assert said(page.post(way % "undo-put-back", follow=True)) == ["Undone: No name given, 2 people is being served again."]
    assert Visit.objects.values().get(pk=step().pk) == before

    page.post(way % "put-back", follow=True)
    desks.call_visit(actor=clerk_of("skattestyrelsen"), desk=factories.desk("tax-1"), visit=step("tax-card"))
    refused = said(page.post(way % "undo-put-back", follow=True))
    assert refused == ["They stay in line. Another desk has called them."]
    assert states() == {"siri-residence": "waiting", "tax-card": "called"}
    same(house)


def test_a_step_that_was_cancelled_before_it_began_is_not_ended_by_a_table(house: House, walker: Actor, settings: LazySettings) -> None:
    at(settings, 9, 0)
    done(SIRI + ",,\n")
    floor.cancel_step(actor=walker, visit=step())
    before = Visit.objects.values().get()
    assert apply(SIRI + ENDED)[1].unchanged == 1
    assert Visit.objects.values().get() == before
    same(house)


@pytest.mark.parametrize("row", [SIRI.replace("POL,2", "POL,3"), SIRI.replace("851", "787")])
def test_whom_nobody_served_before_the_house_closed_stays_that(house: House, settings: LazySettings, row: str) -> None:
    at(settings, 14)
    done(SIRI + ",,\n")
    desks.call_visit(actor=clerk_of("siri"), desk=factories.desk("siri-1"), visit=step())
    at_instant(settings, dt.datetime(2026, 12, 9, 7, 5, tzinfo=dt.UTC))
    end_days()
    assert (step().status, step().outcome, same(house).not_served) == ("cancelled", "not-served", 1)

    table = done(row + ",,\n")
    assert (step().status, step().outcome, same(house).not_served) == ("cancelled", "not-served", 1)
    assert floorwalker().get("/journeys/J-1/").content.decode().count("Not served") == 1

    assert undo(table) == Undone(restored=1)
    assert (step().people, step().outcome, same(house).not_served) == (2, "not-served", 1)


def test_what_a_later_table_changed_is_taken_back_once_that_one_is(house: House, settings: LazySettings) -> None:
    at(settings, 9, 0)
    first = done(SIRI + ENDED + TAX.replace("J-1", "J-2") + RUNS)
    later = done(SIRI.replace("POL,2", "POL,3") + ENDED)

    undone = undo(first)
    assert (undone.removed, undone.kept) == (1, [Problem(2, "people", "3", "Changed since the import, where it was “2”.")])
    assert undo(first).removed == 0
    assert undo(later) == Undone(restored=1)

    page = logged_in(factories.member(Role.LEADER, "ihnd"))
    assert "One row was kept, because it was changed since." in page.get(f"/imports/{first.pk}/").content.decode()
    page.post(f"/imports/{first.pk}/undo/")
    assert not Visit.objects.exists()
    assert same(house).total.steps == 0
    assert "Take this import back" not in page.get(f"/imports/{first.pk}/").content.decode()
    with pytest.raises(Refused, match="undone already"):
        undo(first)


@pytest.mark.parametrize(("language", "title"), [("en", "Nothing was taken back"), ("da", "Intet blev taget tilbage")])
def test_a_table_of_which_everything_was_changed_is_not_taken_back_and_still_can_be(
    house: House, settings: LazySettings, language: str, title: str
) -> None:
    at(settings, 9, 0)
    first = done(SIRI + ENDED)
    later = done(SIRI.replace("POL,2", "POL,3") + ENDED)

    page = logged_in(factories.member(Role.LEADER, "ihnd"), language).post(f"/imports/{first.pk}/undo/")
    assert page.content.decode().count(title) == 2
    first.refresh_from_db()
    assert first.undone_at is None

    undo(later)
    assert undo(first) == Undone(removed=1)
    assert same(house).total.steps == 0
