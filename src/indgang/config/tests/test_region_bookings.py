"""Files that would leave booked visits before a closed desk: they are named before anything is saved, and moved at a word."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from pathlib import Path

import pytest

from indgang.config import program
from indgang.config.region_commands import load_region
from indgang.foundation.access.actors import staff, system
from indgang.foundation.database.console import Refused
from indgang.foundation.identity.models import Role
from indgang.foundation.mail.models import Letter
from indgang.foundation.places.models import House
from indgang.foundation.places.region import RegionFolder
from indgang.foundation.places.region_files import SHIPPED
from indgang.operations.reception.actions import desk as desk_actions
from indgang.operations.reception.actions.tickets import Errands, take_ticket
from indgang.operations.reception.models import Appointment, Closure, Desk, Journey
from indgang.operations.reception.tests import factories
from indgang.registers.parties.models import Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of North Denmark that a test may change."""
    found = Path(shutil.copytree(SHIPPED / "north_denmark", tmp_path / "north"))
    load_region(RegionFolder.find(str(found)))
    return found


def booked(folder: Path) -> tuple[Journey, dt.date]:
    """Somebody with one step, and the day on which the files now close the house."""
    house = House.objects.select_related("region").get(key="aalborg")
    journey = factories.book(house, name="Ana Silva", email="ana@example.org").journey
    date = place(journey).starts.astimezone(house.zone).date()
    file = folder / "opening.toml"
    closed = f'\n[[closures]]\nhouse = "aalborg"\nfirst_day = {date.isoformat()}\ntitle_da = "Flytning"\ntitle_en = "Moving house"\n'
    file.write_text(file.read_text(encoding="utf-8") + closed, encoding="utf-8")
    return journey, date


def place(journey: Journey) -> Appointment:
    return Appointment.objects.filter(visit__journey=journey, freed_at=None).order_by("period")[0]


def test_who_would_be_left_is_named_with_a_time_and_nothing_is_loaded(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    journey, date = booked(folder)
    before, closures = place(journey).starts, Closure.objects.count()
    assert program.run(["region", "load", str(folder)]) == 1
    told = capsys.readouterr().err
    assert f"{journey.reference}: {date.isoformat()}" in told
    assert "--move-booked" in told and "--leave-booked" in told
    assert (place(journey).starts, Closure.objects.count()) == (before, closures)


def test_at_a_word_everybody_is_moved_and_written_to(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    journey, date = booked(folder)
    assert program.run(["region", "load", str(folder), "--move-booked", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["bookings"] == {"moved": [journey.reference], "left": [], "kept": [], "to_call": []}
    assert place(journey).starts.date() > date
    assert Letter.objects.filter(key__startswith=f"moved:{journey.pk}:").exists()


def test_left_they_stand_on_the_page_and_are_not_asked_for_again(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    journey, _date = booked(folder)
    before = place(journey).starts
    assert program.run(["region", "load", str(folder), "--leave-booked"]) == 0
    assert journey.reference in capsys.readouterr().out
    assert place(journey).starts == before
    assert program.run(["region", "load", str(folder)]) == 0, "what is known already stops nobody"


def change(folder: Path, name: str, old: str, new: str) -> None:
    """A line of a file, otherwise."""
    text = (folder / name).read_text(encoding="utf-8")
    assert text.count(old) >= 1
    (folder / name).write_text(text.replace(old, new), encoding="utf-8")


POLISH, POLISH_GONE = 'languages = ["da", "en", "pl"]', 'languages = ["da", "en"]'
EVERY = [
    ("desks.toml", POLISH, POLISH_GONE, "(not in their language) -> keeps its time"),
    ("desks.toml", 'organisation = "siri"', 'organisation = "skattestyrelsen"', "(another authority would receive them) -> keeps its time"),
    ("desks.toml", "minutes = 5\n", "minutes = 25\n", "(too little time for the way there) -> "),
    ("desks.toml", 'services = ["cpr-registration", "mitid"]', 'services = ["mitid"]', "cpr-registration at borgerservice-2 -> "),
    ("opening.toml", 'opens = "9:00"\ncloses = "12:00"\n', 'opens = "11:00"\ncloses = "12:00"\n', "siri-eu-residence at siri-2"),
    ("houses.toml", 'key = "aalborg"\n', 'key = "aalborg"\nactive_from = 2032-01-01\n', "-> no time in the next four weeks"),
]


@pytest.mark.parametrize(
    ("name", "old", "new", "told"),
    EVERY,
    ids=["a language", "another authority", "a walk", "a service", "the hours", "the days of the house"],
)
def test_whatever_a_file_changes_under_a_visit_is_named_before_it_is_loaded(folder: Path, name: str, old: str, new: str, told: str) -> None:
    house = House.objects.select_related("region").get(key="aalborg")
    journey = factories.book(house, language="pl").journey
    before = [(place.desk_id, place.starts) for place in Appointment.objects.order_by("pk")]
    change(folder, name, old, new)
    with pytest.raises(Refused) as refusal:
        load_region(RegionFolder.find(str(folder)))
    assert str(refusal.value).count(journey.reference) == 1 and told in str(refusal.value)
    assert [(place.desk_id, place.starts) for place in Appointment.objects.order_by("pk")] == before


def test_whom_nobody_can_write_to_is_named_to_be_called(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    journey, _date = booked(folder)
    Person.objects.update(email="")
    assert program.run(["region", "load", str(folder), "--move-booked"]) == 0
    assert f"must be called: {journey.reference}" in capsys.readouterr().out


def test_no_file_gives_a_desk_to_another_authority_under_somebody(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Not at a word either: they are finished with first. Nothing of the files is loaded until then."""
    house = House.objects.select_related("region").get(key="aalborg")
    journey = take_ticket(actor=system(), house=house, errands=Errands(["siri-eu-residence"])).ticket.journey
    officer = staff(factories.member(Role.CLERK, "siri"))
    desk = Desk.objects.filter(organisation__key="siri", services__key="siri-eu-residence").select_related("house").order_by("pk")[0]
    visit = desk_actions.call_visit(actor=officer, desk=desk, visit=journey.visits.get())
    called = f"Number 1 has been called to {desk.title_en or desk.title_da}."
    change(folder, "desks.toml", 'organisation = "siri"', 'organisation = "skattestyrelsen"')
    for word in ([], ["--leave-booked"], ["--move-booked"]):
        assert program.run(["region", "load", str(folder), *word]) == 1
        told = capsys.readouterr().err
        assert "desks.toml, table [desks" in told and called in told and "Then load again." in told
    assert Desk.objects.filter(organisation__key="skattestyrelsen", services__key="siri-eu-residence").count() == 0
    desk_actions.finish_visit(actor=officer, visit=visit, outcome="done")
    assert program.run(["region", "load", str(folder)]) == 0
    assert Desk.objects.get(pk=desk.pk).organisation.key == "skattestyrelsen"
