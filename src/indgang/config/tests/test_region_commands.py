"""Loading a region: what a command line user sees, and what the database holds afterwards."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from indgang.config import program
from indgang.config.region_commands import load_region
from indgang.foundation.access.actors import system
from indgang.foundation.database import clock
from indgang.foundation.database.console import Refused
from indgang.foundation.identity.models import Membership, Organisation, Participation, User
from indgang.foundation.journal.models import Entry
from indgang.foundation.places.models import House, Municipality, Region
from indgang.foundation.places.region import RegionFolder, Report
from indgang.foundation.places.region_files import SHIPPED
from indgang.operations.reception.actions.opening import save_change
from indgang.operations.reception.actions.region_bookings import Wish
from indgang.operations.reception.models import Appointment, Closure, Desk, Hours, Journey, RuleSet, Service, Session, Visit, Walk
from indgang.operations.reception.opening_changes import Change
from indgang.operations.reception.queries.house import house_plan
from indgang.operations.reception.queries.opening_states import closure_state, desk_state, hours_state
from indgang.operations.reception.rules.journeys import read_rules

pytestmark = pytest.mark.django_db

NORTH = [
    ("773", "Morsø"),
    ("787", "Thisted"),
    ("810", "Brønderslev"),
    ("813", "Frederikshavn"),
    ("820", "Vesthimmerland"),
    ("825", "Læsø"),
    ("840", "Rebild"),
    ("846", "Mariagerfjord"),
    ("849", "Jammerbugt"),
    ("851", "Aalborg"),
    ("860", "Hjørring"),
]


def load(path: Path | str, booked: Wish = "ask") -> Report:
    return load_region(RegionFolder.find(str(path)), booked=booked)


def changes(report: Report) -> list[tuple[str, str, str]]:
    return [(line.change, line.kind, line.name) for line in report.lines]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of North Denmark that a test may change."""
    return Path(shutil.copytree(SHIPPED / "north_denmark", tmp_path / "north"))


def edit(folder: Path, name: str, old: str, new: str, count: int = -1) -> None:
    file = folder / name
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, count), encoding="utf-8")


def without(folder: Path, name: str, words: str) -> None:
    """Take out the one table that contains the words."""
    file = folder / name
    blocks = file.read_text(encoding="utf-8").split("\n\n")
    kept = [block for block in blocks if words not in block]
    assert len(kept) == len(blocks) - 1
    file.write_text("\n\n".join(kept) + "\n", encoding="utf-8")


def test_north_denmark_is_what_the_sources_say() -> None:
    load("north-denmark")
    region = Region.objects.get()
    assert (region.key, region.title_da, region.title_en) == ("north-denmark", "Nordjylland", "North Denmark")
    assert list(Municipality.objects.order_by("code").values_list("code", "title_da")) == NORTH
    house = House.objects.get()
    assert (house.key, house.full_address) == ("aalborg", "Rantzausgade 4, 9000 Aalborg")
    working_here = Participation.objects.filter(house=house).values_list("organisation__key", "is_host")
    assert dict(working_here) == {"ihnd": True, "siri": False, "borgerservice-aalborg": False, "skattestyrelsen": False}
    assert Organisation.objects.get(is_operator=True).key == "ihnd"
    offices = Organisation.objects.filter(kind="business-office").values_list("key", "municipality__code")
    assert {key.removeprefix("erhvervskontor-"): code for key, code in offices} == dict(Municipality.objects.values_list("key", "code"))
    assert {"erhvervskontor-broenderslev", "erhvervskontor-laesoe", "erhvervshus-nordjylland"} <= set(
        Organisation.objects.values_list("key", flat=True)
    )


@pytest.mark.parametrize("region", ["north-denmark", "midtjylland"])
def test_every_step_of_the_rules_can_be_done_at_a_desk_of_its_authority(region: str) -> None:
    load(region)
    rules = read_rules(RuleSet.objects.get().content)
    offered = {(service.key, desk.organisation_id) for desk in Desk.objects.all() for service in desk.services.all()}
    for service in Service.objects.filter(key__in=rules.services):
        assert (service.key, service.authority_id) in offered


def test_midtjylland_is_open_two_hours_every_thursday() -> None:
    load("midtjylland")
    [session] = Session.objects.all()
    held = (session.key, session.weekday, session.opens, session.closes, session.every_weeks, session.of_month, session.by_staff)
    assert held == ("one-stop-shop", 3, dt.time(15), dt.time(17), 1, 0, False)
    assert set(session.desks.all()) == set(Desk.objects.all())
    plan = house_plan(House.objects.get())
    week = [dt.date(2026, 12, 7) + dt.timedelta(days=number) for number in range(7)]
    open_on = [date.isoweekday() for date in week if any(plan.open_cells(desk, plan.day(date)) for desk in plan.desks)]
    assert open_on == [4]
    assert Municipality.objects.count() == 19


@pytest.mark.parametrize("order", [["north-denmark", "midtjylland"], ["midtjylland", "north-denmark"]])
def test_both_regions_live_together_and_share_the_national_authorities(order: list[str]) -> None:
    for region in order:
        load(region)
    assert sorted(Participation.objects.filter(organisation__key="siri").values_list("house__key", flat=True)) == ["aalborg", "aarhus"]
    assert Organisation.objects.get(key="siri").region.key == order[0]
    for region in order:
        assert not load(region).changed


def test_a_second_load_writes_nothing() -> None:
    first = load("north-denmark")
    entries = Entry.objects.count()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        second = load("north_denmark")
    assert [query["sql"] for query in queries if query["sql"].split()[0] not in ("SELECT", "SAVEPOINT", "RELEASE")] == []
    assert second.lines == []
    assert second.unchanged.total() == len(first.lines)
    assert Entry.objects.count() == entries == 1


def test_what_changed_in_the_files_is_changed_and_told(folder: Path) -> None:
    load(folder)
    edit(folder, "desks.toml", 'languages = ["da", "en", "uk"]', 'languages = ["da", "en", "uk", "ru"]', 1)
    edit(folder, "services.toml", "minutes = 15", "minutes = 25", 1)
    edit(folder, "opening.toml", 'closes = "17:30"', 'closes = "18:00"')
    edit(folder, "houses.toml", "9000", "9100")
    report = load(folder)
    assert sorted(changes(report)) == [
        ("created", "hours", "aalborg, thursday 12:30"),
        ("ended", "hours", "aalborg, thursday 12:30"),
        ("updated", "desk", "aalborg/siri-4"),
        ("updated", "house", "aalborg"),
        ("updated", "service", "siri-residence-permit"),
    ]
    assert next(line.detail for line in report.lines if line.kind == "service") == "minutes"
    assert Service.objects.get(key="siri-residence-permit").minutes == 25
    assert Hours.objects.get(weekday=3, opens=dt.time(12, 30)).closes == dt.time(18)


def test_a_desk_that_offers_something_else_is_told(folder: Path) -> None:
    load(folder)
    edit(folder, "desks.toml", 'services = ["siri-eu-residence"]', 'services = ["siri-residence-permit"]')
    assert changes(load(folder)) == [("updated", "desk", "aalborg/siri-4")]
    assert [service.key for service in Desk.objects.get(key="siri-4").services.all()] == ["siri-residence-permit"]


def by_staff(change: Change) -> None:
    """The change, made by the operator's program as a page would make it."""
    save_change(actor=system(), change=change, choices={})


def test_what_staff_changed_stays_and_the_report_says_so(folder: Path) -> None:
    load(folder)
    house, desk = House.objects.get(), Desk.objects.get(key="siri-4")
    by_staff(Change("hours", "aalborg", "", 0, hours_state(house, None), {"rows": [[0, "09:00", "12:00", None, None]]}))
    before = desk_state(desk)
    by_staff(Change("desk", "aalborg", "siri-4", 0, before, {**before, "languages": ["da", "tr"]}))
    by_staff(Change("desk", "aalborg", "pop-up", 0, None, {**before, "title_da": "Pop-op"}))
    day = {"title_da": "Kursus", "title_en": "", "desk": "siri-4", "first_day": "2030-01-08", "last_day": "2030-01-08"}
    by_staff(Change("closure", "aalborg", "", 0, None, {**day, "from_time": "12:00", "until_time": None}))
    eve = Closure.objects.filter(by_staff=False).order_by("first_day").first()
    assert eve is not None
    by_staff(Change("closure", "aalborg", "", eve.pk, closure_state(eve), None))
    edit(folder, "opening.toml", 'closes = "17:30"', 'closes = "18:00"')
    edit(folder, "desks.toml", 'languages = ["da", "en", "uk"]', 'languages = ["da", "en", "uk", "ru"]', 1)
    closures = list(Closure.objects.order_by("pk").values_list())
    report = load(folder)
    assert sorted((line.change, line.kind, line.name, line.detail) for line in report.lines) == [
        ("kept", "closure", f"aalborg, {eve.title_en} {eve.first_day}", "lifted by staff"),
        ("kept", "desk", "aalborg/pop-up", "made by staff on their page"),
        ("kept", "desk", "aalborg/siri-4", "changed by staff on their page, so the file does not decide it"),
        ("kept", "hours", "aalborg", "changed by staff on their page, so the file does not decide it"),
    ]
    assert not report.changed
    assert list(Hours.objects.filter(desk=None, resource=None).values_list("weekday", "opens", "closes")) == [(0, dt.time(9), dt.time(12))]
    assert Desk.objects.get(key="siri-4").languages == ["da", "tr"]
    assert list(Closure.objects.order_by("pk").values_list()) == closures
    without(folder, "desks.toml", 'key = "siri-4"')
    load(folder)
    assert Desk.objects.get(key="siri-4").active_until is None


def test_what_nobody_refers_to_goes_when_it_leaves_the_files(folder: Path) -> None:
    load(folder)
    without(folder, "desks.toml", 'key = "siri-4"')
    without(folder, "opening.toml", 'title_da = "Grundlovsdag"')
    without(folder, "organisations.toml", 'key = "kl"')
    report = load(folder)
    assert {change for change, _kind, _name in changes(report)} == {"ended"}
    assert not Desk.objects.filter(key="siri-4").exists()
    assert not Closure.objects.filter(title_da="Grundlovsdag").exists()
    assert not Organisation.objects.filter(key="kl").exists()


def test_a_desk_with_a_history_is_closed_instead_and_can_come_back(folder: Path) -> None:
    load(folder)
    desk = Desk.objects.get(key="siri-4")
    journey = Journey.objects.create(reference="AAAA", house=desk.house)
    visit = Visit.objects.create(journey=journey, service=desk.services.get(), desk=desk, people=1)
    starts = clock.now() + dt.timedelta(days=7)
    Appointment.objects.create(desk=desk, party=1, period=(starts, starts + dt.timedelta(minutes=20)), visit=visit)
    whole = (folder / "desks.toml").read_text(encoding="utf-8")
    without(folder, "desks.toml", 'key = "siri-4"')
    report = load(folder, booked="leave")
    assert changes(report) == [("updated", "desk", "aalborg/siri-4")]
    assert report.lines[0].detail.endswith("bookings to move from there: 1")
    desk.refresh_from_db()
    assert desk.active_until == clock.today() - dt.timedelta(days=1)
    again = load(folder)
    assert changes(again) == [("kept", "desk", "aalborg/siri-4")]
    assert not again.changed
    (folder / "desks.toml").write_text(whole, encoding="utf-8")
    load(folder)
    desk.refresh_from_db()
    assert desk.active_until is None


def test_an_organisation_with_people_is_kept_and_told(folder: Path) -> None:
    load(folder)
    user = User.objects.create_user("somebody@aau.example")
    Membership.objects.create(user=user, organisation=Organisation.objects.get(key="aau"), role="reader")
    without(folder, "organisations.toml", 'key = "aau"')
    assert changes(load(folder)) == [("kept", "organisation", "aau")]
    assert Organisation.objects.filter(key="aau").exists()


def test_another_organisation_can_become_operator(folder: Path) -> None:
    load(folder)
    edit(folder, "organisations.toml", "operator = true\n", "")
    edit(folder, "organisations.toml", 'key = "brn"', 'key = "brn"\noperator = true')
    load(folder)
    assert Organisation.objects.get(is_operator=True).key == "brn"


def test_new_rules_from_a_later_date_stand_beside_the_old_ones(folder: Path) -> None:
    load(folder)
    shutil.copy(folder / "journeys.toml", folder / "journeys-2027.toml")
    edit(folder, "journeys-2027.toml", "valid_from = 2020-01-01", "valid_from = 2027-01-01")
    assert changes(load(folder)) == [("created", "rule set", "rules from 2027-01-01")]
    assert RuleSet.objects.count() == 2


def test_walks_are_stored_once_for_both_ways() -> None:
    load("north-denmark")
    assert list(Walk.objects.values_list("from_zone", "to_zone", "minutes")) == [("first-floor", "ground-floor", 5)]


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("region.toml", 'country = "DK"', 'country = "XX"', "region.toml, field country: “XX” is no ISO 3166"),
        ("region.toml", "Europe/Copenhagen", "Europe/Aalborg", "region.toml, field time_zone"),
        ("region.toml", 'title_en = "North Denmark"', "", "region.toml, field title_en: is missing"),
        ("region.toml", 'country = "DK"', 'country = "DK', "region.toml: cannot be read as TOML"),
        ("municipalities.toml", 'code = "851"', 'code = "0851"', "municipalities.toml, table [municipalities 10], field code"),
        ("municipalities.toml", 'code = "851"', "code = 851", "field code: must be a text"),
        ("municipalities.toml", 'key = "aalborg"', 'key = "Ålborg"', "field key: “Ålborg” may have only"),
        ("municipalities.toml", 'key = "aalborg"', 'key = "rebild"', "“rebild” stands in the file twice"),
        ("houses.toml", 'host = "ihnd"', 'host = "nobody"', "houses.toml, table [houses 1], field host: “nobody” is no organisation"),
        ("houses.toml", "reception@ihnd.example", "reception", "houses.toml, table [houses 1], field email: Enter a valid email"),
        ("houses.toml", "Rantzausgade 4", "R" * 300, "houses.toml, table [houses 1], field address"),
        ("organisations.toml", "operator = true\n", "", "exactly one organisation must have operator = true; 0 have"),
        ("organisations.toml", 'municipality = "860"', 'municipality = "999"', "field municipality: “999” is no municipality code"),
        ("organisations.toml", "\nnational = true", "\nnatinal = true", "field natinal: is not known"),
        ("services.toml", 'authority = "siri"', 'authority = "sri"', "services.toml, table [services 1], field authority: “sri”"),
        ("services.toml", "minutes = 20", "minutes = 0", "field minutes: must be at least 1"),
        ("services.toml", "minutes = 20", 'minutes = "20"', "field minutes: must be a whole number"),
        ("desks.toml", 'languages = ["da", "en", "de"]', 'languages = ["danish"]', "desks.toml, table [desks 1], field languages"),
        ("desks.toml", 'services = ["siri-eu-residence"]', 'services = ["cpr"]', "desks.toml, table [desks 4], field services: “cpr”"),
        ("desks.toml", 'zone = "first-floor"', 'zone = "roof"', "field walks: says nothing about the way between"),
        ("desks.toml", 'key = "siri-2"', 'key = "siri-1"', "“aalborg/siri-1” stands in the file twice"),
        ("opening.toml", 'closes = "12:00"', 'closes = "8:00"', "opening.toml, table [hours 1], field closes: must be later"),
        ("opening.toml", 'opens = "9:00"', 'opens = "9 o\'clock"', "field opens: “9 o'clock” is no time of day"),
        ("opening.toml", '"monday"', '"munday"', "field weekdays: “munday” is no weekday"),
        ("opening.toml", '"06-05"', '"5 June"', "field every_year: “5 June” is no day"),
        ("opening.toml", "first_day = 2026-05-15", "first_day = 2026-05-15\nlast_day = 2026-05-14", "field last_day: must not be before"),
        ("journeys.toml", 'service = "mitid"', 'service = "nemid"', "journeys.toml, field steps: “nemid” is no service"),
        (
            "journeys.toml",
            'bring = ["passport"]',
            'bring = ["visa"]',
            "journeys.toml, table [steps 22], field bring: “visa” is no document",
        ),
        ("journeys.toml", "valid_from = 2020-01-01", "", "journeys.toml, field valid_from: is missing"),
        ("journeys.toml", '"860"]', '"751"]', "field served_municipalities: “751” is no municipality of this region"),
    ],
)
def test_bad_data_is_refused_by_file_table_and_field_and_nothing_is_written(
    folder: Path, file: str, old: str, new: str, message: str
) -> None:
    edit(folder, file, old, new, 1)
    with pytest.raises(Refused) as refusal:
        load(folder)
    assert message in str(refusal.value)
    assert not Region.objects.exists()


def test_a_bad_refresh_leaves_everything_as_it_was(folder: Path) -> None:
    load(folder)
    edit(folder, "houses.toml", "9000", "9100")
    edit(folder, "journeys.toml", 'service = "mitid"', 'service = "nemid"')
    with pytest.raises(Refused):
        load(folder)
    assert House.objects.get().postcode == "9000"


def test_another_regions_municipality_is_not_taken_over(folder: Path) -> None:
    load("midtjylland")
    edit(folder, "municipalities.toml", 'code = "860"', 'code = "751"')
    with pytest.raises(Refused, match="“751” belongs to the region “midtjylland”"):
        load(folder)


def test_another_regions_organisation_is_not_taken_over(folder: Path) -> None:
    load("midtjylland")
    edit(folder, "organisations.toml", 'key = "brn"', 'key = "workindenmark"')
    with pytest.raises(Refused, match="“workindenmark” belongs to the region “midtjylland”"):
        load(folder)


def test_a_misspelt_file_is_noticed(folder: Path) -> None:
    (folder / "services.toml").rename(folder / "service.toml")
    (folder / "desks.toml").write_text("", encoding="utf-8")
    (folder / "journeys.toml").unlink()
    (folder / "resources.toml").unlink()
    (folder / "opening.toml").write_text("", encoding="utf-8")
    with pytest.raises(Refused, match=r"service\.toml: no room reads a file of this name"):
        load(folder)


def test_the_command_prints_what_changed(capsys: pytest.CaptureFixture[str]) -> None:
    assert program.run(["region", "load", "north-denmark"]) == 0
    assert capsys.readouterr().out.startswith("north-denmark: loaded\n  region: 1 created\n  municipality: 11 created\n")
    assert program.run(["region", "load", "north_denmark", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["region"], told["created"], told["updated"], told["changes"]) == ("north-denmark", 0, 0, [])


def test_an_unknown_region_is_refused_with_the_ones_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert program.run(["region", "load", "atlantis"]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "midtjylland, north-denmark" in captured.err


def test_loading_is_journalled_for_the_operator() -> None:
    load("midtjylland")
    entry = Entry.objects.get()
    assert (entry.verb, entry.organisation.key, entry.actor_kind) == ("region.loaded", "workindenmark", "system")
