"""`indgang demo`: made-up activity that obeys the house, comes out the same every time, and is never made on a server."""

from __future__ import annotations

import datetime as dt
import re
import time
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.conf import LazySettings
from django.db import transaction
from django.db.models import Count, F
from django.test import Client

from indgang.config import program
from indgang.config.demo_accounts import PASSWORD, Accounts
from indgang.config.demo_commands import VERB
from indgang.config.region_commands import load_region
from indgang.foundation.access import actors
from indgang.foundation.database import clock
from indgang.foundation.database.console import Refused
from indgang.foundation.identity.models import Membership, Organisation, Role, User
from indgang.foundation.journal import actions as journal
from indgang.foundation.journal.models import Entry
from indgang.foundation.journal.queries import texts_of
from indgang.foundation.mail.models import Letter
from indgang.foundation.measures.declared import Scope
from indgang.foundation.places.models import House
from indgang.foundation.places.region import RegionFolder
from indgang.foundation.privacy.retention import carry_out
from indgang.operations.reception.actions.floor import check_in_journey
from indgang.operations.reception.demo.filling import Period, fill_house, play_days
from indgang.operations.reception.demo.placing import Calendar, Placer
from indgang.operations.reception.demo.rows import References, Rows, made_up_journey
from indgang.operations.reception.demo.staff import HouseStaff
from indgang.operations.reception.measures import MEASURES, served_citizens
from indgang.operations.reception.models import Appointment, Desk, Journey, Ticket, Turn, Visit
from indgang.operations.reception.queries.board import board
from indgang.operations.reception.queries.from_journal import differences_from_journal
from indgang.operations.reception.queries.house import house_plan
from indgang.operations.reception.queries.statistics import figures_of_house
from indgang.operations.reception.reminders import write_reminders
from indgang.operations.reception.statistics_answers import answers_of
from indgang.operations.reception.statistics_files import report_of
from indgang.operations.reception.statistics_sections import statistics_of
from indgang.registers.parties.models import Person

pytestmark = pytest.mark.django_db

UNTIL = dt.date(2026, 11, 23)
SMALL = ["demo", "--until", UNTIL.isoformat(), "--scale", "0.01"]


@pytest.fixture(autouse=True)
def the_day_before(settings: LazySettings) -> None:
    """The same day whenever the tests run. The demonstration needs the embedded database; the tests may run on another."""
    settings.EMBEDDED = True
    _play(settings, dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC))


@pytest.fixture
def demo() -> None:
    """A small demonstration."""
    program.run_or_refuse(SMALL)


def _play(settings: LazySettings, local: dt.datetime) -> None:
    settings.CLOCK_STARTS_AT, settings.CLOCK_SINCE = local, time.time()


def _everything() -> list[Any]:
    """What the demonstration wrote, without keys that the database gives."""
    steps = "journey__reference", "service__key", "desk__key", "status", "outcome", "missing", "arrived_at", "called_at", "ended_at"
    return [
        list(Journey.objects.order_by("reference").values("id", "reference", "contact__name", "contact__email", "created_at", "language")),
        list(Visit.objects.order_by("journey__reference", "position").values_list(*steps, "clerk__email")),
        list(Appointment.objects.order_by("period", "desk__key", "party").values_list("desk__key", "party", "period", "freed_at")),
        list(Entry.objects.exclude(verb="region.loaded").order_by("at", "id").values_list("verb", "user__email", "organisation__key")),
        list(Letter.objects.order_by("to", "subject", "created_at").values_list("to", "subject", "created_at", "state")),
        list(User.objects.order_by("id").values_list("email", "name", "is_demo")),
    ]


def test_the_same_seed_and_date_give_the_same_data(settings: LazySettings) -> None:
    _play(settings, dt.datetime(2026, 11, 23, 3, tzinfo=dt.UTC))  # nobody is in the house yet
    runs = []
    for _run in range(2):
        with transaction.atomic():
            program.run_or_refuse(SMALL)
            runs.append(_everything())
            transaction.set_rollback(True)
    assert runs[0] == runs[1]
    assert len(runs[0][0]) >= 120


def test_another_seed_gives_other_people() -> None:
    people = []
    for seed in ("1", "2"):
        with transaction.atomic():
            program.run_or_refuse(["demo", "--until", UNTIL.isoformat(), "--scale", "0.005", "--seed", seed])
            people.append(set(Journey.objects.values_list("reference", flat=True)))
            transaction.set_rollback(True)
    assert not people[0] & people[1]


@pytest.mark.usefixtures("demo")
def test_every_appointment_lies_in_the_opening_hours_of_a_desk_for_its_service() -> None:
    plan = house_plan(House.objects.select_related("region").get(key="aalborg"))
    desks = {desk.desk.id: desk for desk in plan.desks}
    appointments = list(Appointment.objects.select_related("visit__service"))
    assert appointments
    for appointment in appointments:
        day = plan.day(appointment.starts.astimezone(plan.house.zone).date())
        cells = range(day.cell_of(appointment.starts), day.cell_from(appointment.ends))
        desk = desks[appointment.desk_id]
        assert appointment.visit is not None
        assert appointment.visit.service.key in desk.services
        assert all(plan.open_cells(desk, day) >> cell & 1 for cell in cells)


@pytest.mark.usefixtures("demo")
def test_a_place_is_free_exactly_when_its_step_was_cancelled_or_nobody_came() -> None:
    freed = set(Appointment.objects.exclude(freed_at=None).values_list("visit", flat=True))
    given_up = set(Visit.objects.filter(status__in=["cancelled", "no-show"]).exclude(journey__source="ticket").values_list("id", flat=True))
    assert freed == given_up
    assert Visit.objects.filter(appointment=None).exclude(journey__source="ticket").count() == 0


@pytest.mark.usefixtures("demo")
def test_some_take_a_ticket_beside_those_who_book_and_each_has_a_number_and_waits() -> None:
    walk_ins = Journey.objects.filter(source="ticket", house__key="aalborg")
    before = Journey.objects.filter(house__key="aalborg", created_at__lt=dt.datetime(2026, 11, 23, tzinfo=dt.UTC))
    assert 0.03 < walk_ins.count() / before.count() < 0.15
    assert not walk_ins.exclude(contact=None).exists()
    assert not walk_ins.filter(tickets=None).exists()
    assert not Turn.objects.filter(journey__in=walk_ins, arrived_at__gte=F("called_at")).exists()


@pytest.mark.usefixtures("demo")
def test_before_the_date_everything_has_ended_and_from_it_on_everything_is_planned() -> None:
    midnight = dt.datetime.combine(UNTIL, dt.time(), House.objects.get(key="aalborg").zone)
    past = Visit.objects.filter(appointment__period__startswith__lt=midnight)
    assert set(past.values_list("status", flat=True)) == {"done", "no-show", "cancelled"}
    ahead = Visit.objects.filter(appointment__period__startswith__gte=midnight)
    assert set(ahead.values_list("status", flat=True)) <= {"planned", "cancelled"}
    assert ahead.exists()
    assert not Journey.objects.filter(created_at__gte=midnight).exists()


@pytest.mark.usefixtures("demo")
def test_steps_come_after_those_they_build_on() -> None:
    checked = 0
    for journey in Journey.objects.prefetch_related("visits__service", "visits__appointment"):
        if journey.source == "ticket":
            continue
        ends = {visit.service.key: visit.appointment.ends for visit in journey.visits.all()}
        for visit in journey.visits.all():
            for service in visit.after:
                checked += 1
                assert ends[service] <= visit.appointment.starts
    assert checked > 100


@pytest.mark.usefixtures("demo")
def test_the_journal_tells_all_of_it_is_sealed_and_keeps_names_under_their_keys() -> None:
    verdict = journal.verify()
    assert (verdict.ok, verdict.sealed) == (True, verdict.entries)
    verbs = dict(Entry.objects.values_list("verb").annotate(Count("id")))
    assert verbs["journey.booked"] + verbs["ticket.taken"] == Journey.objects.count()
    assert verbs["visit.finished"] == Visit.objects.filter(status="done").count()
    assert verbs["journey.cancelled"] == Journey.objects.exclude(cancelled_at=None).count()
    journey = Journey.objects.select_related("contact").order_by("reference")[0]
    entry = Entry.objects.get(verb="journey.booked", subject_id=str(journey.pk))
    told = texts_of([entry])[entry.pk]
    assert journey.contact and told and told["name"] == journey.contact.name
    assert journey.contact.name not in str(entry.after)


@pytest.mark.usefixtures("demo")
def test_the_figures_of_two_years_are_those_that_the_journal_tells() -> None:
    for house in House.objects.select_related("region"):
        scope = Scope(house, UNTIL - dt.timedelta(days=731), UNTIL)
        counted = figures_of_house(scope)
        assert counted.total.steps == Visit.objects.filter(journey__house=house, status="done").count() > 50
        assert differences_from_journal(scope) == (counted, {})


@pytest.mark.usefixtures("demo")
def test_forgetting_people_and_visits_changes_no_figure(settings: LazySettings) -> None:
    def counted() -> list[Any]:
        scopes = [
            Scope(house, UNTIL - dt.timedelta(days=731), UNTIL - dt.timedelta(days=1)) for house in House.objects.select_related("region")
        ]
        assert [differences_from_journal(scope)[1] for scope in scopes] == [{}] * len(scopes)
        figures = [(measure.figure(scope), measure.split and measure.split(scope)) for scope in scopes for measure in MEASURES]
        rows = [row for scope in scopes for measure in MEASURES for row in measure.evidence(scope).order_by("pk").values()]
        evidence = [{name: value for name, value in row.items() if name != "text"} for row in rows]  # what was written is forgotten
        served = [served_citizens(scope.first, scope.last, scope.house).by_municipality for scope in scopes]
        return [figures, evidence, served, [report_of(statistics_of(scope), answers_of(scope)).sections for scope in scopes]]

    _play(settings, dt.datetime(2033, 1, 3, 12, tzinfo=dt.UTC))
    before = counted()

    forgotten = carry_out()

    assert forgotten["parties.person"] > 100
    assert forgotten["reception.visit"] > 100
    assert not Person.objects.exclude(name="", email="", phone="").exists()
    assert counted() == before


@pytest.mark.usefixtures("demo")
def test_clerks_serve_at_desks_of_their_own_organisation() -> None:
    served = Visit.objects.exclude(clerk=None)
    assert served.exists()
    own = served.filter(clerk__memberships__organisation=F("desk__organisation"), clerk__memberships__role=Role.CLERK)
    assert own.count() == served.count()


@pytest.mark.usefixtures("demo")
def test_there_is_an_account_for_everybody_who_works_in_the_house() -> None:
    roles = dict(Membership.objects.values_list("role").annotate(Count("id")))
    assert roles["clerk"] == Desk.objects.count()
    assert not User.objects.filter(is_demo=False).exists()


@pytest.mark.usefixtures("demo")
def test_making_it_again_changes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    entries, journeys = Entry.objects.count(), Journey.objects.count()
    capsys.readouterr()
    program.run_or_refuse(SMALL)
    program.run_or_refuse(["demo", "--scale", "0.01"])  # without a date, any day's demonstration will do
    assert capsys.readouterr().out == "The demonstration stands already; nothing was changed.\n" * 2
    assert (Entry.objects.count(), Journey.objects.count()) == (entries, journeys)


@pytest.mark.usefixtures("demo")
def test_another_one_is_refused_and_says_what_to_do() -> None:
    entries = Entry.objects.count()
    for other in (["--seed", "2"], ["--until", "2026-11-24"], ["--scale", "0.03"]):
        with pytest.raises(Refused, match="fresh folder in INDGANG_HOME"):
            program.run_or_refuse([*SMALL, *other])
    assert Entry.objects.count() == entries


def test_it_is_refused_on_a_server(settings: LazySettings, capsys: pytest.CaptureFixture[str]) -> None:
    settings.EMBEDDED = False
    assert program.run(["demo"]) == 1
    assert "DATABASE_URL" in capsys.readouterr().err
    assert not User.objects.exists()


def test_only_the_program_itself_fills_a_house() -> None:
    load_region(RegionFolder.find("north-denmark"))
    house = House.objects.select_related("region").get()
    with pytest.raises(actors.NotAllowed):
        fill_house(actor=actors.ANONYMOUS, house=house, staff=None, period=Period.around(UNTIL), moment=clock.now(), journeys=1, seed=1)  # type: ignore[arg-type]


def test_at_eleven_on_an_open_day_people_are_expected_wait_are_served_and_have_left(settings: LazySettings, demo: None) -> None:
    house = House.objects.select_related("region").get(key="aalborg")
    eleven = dt.datetime(2026, 11, 24, 11, tzinfo=house.zone)
    _play(settings, eleven)
    calendar = Calendar(house, eleven.date(), eleven.date() + dt.timedelta(days=20))
    references = References()
    made = [
        made_up_journey(placed, references, until=eleven.date(), moment=eleven)
        for placed in Placer(house, calendar).parties(eleven.date(), 40, "busy")
    ]
    play_days(made, seed="busy", moment=eleven)
    clerks = {desk.id: User.objects.get(email="clerk1@siri.example") for desk in Desk.objects.all()}
    host = Membership.objects.filter(role=Role.FLOORWALKER).select_related("organisation")[0].organisation
    staff = HouseStaff(host, {desk.id: desk for desk in Desk.objects.all()}, clerks, [])
    rows = Rows(house, staff, calendar.plan.services)
    rows.build(made)
    rows.write(made)
    states = {row.state for row in board(actor=actors.system(), house=house)}
    assert {"expected", "waiting", "serving", "done"} <= states
    at_desks = Visit.objects.filter(status__in=["called", "serving"]).values_list("desk", flat=True)
    assert len(at_desks) == len(set(at_desks))


def test_letters_are_those_of_the_house_so_nobody_is_reminded_twice(settings: LazySettings) -> None:
    program.run_or_refuse(["demo", "--until", UNTIL.isoformat(), "--scale", "0.03"])
    house = House.objects.get(key="aalborg")
    before = set(Letter.objects.values_list("key", flat=True))
    assert set(Letter.objects.values_list("state", flat=True)) == {"sent"}
    _play(settings, dt.datetime(2026, 11, 22, 11, tzinfo=house.zone))  # the day before the first of the bookings ahead
    write_reminders()
    reminded_by_demo = {key for key in before if key.startswith("reminder:") and f":{UNTIL}:" in key}
    expected = Journey.objects.filter(
        visits__status="planned",
        cancelled_at=None,
        contact__email__gt="",
        visits__appointment__period__startswith__lt=dt.datetime.combine(UNTIL + dt.timedelta(days=1), dt.time(), house.zone),
    ).distinct()
    assert len(reminded_by_demo) == expected.count() > 0
    assert set(Letter.objects.filter(key__startswith="reminder:").values_list("key", flat=True)) == {
        key for key in before if key.startswith("reminder:")
    }


def test_without_a_demonstration_there_is_no_such_page(client: Client) -> None:
    assert client.get("/demo/").status_code == 404
    assert client.get("/demo/codes/").status_code == 404


@pytest.mark.usefixtures("demo")
def test_on_a_server_there_is_no_such_page_whatever_the_users(client: Client, settings: LazySettings) -> None:
    settings.EMBEDDED = False
    assert client.get("/demo/").status_code == 404


@pytest.mark.usefixtures("demo")
def test_the_page_shows_how_to_log_in_and_one_can() -> None:
    for role in ("floorwalker", "clerk1", "leader", "administrator"):
        client = Client()
        page = client.get("/demo/").content.decode()
        assert PASSWORD in page
        found = re.search(rf"{role}@ihnd\.example.*?<code>(\d{{6}})</code>", page, re.DOTALL)
        assert found
        answer = client.post("/account/login/", {"login": f"{role}@ihnd.example", "password": PASSWORD})
        answer = client.post(answer.headers["Location"], {"code": found[1]})
        assert answer.headers["Location"] == "/my-day/"
        assert client.get("/my-day/").status_code == 200


@pytest.mark.usefixtures("demo")
def test_when_the_house_is_closed_the_page_says_how_to_see_it_busy(client: Client, settings: LazySettings) -> None:
    zone = House.objects.get(key="aalborg").zone
    _play(settings, dt.datetime(2026, 11, 22, 20, tzinfo=zone))  # a Sunday evening
    assert "INDGANG_CLOCK=2026-11-23T10:15:00+01:00" in client.get("/demo/").content.decode()
    _play(settings, dt.datetime(2026, 11, 23, 10, tzinfo=zone))
    assert "INDGANG_CLOCK" not in client.get("/demo/").content.decode()


def _states(house: House) -> list[tuple[Any, ...]]:
    """Of those who booked: whoever takes a ticket on the day waits for the reader."""
    visits = Visit.objects.filter(journey__house=house, journey__source="demo").order_by("journey__reference", "position")
    steps = "journey__reference", "status", "desk__key", "arrived_at", "called_at", "started_at", "ended_at", "outcome", "clerk__email"
    return list(visits.values_list(*steps, "journey__package_given_at", "appointment__freed_at"))


def _entries() -> list[tuple[Any, ...]]:
    told = (
        Entry.objects.filter(verb__regex="^(visit|journey|note)[.]").exclude(verb="visit.set-aside").order_by("at", "verb", "subject_type")
    )
    return list(told.values_list("at", "verb", "user__email", "after"))


def _busy_day(settings: LazySettings, hour: int) -> House:
    """A demonstration of a week, made at some hour of its last day."""
    today = dt.date(2026, 11, 24)
    _play(settings, dt.datetime(2026, 11, 24, hour, tzinfo=ZoneInfo("Europe/Copenhagen")))
    load_region(RegionFolder.find("north-denmark"))
    house = House.objects.select_related("region").get(key="aalborg")
    actor = actors.system(Organisation.objects.get(is_operator=True))
    period = Period(today - dt.timedelta(days=6), today, today)
    staff = Accounts(actor, 1).staff_of(house)
    fill_house(actor=actor, house=house, staff=staff, period=period, moment=clock.now(), journeys=60, seed=1)
    journal.record(actor=actor, verb=VERB, subject=house.region, after={"until": today.isoformat(), "scale": 1.0, "seed": 1})
    return house


def test_a_day_that_goes_on_in_steps_is_the_day_made_later(settings: LazySettings, client: Client) -> None:
    with transaction.atomic():
        house = _busy_day(settings, 13)
        later, told_later = _states(house), _entries()
        transaction.set_rollback(True)
    house = _busy_day(settings, 9)
    for hour in (10, 11, 13):
        _play(settings, dt.datetime(2026, 11, 24, hour, tzinfo=house.zone))
        assert client.post("/demo/go-on/").headers["Location"] == "/demo/"
    assert _states(house) == later
    assert sorted(_entries(), key=repr) == sorted(told_later, key=repr)
    assert sum(ended is not None and ended.date() == dt.date(2026, 11, 24) for *_state, ended, _o, _c, _p, _f in later) > 5
    arrived = Visit.objects.filter(journey__house=house, arrived_at__date=dt.date(2026, 11, 24))
    numbers = list(Ticket.objects.filter(house=house, date=dt.date(2026, 11, 24)).order_by("number").values_list("number", flat=True))
    assert numbers == list(range(1, arrived.values("journey").distinct().count() + 1)), "everybody who came has a number"
    assert len(client.get("/hall/aalborg/display/").context["before"]) == 5
    waiting = Visit.objects.filter(journey__source="ticket", status="waiting")
    assert (waiting.count(), waiting.exclude(parked_at=None).count(), waiting.exclude(journey__priority=None).count()) == (5, 1, 1)


def test_a_party_that_somebody_received_is_left_to_them(settings: LazySettings, client: Client) -> None:
    house = _busy_day(settings, 9)
    _play(settings, dt.datetime(2026, 11, 24, 9, 5, tzinfo=house.zone))
    row = next(row for row in board(actor=actors.system(), house=house) if row.state == "expected")
    check_in_journey(actor=actors.system(), journey=row.journey)
    _play(settings, dt.datetime(2026, 11, 24, 14, 55, tzinfo=house.zone))
    client.post("/demo/go-on/")
    assert set(row.journey.visits.values_list("status", flat=True)) == {"waiting"}
    others = Visit.objects.filter(appointment__period__startswith__lt=clock.now() - dt.timedelta(hours=2)).exclude(journey=row.journey)
    assert not others.filter(status__in=["planned", "waiting"]).exists()


def test_nothing_goes_on_where_there_is_no_demonstration(client: Client) -> None:
    assert client.post("/demo/go-on/").status_code == 404
