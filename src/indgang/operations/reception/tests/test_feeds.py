"""Calendar feeds as Outlook and Thunderbird read them: strict RFC 5545, nobody named, and an end when the role ends."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from icalendar import Calendar

from indgang.foundation.access.actors import staff
from indgang.foundation.identity.actions import close_user, end_membership
from indgang.foundation.identity.models import Membership, Role, User
from indgang.foundation.places.models import House
from indgang.operations.reception.actions import feeds as actions
from indgang.operations.reception.actions.changes import cancel_journey
from indgang.operations.reception.actions.floor import check_in_journey
from indgang.operations.reception.actions.retention import feeds_to_forget
from indgang.operations.reception.actions.roster import Away, note_absence
from indgang.operations.reception.models import Appointment, Feed, Visit
from indgang.operations.reception.tests import factories
from indgang.operations.reception.tests.opening_day import closure, desk_without, leader, saved
from indgang.operations.reception.tests.resource_day import interpreter, room
from indgang.operations.reception.tests.staff_day import DATE, at, logged_in, party
from indgang.operations.reception.tests.test_roster import sits

pytestmark = pytest.mark.django_db
NAME, EMAIL, PHONE = "Quirina Zabłocka", "quirina@zablocka.example", "+4599820099"
REQUIRED = {"UID", "ORGANIZER", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "SEQUENCE", "LAST-MODIFIED", "STATUS"}


@pytest.fixture
def house(settings: LazySettings) -> House:
    at(settings, 8, 30)
    return factories.small_house()


@pytest.fixture
def jens(house: House) -> User:
    return factories.member(Role.CLERK, "skattestyrelsen", name="Jens Vang", language="en")


def key_of(owner: User, desk: str = "tax-1") -> str:
    return actions.make_feed(actor=staff(owner), house="aalborg", desk=desk)[1]


def fetched(key: str, **headers: str) -> Any:
    return Client(headers=headers).get("/feeds/calendar.ics", {"key": key})


def events(key: str) -> list[Any]:
    return list(Calendar.from_ical(fetched(key).content).walk("VEVENT"))


def strict(content: bytes) -> list[str]:
    """What RFC 5545 forbids and calendar programs stumble over; nothing when all is well."""
    faults = []
    lines = content.split(b"\r\n")
    if lines.pop() != b"" or b"\n" in content.replace(b"\r\n", b"") or b"\r" in content.replace(b"\r\n", b""):
        faults.append("a line does not end with CRLF")
    faults += [f"longer than 75 octets: {line!r}" for line in lines if len(line) > 75]
    text = content.decode().replace("\r\n ", "")
    zones = set(re.findall(r"^TZID:(.+)\r$", text, re.M))
    if set(re.findall(r"TZID=([^:;]+)[:;]", text)) - zones:
        faults.append("a zone without its VTIMEZONE")
    for block in re.findall(r"BEGIN:VEVENT\r\n(.*?)END:VEVENT", text, re.S):
        names = {re.split("[;:]", line)[0] for line in block.splitlines()}
        faults += [f"an event without {name}" for name in REQUIRED - names]
    uids = re.findall(r"^UID:(.+)\r$", text, re.M)
    if len(uids) != len(set(uids)):
        faults.append("a UID twice")
    stack = []
    for line in text.splitlines():
        if line.startswith("BEGIN:"):
            stack.append(line[6:])
        elif line.startswith("END:") and stack.pop() != line[4:]:
            faults.append("parts do not nest")
    return faults


def test_a_feed_is_a_calendar_that_strict_programs_take(house: House, jens: User) -> None:
    house.title_da = house.title_en = "Internationalt hus for hele Nordjylland, Vendsyssel, Himmerland og Thy på Rantzausgade"
    house.save()
    sits(jens)
    party(house)
    for desk in ("tax-1", ""):
        answer = fetched(key_of(jens, desk))
        assert answer["Content-Type"] == "text/calendar; charset=utf-8; method=PUBLISH"
        assert strict(answer.content) == []
        calendar = Calendar.from_ical(answer.content)
        assert (calendar["METHOD"], calendar["X-WR-TIMEZONE"], calendar["X-PUBLISHED-TTL"]) == ("PUBLISH", "Europe/Copenhagen", "PT1H")
        assert "REFRESH-INTERVAL;VALUE=DURATION:PT1H" in answer.content.decode()
        assert calendar["X-WR-CALNAME"] == f"{'Desk 5' if desk else 'My desk'}, {house.title}"
        assert [zone["TZID"] for zone in calendar.walk("VTIMEZONE")] == ["Europe/Copenhagen"]
        assert calendar.walk("VEVENT")


def test_an_event_says_what_when_and_where_and_names_nobody(house: House, jens: User) -> None:
    journey = party(house, name=NAME, email=EMAIL, phone=PHONE)
    check_in_journey(actor=staff(factories.member(Role.FLOORWALKER, "ihnd")), journey=journey)
    [event] = events(key_of(jens))
    place = Appointment.objects.get(visit__journey=journey, desk__key="tax-1")
    assert (event.decoded("dtstart"), event.decoded("dtend")) == (place.starts, place.ends)
    assert (event["SUMMARY"], event["LOCATION"]) == ("Tax card", "Desk 5, International House, Aalborg")
    assert event["DESCRIPTION"] == "1 person\nLanguage: en\nNumber 1"
    text = fetched(key_of(jens)).content.decode().replace("\r\n ", "")
    for secret in (NAME, "Zab", EMAIL, PHONE, journey.reference, str(journey.pk), "key="):
        assert secret not in text


def test_the_room_is_where_to_go_and_the_interpreter_is_there_without_name_or_language(house: House, jens: User) -> None:
    interpreter(house)
    room(house, "tax-card")
    party(house, interpreter="ar")
    [event] = events(key_of(jens))
    assert event["LOCATION"] == "Talk room, International House, Aalborg"
    assert event["DESCRIPTION"] == "1 person\nLanguage: en\nWith an interpreter\nCalled from: Desk 5"
    assert not any(word in event.to_ical().decode().casefold() for word in ("amina", "arab", "\nar\n"))


def test_danish_letters_are_folded_between_letters_and_never_within_one(house: House, jens: User) -> None:
    title = "Æblegårdens Ødegård på Åen, værksted for færøske og ålandske håndværkere, øst for Årslev Å"
    house.title_da = house.title_en = title
    house.save()
    party(house)
    content = fetched(key_of(jens)).content
    assert strict(content) == []
    for line in content.split(b"\r\n"):
        line.decode()  # each line is UTF-8 by itself: no letter is cut in two
    assert Calendar.from_ical(content).walk("VEVENT")[0]["LOCATION"] == f"Desk 5, {title}"


def test_a_moved_booking_keeps_its_uid_and_a_cancelled_one_says_so(house: House, jens: User) -> None:
    journey = party(house)
    key = key_of(jens)
    [before] = events(key)
    saved(leader(), closure("tax-1", begins=before.decoded("dtstart").strftime("%H:%M"), ends="14:00"))
    [moved] = events(key)
    assert moved["UID"] == before["UID"]
    assert moved["SEQUENCE"] > before["SEQUENCE"]
    assert moved.decoded("dtstart") != before.decoded("dtstart")
    journey.refresh_from_db()
    cancel_journey(actor=staff(factories.member(Role.FLOORWALKER, "ihnd")), journey=journey)
    [off] = events(key)
    assert (off["UID"], off["STATUS"], off["TRANSP"], off["SUMMARY"]) == (before["UID"], "CANCELLED", "TRANSPARENT", "Cancelled: Tax card")


def test_ones_own_feed_holds_the_own_turns_and_only_who_is_booked_in_them(house: House, jens: User) -> None:
    sits(jens, days=(3,))
    party(house)
    key = key_of(jens, "")
    assert {event["SUMMARY"] for event in events(key)} == {"Sits at Desk 5"}
    sits(jens, days=(1,))
    mine = [event for event in events(key) if event.decoded("dtstart").date() == DATE]
    assert [event["SUMMARY"] for event in mine] == ["Sits at Desk 5", "Sits at Desk 5", "Tax card"]
    tax = factories.organisation("skattestyrelsen")
    note_absence(actor=leader(), house=house, organisation=tax, officer=jens, away=Away(DATE, DATE))
    assert DATE not in {event.decoded("dtstart").date() for event in events(key)}


def test_what_has_not_changed_is_not_sent_again(house: House, jens: User) -> None:
    key = key_of(jens)
    first = fetched(key)
    again = fetched(key, **{"If-None-Match": f"W/{first['ETag']}"})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert fetched(key).content == first.content
    party(house)
    assert fetched(key, **{"If-None-Match": first["ETag"]}).status_code == 200
    head = Client().head("/feeds/calendar.ics", {"key": key})
    assert (head.status_code, head.content) == (200, b"")


def test_nobody_indexes_or_shares_a_feed(house: House, jens: User) -> None:
    answer = fetched(key_of(jens))
    assert (answer["X-Robots-Tag"], answer["Cache-Control"]) == ("noindex", "private, no-cache")
    assert Client().post("/feeds/calendar.ics").status_code == 405


@pytest.mark.parametrize("end", ["role", "account", "revoked", "renewed", "other"])
def test_an_ended_link_is_not_found(house: House, jens: User, end: str) -> None:
    key = key_of(jens)
    assert fetched(key).status_code == 200
    if end == "role":
        end_membership(membership=jens.memberships.get())
    elif end == "account":
        close_user(user=jens)
    elif end == "revoked":
        logged_in(jens).post(f"/feeds/{Feed.objects.get().pk}/end/")
    elif end == "renewed":
        key_of(jens)
    else:
        key = f"{key}x"
    assert fetched(key).status_code == 404
    assert fetched("").status_code == 404


def test_a_link_of_a_desk_ends_with_its_authority_and_comes_back_with_it(house: House, jens: User, settings: LazySettings) -> None:
    """The next authority's bookings are not for whoever worked for the one before, and made a link then."""
    key, own = key_of(jens), key_of(jens, "")
    party(house)
    boss = factories.member(Role.LEADER, "skattestyrelsen")
    assert saved(leader(), desk_without("tax-1", organisation="siri")).entry
    assert (fetched(key).status_code, fetched(own).status_code) == (404, 200)
    assert "Desk 5" not in logged_in(jens).get("/feeds/").content.decode()
    assert "Jens Vang: Desk 5" not in re.sub(r"\s+", " ", logged_in(boss).get("/feeds/").content.decode())
    assert saved(leader(), desk_without("tax-1", organisation="skattestyrelsen")).entry
    assert fetched(key).status_code == 200
    assert "Jens Vang: Desk 5" in re.sub(r"\s+", " ", logged_in(boss).get("/feeds/").content.decode())
    assert saved(leader(), desk_without("tax-1", organisation="siri")).entry
    assert not feeds_to_forget().exists()
    settings.CLOCK_STARTS_AT += dt.timedelta(days=31)
    assert [feed.desk.key for feed in feeds_to_forget() if feed.desk] == ["tax-1"]


def test_who_works_for_both_makes_a_new_link_for_the_next_authority(house: House, jens: User) -> None:
    Membership.objects.create(user=jens, organisation=factories.organisation("siri"), role=Role.CLERK)
    key = key_of(jens)
    assert saved(leader(), desk_without("tax-1", organisation="siri")).entry
    assert fetched(key).status_code == 404
    new = key_of(jens)
    assert (fetched(new).status_code, fetched(key).status_code) == (200, 404)
    assert saved(leader(), desk_without("tax-1", organisation="skattestyrelsen")).entry
    assert [fetched(one).status_code for one in (new, key)] == [404, 404]


def test_somebody_who_only_reads_numbers_now_reads_no_calendar(house: House, jens: User) -> None:
    key = key_of(jens)
    jens.memberships.update(role=Role.READER)
    assert fetched(key).status_code == 404


def test_the_link_is_shown_once_and_only_its_hash_is_kept(house: House, jens: User) -> None:
    client = logged_in(jens)
    page = client.post("/feeds/", {"house": "aalborg", "desk": "tax-1"})
    [address] = re.findall(r'value="([^"]+calendar\.ics\?key=([\w-]{43}))"', page.content.decode())
    assert f'href="webcal://{address[0].partition("://")[2]}"' in page.content.decode()
    assert fetched(address[1]).status_code == 200
    assert address[1] not in client.get("/feeds/").content.decode()
    assert address[1] not in repr(Feed.objects.values_list())
    assert "Last fetched Tuesday 8 December 8.30" in re.sub(r"\s+", " ", client.get("/feeds/").content.decode())


def test_a_leader_ends_the_link_of_a_colleague_and_nobody_elses(house: House, jens: User) -> None:
    key = key_of(jens)
    number = Feed.objects.get().pk
    assert logged_in(factories.member(Role.LEADER, "siri")).post(f"/feeds/{number}/end/").status_code == 404
    assert logged_in(factories.member(Role.CLERK, "skattestyrelsen")).post(f"/feeds/{number}/end/").status_code == 404
    boss = logged_in(factories.member(Role.LEADER, "skattestyrelsen"))
    assert "Jens Vang: Desk 5" in re.sub(r"\s+", " ", boss.get("/feeds/").content.decode())
    boss.post(f"/feeds/{number}/end/")
    assert fetched(key).status_code == 404


def test_nobody_makes_a_link_of_somebody_elses_desk(house: House, jens: User) -> None:
    assert logged_in(jens).post("/feeds/", {"house": "aalborg", "desk": "siri-1"}).status_code == 404
    assert logged_in(factories.member(Role.READER, "siri")).post("/feeds/", {"house": "aalborg"}).status_code == 404
    assert not Feed.objects.exists()


def test_a_program_that_asks_all_the_time_is_sent_away_until_the_next_hour(
    house: House, jens: User, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "FETCHES_AN_HOUR", 2)
    key = key_of(jens)
    assert [fetched(key).status_code for _turn in range(3)] == [200, 200, 429]
    at(settings, 9, 30)
    assert fetched(key).status_code == 200


def test_a_feed_reaches_from_thirty_days_back_to_half_a_year_ahead(house: House, jens: User) -> None:
    key = key_of(jens)
    place = Appointment.objects.get(visit__journey=party(house), desk__key="tax-1")
    for days, shown in ((-31, 0), (-29, 1), (179, 1), (182, 0)):
        begins = place.starts + dt.timedelta(days=days)
        Appointment.objects.filter(pk=place.pk).update(period=(begins, begins + dt.timedelta(minutes=15)))
        assert (days, len(events(key))) == (days, shown)


def test_a_feed_takes_as_many_queries_for_three_as_for_one(house: House, jens: User) -> None:
    sits(jens)
    key = key_of(jens, "")

    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            fetched(key)
        return len(found)

    party(house)
    one = queries()
    party(house)
    party(house)
    assert Visit.objects.filter(service__key="tax-card").count() == 3
    assert queries() == one


def test_links_that_ended_are_forgotten_after_thirty_days(house: House, jens: User, settings: LazySettings) -> None:
    key_of(jens)
    end_membership(membership=jens.memberships.get())
    assert not feeds_to_forget().exists()
    settings.CLOCK_STARTS_AT += dt.timedelta(days=31)
    assert feeds_to_forget().count() == 1


def test_what_is_kept_about_colleagues_alone_does_not_stand_among_what_is_kept_about_visitors(house: House) -> None:
    page = Client().get("/privacy/")
    here = {
        name: {entry.name for entry in page.context[name] if entry.room == "reception"} for name in ("about_visitors", "about_colleagues")
    }
    assert here["about_colleagues"] == {"reception.feed", "reception.sitting", "reception.absence"}
    assert not here["about_visitors"] & here["about_colleagues"]
