"""Who is who: kept by the people themselves, vacant cells plain, asked again when it has become old."""

from __future__ import annotations

import csv
import datetime as dt
import io
import time

import openpyxl
import pytest
from django.conf import LazySettings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from indgang.foundation.access.actors import NotAllowed, staff
from indgang.foundation.identity.models import Role, User
from indgang.foundation.identity.tests.factories import logged_in
from indgang.foundation.journal.models import Circle, Entry
from indgang.foundation.mail.models import Letter
from indgang.operations.guidance.actions.duties import Entry as DutyEntry
from indgang.operations.guidance.actions.duties import add_duty, change_duty, confirm_duty, end_duty, take_up_duty_again
from indgang.operations.guidance.actions.notices import ask_to_confirm
from indgang.operations.guidance.approach_errors import ApproachError
from indgang.operations.guidance.models import Duty
from indgang.operations.guidance.queries.division import division_in_force
from indgang.operations.guidance.queries.duties import who_is_who
from indgang.operations.guidance.tests.approach_world import organisation, person, small_region

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 24)


@pytest.fixture(autouse=True)
def region(settings: LazySettings) -> None:
    settings.CLOCK_STARTS_AT, settings.CLOCK_SINCE = dt.datetime(2026, 11, 24, 9, tzinfo=dt.UTC), time.time()
    small_region()


def owner(of: str = "finance", user: User | None = None) -> Duty:
    found = user or person("hub")
    return add_duty(actor=staff(found), entry=DutyEntry(kind="field", field=of, user=found, phone="+45 99 82 00 00"))


def test_the_matrix_has_every_office_and_field_and_says_what_is_vacant() -> None:
    mette = person("hub")
    owner(user=mette)
    add_duty(actor=staff(mette), entry=DutyEntry(kind="contact", office=organisation("office-aalborg"), user=mette))
    division = division_in_force(organisation("hub").region, TODAY)
    assert division is not None
    actor = staff(mette)
    with CaptureQueriesContext(connection) as queries:
        offices, fields = who_is_who(actor, division, TODAY)
    assert len(queries) == 1
    assert [(row.office.key, len(row.hub), len(row.own)) for row in offices if row.office] == [
        ("office-aalborg", 1, 0),
        ("office-thisted", 0, 0),
    ]
    assert [len(row.hub) for row in fields] == [1 if row.field == "finance" else 0 for row in fields]
    assert len(fields) == 8
    page = logged_in(mette).get("/approach/who/").content.decode()
    assert "10 places are vacant." in page


def test_everybody_keeps_their_own_and_leaders_all_of_theirs() -> None:
    mette, other, leader = person("hub"), person("hub", email="o@hub.example"), person("hub", Role.LEADER)
    duty = owner(user=mette)
    assert owner(user=mette) == duty
    with pytest.raises(NotAllowed):
        add_duty(actor=staff(other), entry=DutyEntry(kind="field", field="finance", user=mette))
    with pytest.raises(NotAllowed):
        change_duty(actor=staff(other), duty=duty, name="", email="", phone="")
    with pytest.raises(NotAllowed):
        end_duty(actor=staff(person("office-aalborg", Role.LEADER)), duty=duty)
    add_duty(actor=staff(leader), entry=DutyEntry(kind="field", field="finance", user=other))
    add_duty(actor=staff(leader), entry=DutyEntry(kind="contact", office=organisation("office-thisted"), name="Ole Vind"))
    end_duty(actor=staff(leader), duty=duty)
    assert set(Duty.objects.filter(ended_at=None).values_list("name", flat=True)) == {str(other), "Ole Vind"}
    take_up_duty_again(actor=staff(mette), duty=duty)
    end_duty(actor=staff(mette), duty=duty)
    owner(user=mette)
    with pytest.raises(ApproachError):
        take_up_duty_again(actor=staff(mette), duty=duty)
    assert set(Entry.objects.filter(verb__startswith="duty.").values_list("circle", flat=True)) == {Circle.COMPANIES}
    assert not Entry.objects.filter(after__icontains="Ole Vind").exists()


@pytest.mark.parametrize(
    ("key", "entry"),
    [
        ("office-aalborg", {"kind": "field", "field": "finance"}),
        ("office-aalborg", {"kind": "office", "office": "office-thisted"}),
        ("hub", {"kind": "office", "office": "office-aalborg"}),
        ("hub", {"kind": "field", "field": "ccus"}),
        ("hub", {"kind": "contact", "office": "hub"}),
    ],
)
def test_the_hub_names_contacts_and_owners_and_an_office_its_own(key: str, entry: dict[str, str]) -> None:
    user = person(key)
    told = {**entry, "office": organisation(entry["office"]) if "office" in entry else None}
    with pytest.raises(NotAllowed):
        add_duty(actor=staff(user), entry=DutyEntry(user=user, **told))  # type: ignore[arg-type]


def test_what_has_become_old_is_asked_once_by_letter_and_on_my_day() -> None:
    mette = person("hub")
    mette.name, mette.language = "Mette Holm", "en"
    mette.save()
    duty = owner(user=mette)
    Duty.objects.update(confirmed_on=TODAY - dt.timedelta(days=180))
    assert ask_to_confirm() == 0
    Duty.objects.update(confirmed_on=TODAY - dt.timedelta(days=181))
    assert (ask_to_confirm(), ask_to_confirm()) == (1, 0)
    letter = Letter.objects.get()
    assert (letter.to, letter.subject) == (mette.email, "Are you still the one to ask?")
    assert "- Finance (confirmed Wednesday 27 May 2026)" in letter.text
    browser = logged_in(mette)
    assert "Are you still the one to ask?" in browser.get("/my-day/").content.decode()
    assert "1 entry is older than 180 days." in browser.get("/approach/who/").content.decode()
    browser.post(f"/approach/who/{duty.pk}/confirm")
    assert "Are you still the one to ask?" not in browser.get("/my-day/").content.decode()
    confirm_duty(actor=staff(mette), duty=duty)
    assert Entry.objects.filter(verb="duty.confirmed").count() == 1


def test_it_is_kept_and_taken_along_in_the_browser() -> None:
    leader = logged_in(person("hub", Role.LEADER))
    person("hub")
    office = organisation("office-aalborg")
    said = {"what": f"contact:{office.pk}", "who": "", "name": "=Ole Vind", "phone": "+45 99 82 00 00"}
    page = leader.post("/approach/who/new", said, follow=True).content.decode()
    assert "=Ole Vind stands in who is who." in page
    duty = Duty.objects.get()
    changed = leader.post(f"/approach/who/{duty.pk}/", {"name": "Ole Vind", "phone": "12345678"}, follow=True).content.decode()
    assert "Saved and confirmed." in changed
    Duty.objects.update(name="=Ole Vind")
    lines = list(csv.reader(io.StringIO(leader.get("/approach/who.csv").content.decode("utf-8-sig"))))
    assert lines[0] == ["What for", "Where", "Name", "E-mail", "Telephone", "Confirmed"]
    assert lines[1] == ["Aalborg office", "At the hub", "'=Ole Vind", "", "12345678", "2026-11-24"]
    assert lines[2] == ["Aalborg office", "At the office", "Vacant", "", "", ""]
    assert len(lines) == 1 + 4 + 8
    book = openpyxl.load_workbook(io.BytesIO(leader.get("/approach/who.xlsx").content))
    sheet = book.worksheets[0]
    assert (sheet.title, sheet.print_title_rows, sheet.page_setup.orientation) == ("Who is who", "$1:$1", "landscape")
    cells = [["" if cell is None else str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
    assert cells == [[cell.removeprefix("'") for cell in line] for line in lines]
    assert sheet["C2"].data_type == "s"  # no formula
    assert leader.get("/approach/who.pdf").status_code == 404
    leader.post(f"/approach/who/{duty.pk}/end")
    assert leader.post(f"/approach/who/{duty.pk}/take-up", follow=True).status_code == 200
    assert Duty.objects.get().ended_at is None
    own = logged_in(person("office-aalborg"))
    page = own.post("/approach/who/new", {"what": f"office:{office.pk}", "phone": "1"}, follow=True).content.decode()
    assert "stands in who is who." in page
    assert own.get(f"/approach/who/{duty.pk}/").status_code == 404
    nothing = own.post("/approach/who/new", {"phone": "1"}).content.decode()
    assert "Choose an office or a field." in nothing
