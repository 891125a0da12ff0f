"""Holidays read from a calendar file: what is found, what closes the house and whom it meets, the same file again, undo, and bad files."""

from __future__ import annotations

import datetime as dt

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from indgang.foundation.identity.models import Role
from indgang.foundation.journal.models import Entry
from indgang.foundation.places.models import House
from indgang.operations.reception.holiday_files import Days, NoCalendar, read_holidays
from indgang.operations.reception.models import Closure
from indgang.operations.reception.queries.house import house_plan, named_holidays
from indgang.operations.reception.tests import factories
from indgang.operations.reception.tests.opening_day import closure, leader, saved
from indgang.operations.reception.tests.staff_day import DATE, at, logged_in, party, said
from indgang.operations.reception.tests.test_opening_pages import as_shown, text

PAGE = "/hours/aalborg/"
TODAY = dt.date(2026, 12, 8)
EVE, BOXING, CONSTITUTION = dt.date(2026, 12, 24), dt.date(2026, 12, 26), dt.date(2027, 6, 5)


def entry(title: str, first: dt.date, last: dt.date | None = None, *lines: str) -> str:
    """An all-day entry; a calendar's end is the day after the last."""
    end = [f"DTEND;VALUE=DATE:{last + dt.timedelta(days=1):%Y%m%d}"] if last else []
    return "\r\n".join(["BEGIN:VEVENT", f"SUMMARY:{title}", f"DTSTART;VALUE=DATE:{first:%Y%m%d}", *end, *lines, "END:VEVENT"])


def calendar(*entries: str) -> bytes:
    return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//test//", *entries, "END:VCALENDAR", ""]).encode()


FILE = calendar(entry("Grundlovsdag", CONSTITUTION), entry("Julelukket", EVE, dt.date(2026, 12, 27)), entry("Boxing Day", BOXING))


def test_days_are_read_in_order_and_those_that_are_over_or_far_ahead_are_counted() -> None:
    old, far = entry("Old", dt.date(2026, 6, 5)), entry("Far", dt.date(2030, 6, 5))
    found = read_holidays(
        b"\xef\xbb\xbf" + calendar(entry("B", CONSTITUTION), entry("A", EVE, BOXING), entry("A", EVE, BOXING), old, far), TODAY
    )
    assert found.days == [Days(EVE, BOXING, "A"), Days(CONSTITUTION, CONSTITUTION, "B")]
    assert (found.over, found.too_far, found.left_out) == (1, 1, [])


def test_a_yearly_day_is_read_for_the_next_years_and_other_repeats_are_named() -> None:
    yearly = entry("Fri", dt.date(2020, 6, 5), None, "RRULE:FREQ=YEARLY;UNTIL=20281231")
    monthly = entry("Møde", EVE, None, "RRULE:FREQ=MONTHLY")
    timed = "BEGIN:VEVENT\r\nSUMMARY:Kl. 12\r\nDTSTART:20261224T120000Z\r\nEND:VEVENT"
    found = read_holidays(calendar(yearly, monthly, timed, entry("Aflyst", EVE, None, "STATUS:CANCELLED")), TODAY)
    assert [one.first for one in found.days] == [dt.date(2027, 6, 5), dt.date(2028, 6, 5)]
    assert [name for name, _why in found.left_out] == ["Møde", "Kl. 12"]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"PK\x03\x04 a spreadsheet", "This is no calendar file."),
        (b"date,name\n2026-12-24,Christmas Eve\n", "This is no calendar file."),
        (b"BEGIN:VCARD\r\nFN:A\r\nEND:VCARD\r\n", "This is no calendar file."),
        (calendar(), "There are no days in the file."),
        (FILE[:-40], "The file is cut off."),
        (FILE.replace(b"20270605", b"20271332"), "“Grundlovsdag” has no day that can be read."),
        (calendar("BEGIN:VEVENT\r\nSUMMARY:Uden dag\r\nEND:VEVENT"), "“Uden dag” has no day that can be read."),
        (calendar(entry("Baglæns", BOXING, EVE)), "“Baglæns” ends before it begins"),
        (calendar(*(entry(f"{n}", EVE + dt.timedelta(days=n)) for n in range(201))), "There are more than 200 days in the file."),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_in_words(content: bytes, problem: str) -> None:
    with pytest.raises(NoCalendar) as refusal:
        read_holidays(content, TODAY)
    assert refusal.value.message.startswith(problem)


@given(st.integers(0, len(FILE)), st.binary(max_size=12))
def test_a_damaged_file_is_refused_or_read_and_nothing_else(at_byte: int, bytes_: bytes) -> None:
    try:
        found = read_holidays(FILE[:at_byte] + bytes_ + FILE[at_byte + len(bytes_) :], TODAY)
    except NoCalendar as refusal:
        assert refusal.message
    else:
        assert all(one.first <= one.last and one.last >= TODAY for one in found.days)


@pytest.fixture
def house(db: None, settings: LazySettings) -> House:
    at(settings, 8, 30)
    return factories.small_house()


def boss(of: str = "ihnd", language: str = "en") -> Client:
    return logged_in(factories.member(Role.LEADER, of), language)


def handed_in(client: Client, content: bytes = FILE) -> object:
    return client.post(f"{PAGE}holidays/", {"file": SimpleUploadedFile("helligdage.ics", content)})


def chosen(client: Client, page: object, *days: str) -> object:
    return client.post(f"{PAGE}holidays/", {"found": page.context["found"], "days": days}, follow=True)  # type: ignore[attr-defined]


def standing() -> list[tuple[str, dt.date, dt.date]]:
    rows = Closure.objects.filter(lifted_at=None).order_by("first_day", "id")
    return list(rows.values_list("title_da", "first_day", "last_day"))


WHOLE = [("Julelukket", EVE, dt.date(2026, 12, 27)), ("Grundlovsdag", CONSTITUTION, CONSTITUTION)]


def test_the_days_are_shown_first_saved_together_and_the_same_file_again_adds_nothing(house: House) -> None:
    client = boss()
    page = handed_in(client)
    words = text(page)
    assert "2 new days would close the house" in words
    assert "Saturday 5 June 2027 Grundlovsdag No desk is open then as it is" in words
    assert "Boxing Day Boxing Day, public holiday" in words
    assert standing() == []
    answer = chosen(client, page, "0", "1")
    assert said(answer) == ["Closed on days read from a file: Julelukket Thursday 24 December, Grundlovsdag Saturday 5 June 2027."]
    assert standing() == WHOLE
    plan = house_plan(house)
    assert not any(plan.open_cells(desk, plan.day(EVE)) for desk in plan.desks)
    again = handed_in(client)
    assert "Nothing new in the file" in text(again) and again.context["found"] == ""  # type: ignore[attr-defined]
    assert said(chosen(client, page, "0", "1")) == ["A colleague has changed this meanwhile, so nothing was saved. Look at what it is now."]
    assert standing() == WHOLE and Entry.objects.filter(verb="holidays.read").count() == 1


def test_only_the_chosen_days_close_the_house(house: House) -> None:
    client = boss()
    page = handed_in(client)
    assert "No day was chosen" in text(chosen(client, page))
    assert standing() == []
    chosen(client, page, "0")
    assert standing() == WHOLE[:1]
    assert "1 new day would close the house" in text(handed_in(client))


def test_days_are_taken_back_and_read_again_by_undo(house: House) -> None:
    client = boss()
    chosen(client, handed_in(client), "0", "1")
    read = Entry.objects.get(verb="holidays.read")
    client.post(f"{PAGE}undo/{read.pk}/")
    assert standing() == []
    client.post(f"{PAGE}undo/{Entry.objects.get(verb='holidays.taken-back').pk}/")
    assert standing() == WHOLE and Closure.objects.count() == 2
    client.post(f"{PAGE}closures/{Closure.objects.get(title_da='Grundlovsdag').pk}/lift/")
    client.post(f"{PAGE}undo/{Entry.objects.filter(verb='holidays.read').latest('pk').pk}/")
    assert standing() == []
    assert said(client.post(f"{PAGE}undo/{read.pk}/", follow=True))[-1] == "This was changed again after that, so it cannot be undone."


def test_two_files_are_undone_each_on_its_own(house: House) -> None:
    client = boss()
    chosen(client, handed_in(client, calendar(entry("Jul", EVE))), "0")
    chosen(client, handed_in(client, calendar(entry("Grundlovsdag", CONSTITUTION))), "0")
    first = Entry.objects.filter(verb="holidays.read").earliest("pk")
    assert f"/hours/aalborg/undo/{first.pk}/" in client.get(PAGE).content.decode()
    client.post(f"{PAGE}undo/{first.pk}/")
    assert standing() == [WHOLE[1]]


def test_who_is_booked_then_is_listed_first_and_moved(house: House) -> None:
    party(house, name="Ana Silva")
    client = boss()
    page = chosen(client, handed_in(client, calendar(entry("Kommunens dag", DATE))), "0")
    assert "Ana Silva" in text(page) and "1 visit is booked then" in text(page)
    assert standing() == []
    answer = client.post(f"{PAGE}save/", as_shown(page), follow=True)
    assert said(answer)[-1] == "1 visit has a new time."
    assert standing() == [("Kommunens dag", DATE, DATE)] and answer.context["outside"] == 0


def test_a_part_of_the_day_or_one_desk_is_not_the_house(house: House) -> None:
    saved(leader(), closure("tax-1", first=EVE))
    saved(leader(), closure(first=EVE, begins="12:00"))
    assert "1 new day would close the house" in text(handed_in(boss(), calendar(entry("Jul", EVE))))
    saved(leader(), closure(first=EVE))
    page = handed_in(boss(language="da"), calendar(entry("Jul", EVE)))
    assert "Intet nyt i filen" in text(page) and "Jul Kursus" in text(page)


def test_a_bad_file_is_said_by_the_field_and_others_find_no_page(house: House) -> None:
    client = boss()
    assert "This is no calendar file." in text(handed_in(client, b"hello"))
    assert "The file is empty." in text(handed_in(client, b""))
    assert "The file is too large." in text(handed_in(client, b"x" * 1_000_001))
    assert "Choose a file." in text(client.post(f"{PAGE}holidays/", {}))
    assert "This page is out of date. Make the change again." in text(client.post(f"{PAGE}holidays/", {"found": "x", "days": "0"}))
    page = handed_in(client)
    siri = boss("siri")
    assert siri.get(f"{PAGE}holidays/").status_code == 404
    assert chosen(siri, page, "0").status_code == 404  # type: ignore[attr-defined]
    assert standing() == []


def test_public_holidays_are_called_what_people_call_them_in_either_language() -> None:
    named = {language: [name for _day, name in named_holidays("DK", 2026, language)] for language in ("da", "en")}
    assert named["da"] == [
        *("Nytårsdag", "Skærtorsdag", "Langfredag", "Påskedag", "Anden påskedag", "Kristi himmelfartsdag"),
        *("Pinsedag", "Anden pinsedag", "Juledag", "Anden juledag"),
    ]
    assert named["en"] == [
        *("New Year's Day", "Maundy Thursday", "Good Friday", "Easter Sunday", "Easter Monday", "Ascension Day"),
        *("Whit Sunday", "Whit Monday", "Christmas Day", "Boxing Day"),
    ]
