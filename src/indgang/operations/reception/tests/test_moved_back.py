"""Moving has a way back: as one, while the old times are free, told once; and a closure that is taken back offers it to whom it moved."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.conf import LazySettings
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from indgang.foundation.access.actors import Actor, citizen, staff
from indgang.foundation.identity.models import Role
from indgang.foundation.journal.models import Entry
from indgang.foundation.mail.models import Letter, State
from indgang.foundation.places.models import House
from indgang.operations.reception.actions import floor
from indgang.operations.reception.actions.changes import cancel_journey
from indgang.operations.reception.actions.opening import preview_change, save_change
from indgang.operations.reception.models import Appointment, Closure, Desk, Hold, Journey
from indgang.operations.reception.models.journey import Status
from indgang.operations.reception.tests import factories
from indgang.operations.reception.tests.opening_day import closure, desk_without, first_choices, leader, saved
from indgang.operations.reception.tests.resource_day import interpreter
from indgang.operations.reception.tests.staff_day import at, at_instant, clerk, floorwalker, logged_in, move_the_rest_on, party, said
from indgang.operations.reception.tests.test_from_journal import same

pytestmark = pytest.mark.django_db
TAX = ("tax-card",)


def walker() -> Actor:
    return staff(factories.member(Role.FLOORWALKER, "ihnd"))


def times(journey: Journey) -> list[tuple[str, str, dt.datetime]]:
    places = Appointment.objects.filter(visit__journey=journey, freed_at=None).select_related("visit__service", "desk")
    return sorted((place.visit.service.key, place.desk.key, place.starts) for place in places if place.visit)


def undo_on(page: Any) -> str:
    """The address of the undo that the page offers."""
    text = page.content.decode().replace("&amp;", "&")
    return str(text.split("/undo-move/")[0].rsplit('"', 1)[-1] + "/undo-move/" + text.split("/undo-move/")[1].split('"')[0])


def undo_of_last(journey: Journey) -> str:
    """The address that undoes the last move, for tests that set the clock back; the page, at its own time, would not offer it."""
    entry = Entry.objects.filter(verb="journey.moved", subject_id=str(journey.pk)).latest("id")
    return f"/journeys/{journey.reference}/undo-move/{entry.pk}/?back=journey"


def sent() -> None:
    """The worker has sent every letter."""
    Letter.objects.filter(state=State.WAITING).update(state=State.SENT)


def test_moving_the_rest_is_undone_as_one_and_told_where_it_had_been_told(house: House, settings: LazySettings) -> None:
    journey = party(house, name="Ana Silva", email="ana@example.org")
    floor.check_in_journey(actor=walker(), journey=journey)
    old, arrived = times(journey), journey.visits.first().arrived_at  # type: ignore[union-attr]
    at(settings, 10, 30)
    client = floorwalker()
    page = move_the_rest_on(client, journey)
    assert said(page)[1:] == ["We have written to them."]
    assert times(journey) != old
    assert "/undo-move/" not in page.content.decode(), "an old time has passed, so it could not be undone"
    at(settings, 8, 30)
    sent()
    page = client.post(undo_of_last(journey), follow=True)
    assert said(page) == ["Undone: Ana Silva, 1 person has the old times again.", "We have written to them."]
    assert times(journey) == old
    assert {(visit.status, visit.arrived_at) for visit in journey.visits.all()} == {(Status.WAITING, arrived)}, "who is here stays here"
    assert Letter.objects.filter(key__startswith="moved:").count() == 2
    undone = Entry.objects.get(verb="journey.move-undone")
    assert [row["starts"] for row in undone.after["appointments"]] == [
        row["starts"] for row in Entry.objects.get(verb="journey.moved").before["appointments"]
    ]
    page = client.post(f"/journeys/{journey.reference}/undo-move/{undone.pk}/?back=journey", follow=True)
    assert said(page)[-1].startswith("This can no longer be undone")
    same(house)


def test_a_letter_that_was_not_sent_yet_is_taken_back_and_no_other_written(house: House, settings: LazySettings) -> None:
    journey = party(house, name="Ana Silva", email="ana@example.org", services=TAX)
    floor.check_in_journey(actor=walker(), journey=journey)
    sent()
    old, client = times(journey), floorwalker()
    at(settings, 10, 30)
    page = move_the_rest_on(client, journey)
    at(settings, 8, 30)
    page = client.post(undo_of_last(journey), follow=True)
    assert said(page)[1:] == ["The e-mail about the new times had not been sent, so it was taken back and nothing more is written."]
    assert times(journey) == old
    assert Letter.objects.filter(state__in=[State.WAITING, State.SENT]).exclude(key__startswith="code:").count() == 1, "the confirmation"


def test_a_step_that_was_moved_goes_back_and_one_that_was_new_has_no_old_time(house: House) -> None:
    journey, client = party(house, name="Ana Silva", services=TAX), clerk("skattestyrelsen")
    old = times(journey)
    steps = f"/journeys/{journey.reference}/steps/"
    page = client.post(steps, {"services": ["tax-card"], "people": ["0"]})
    later = next(way for way in page.context["itineraries"] if way.starts != old[0][2])
    page = client.post(steps, {"services": ["tax-card"], "people": ["0"], "offer": later.offer}, follow=True)
    assert times(journey) != old
    client.post(undo_on(page), follow=True)
    assert times(journey) == old
    page = floorwalker().post(steps, {"services": ["mitid"], "people": ["0"]})
    offer = page.context["itineraries"][0].offer
    page = floorwalker().post(steps, {"services": ["mitid"], "people": ["0"], "offer": offer}, follow=True)
    assert "/undo-move/" not in page.content.decode()


def test_nothing_goes_back_when_one_of_the_old_times_is_taken(house: House, settings: LazySettings) -> None:
    journey = party(house, name="Ana Silva", services=("siri-residence", "tax-card"))
    floor.check_in_journey(actor=walker(), journey=journey)
    old = times(journey)
    at(settings, 10, 30)
    page = move_the_rest_on(floorwalker(), journey)
    new = times(journey)
    at(settings, 8, 0)
    other = party(house, name="Bo Chen", services=TAX)
    Appointment.objects.filter(visit__journey=other).delete()
    taken = {key: (desk, starts) for key, desk, starts in old}["tax-card"]
    _take(other, *taken)
    page = floorwalker().post(undo_of_last(journey), follow=True)
    assert said(page)[-1] == "Somebody else has one of the old times by now. The visit stays as it is."
    assert times(journey) == new


def _take(other: Journey, desk: str, starts: dt.datetime) -> None:
    """Somebody else has it now."""
    Appointment.objects.create(
        desk=factories.desk(desk),
        visit=other.visits.get(),
        party=7,
        period=DateTimeTZRange(starts, starts + dt.timedelta(minutes=5)),
    )


def test_the_interpreter_comes_along(house: House, settings: LazySettings) -> None:
    interpreter(house, hours=(8, 15))
    journey = party(house, name="Fatima Zahra El Amrani", interpreter="ar", services=TAX)
    floor.check_in_journey(actor=walker(), journey=journey)
    old = times(journey)
    at(settings, 10, 30)
    move_the_rest_on(floorwalker(), journey)
    at(settings, 8, 0)
    floorwalker().post(undo_of_last(journey), follow=True)
    place = journey.visits.get().appointment
    assert (times(journey), place.interpreter.key if place.interpreter else "") == (old, "amina")


def test_a_closure_that_is_taken_back_offers_the_old_times_to_whom_it_moved(house: House) -> None:
    ana = party(house, name="Ana Silva", email="ana@example.org", services=TAX)
    bo, cy = party(house, name="Bo Chen", services=TAX), party(house, name="Cy Diaz", services=TAX)
    old = {journey.pk: times(journey) for journey in (ana, bo, cy)}
    boss = leader()
    client = logged_in(boss.user)  # type: ignore[arg-type]
    saved(boss, closure("tax-1", ends="10:00"))
    assert all(times(journey) != old[journey.pk] for journey in (ana, bo, cy))
    cancel_journey(actor=citizen(cy.reference), journey=cy)
    sent()
    page = client.post(f"/hours/aalborg/closures/{Closure.objects.get().pk}/lift/", follow=True)
    assert page.request["PATH_INFO"].startswith("/hours/aalborg/moved/")
    assert [(row["name"], row["why"]) for row in page.context["rows"]] == [("Ana Silva", ""), ("Bo Chen", "")]
    assert times(ana) != old[ana.pk], "nobody is moved before it is said"
    letters = Letter.objects.filter(key__startswith="moved:").count()
    page = client.post(page.request["PATH_INFO"], {"back": [str(ana.pk), str(bo.pk)]}, follow=True)
    assert said(page)[0] == "2 of 2 visits have their old times again."
    assert {one.pk: times(one) for one in (ana, bo)} == {one.pk: old[one.pk] for one in (ana, bo)}
    assert Letter.objects.filter(key__startswith="moved:").count() == letters + 2, "one letter each"
    page = client.get(f"/hours/aalborg/moved/{Entry.objects.get(verb='closure.lifted').pk}/")
    assert "Nobody was moved because of it" in page.content.decode()


def test_who_cannot_go_back_is_named_and_kept(house: House) -> None:
    ana = party(house, name="Ana Silva", services=TAX)
    desk, starts = times(ana)[0][1:]
    boss = leader()
    change = closure("tax-1", ends="12:00")
    entry = save_change(actor=boss, change=change, choices=first_choices(boss, change)).entry
    assert entry is not None
    client, new = logged_in(boss.user), times(ana)  # type: ignore[arg-type]
    client.post(f"/hours/aalborg/undo/{entry.pk}/")
    Hold.objects.all().delete()  # what was kept for them has run out
    other = party(house, name="Bo Chen", services=TAX)
    Appointment.objects.filter(visit__journey=other).delete()
    _take(other, desk, starts)
    page = client.get(f"/hours/aalborg/moved/{Entry.objects.get(verb='closure.lifted').pk}/")
    assert [row["why"] for row in page.context["taken"]] == ["Somebody else has one of the old times by now. The visit stays as it is."]
    page = client.post(page.request["PATH_INFO"], {"back": [str(ana.pk)]}, follow=True)
    assert said(page)[-1].startswith(f"{ana.reference} could not be moved.")
    assert times(ana) == new


def test_who_went_to_another_day_is_named_though_the_old_time_has_passed(house: House, settings: LazySettings) -> None:
    ana, bo = (party(house, name=name, services=TAX) for name in ("Ana Silva", "Bo Chen"))
    old, boss = times(bo), leader()
    entry = saved(boss, closure("tax-1")).entry
    assert entry is not None
    at_instant(settings, old[0][2])
    client = logged_in(boss.user)  # type: ignore[arg-type]
    page = client.post(f"/hours/aalborg/undo/{entry.pk}/", follow=True)
    assert [(row["name"], row["why"]) for row in page.context["rows"]] == [
        ("Ana Silva", "An old time has passed by now. The visit stays as it is."),
        ("Bo Chen", ""),
    ]
    page = client.post(page.request["PATH_INFO"], {"back": [str(bo.pk)]}, follow=True)
    assert said(page)[0] == "1 of 2 visits have their old times again."
    assert said(page)[-1] == f"{ana.reference} could not be moved. An old time has passed by now. The visit stays as it is."
    assert times(bo) == old


def test_where_only_the_desk_is_another_the_page_says_which(house: House) -> None:
    ana, boss = party(house, name="Ana Silva", services=("siri-residence",)), leader()
    [(_service, desk, starts)] = times(ana)
    entry = saved(boss, closure(desk)).entry
    [(_service, now, same)] = times(ana)
    assert entry is not None and now != desk and same == starts
    page = logged_in(boss.user).post(f"/hours/aalborg/undo/{entry.pk}/", follow=True)  # type: ignore[arg-type]
    assert f"Now at {factories.desk(now).title_en}, at the same time." in page.content.decode()


def test_another_authority_sees_and_moves_nobody(house: House) -> None:
    party(house, name="Ana Silva", services=TAX)
    boss = leader()
    entry = saved(boss, closure("tax-1", ends="12:00")).entry
    assert entry is not None
    logged_in(boss.user).post(f"/hours/aalborg/undo/{entry.pk}/")  # type: ignore[arg-type]
    lifted = Entry.objects.get(verb="closure.lifted").pk
    page = clerk("siri").get(f"/hours/aalborg/moved/{lifted}/")
    assert page.context["rows"] == []
    assert "Silva" not in page.content.decode()


def test_a_desk_that_no_longer_speaks_a_language_is_shown_whom_that_leaves_without_an_interpreter(house: House) -> None:
    interpreter(house, hours=(8, 15))
    Desk.objects.filter(key="tax-1").update(languages=["da", "en", "ar"])
    journey = party(house, name="Fatima Zahra El Amrani", interpreter="ar", services=TAX)
    assert journey.visits.get().appointment.interpreter is None, "the desk speaks it"
    change = desk_without("tax-1", languages=["da", "en"])
    shown = preview_change(actor=leader(), change=change)
    assert [(one.journey, bool(one.proposals)) for one in shown] == [(journey, True)]
    saved(leader(), change)
    place = journey.visits.get().appointment
    assert place.interpreter is not None and place.interpreter.key == "amina"
