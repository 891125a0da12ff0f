"""The calendar file of a journey, read back."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from icalendar import Calendar, Event
from psycopg.types.range import Range

from indgang.foundation.access.actors import system
from indgang.operations.reception.actions.changes import cancel_journey, move_journey
from indgang.operations.reception.calendars import calendar_of, invitations_of
from indgang.operations.reception.models import Appointment, Closure, Journey
from indgang.operations.reception.tests import factories

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("Europe/Copenhagen")


def events(calendar: str) -> list[Event]:
    return list(Calendar.from_ical(calendar).walk("VEVENT"))


def only(calendar: str) -> Event:
    (event,) = events(calendar)
    return event


def moved_to(journey: Journey, starts: dt.datetime) -> None:
    """All appointments of the journey one after the other from a time on."""
    appointments = list(Appointment.objects.filter(visit__journey=journey).order_by("period"))
    Appointment.objects.filter(visit__journey=journey).delete()
    for number, appointment in enumerate(appointments):
        begin = starts.astimezone(dt.UTC) + number * dt.timedelta(minutes=30)
        appointment.period = Range(begin, begin + dt.timedelta(minutes=20))
    Appointment.objects.bulk_create(appointments)


def test_a_visit_is_one_event_from_the_first_step_to_the_last(settings) -> None:
    settings.BASE_URL = "https://indgang.example"
    journey = factories.book(factories.small_house(), adults=2, children=1).journey
    times = list(Appointment.objects.filter(visit__journey=journey).order_by("period"))
    event = only(calendar_of(journey))
    assert (event.decoded("dtstart"), event.decoded("dtend")) == (times[0].starts, times[-1].ends)
    assert str(event["dtstart"].params["TZID"]) == "Europe/Copenhagen"
    assert (event["uid"], event["sequence"], event["status"]) == (f"{journey.id}-1@indgang.example", 0, "CONFIRMED")
    assert event["location"] == "Rantzausgade 4, 9000 Aalborg"
    assert event["summary"] == "Visit to International House, Aalborg"
    assert str(event["organizer"]) == "mailto:house@example.org"
    assert "attendee" not in event
    for words in (journey.reference, "EU residence document", "Borgerservice, Desk 3", "- Employment contract", "+4599820000"):
        assert words in event["description"]


def test_the_description_lists_the_steps_by_the_clock_on_the_wall() -> None:
    journey = factories.book(factories.small_house()).journey
    moved_to(journey, dt.datetime(2027, 1, 12, 9, 30, tzinfo=ZONE))
    assert (
        "9.30-9.50 EU residence document (SIRI, Desk 1)\nBring:\n- Passport or identity card" in only(calendar_of(journey))["description"]
    )


def test_no_key_stands_in_a_calendar() -> None:
    booking = factories.book(factories.small_house())
    for calendar in (calendar_of(booking.journey), *invitations_of(booking.journey).values()):
        assert "key=" not in calendar.replace("\r\n ", "")
        assert "http" not in calendar.replace("\r\n ", "")


@pytest.mark.parametrize("language", ["da", "en", "pl"])
def test_an_invitation_names_its_guest_who_need_not_answer(language) -> None:
    journey = factories.book(factories.small_house(), email="amira@example.org", language=language).journey
    (invitation,) = invitations_of(journey).values()
    calendar, event = Calendar.from_ical(invitation), only(invitation)
    assert (calendar["method"], calendar["version"]) == ("REQUEST", "2.0")
    assert str(event["attendee"]) == "mailto:amira@example.org"
    assert (event["attendee"].params["RSVP"], event["attendee"].params["PARTSTAT"]) == ("FALSE", "ACCEPTED")
    assert event["summary"].params["LANGUAGE"] == ("da" if language == "da" else "en")
    assert len(list(calendar.walk("VTIMEZONE"))) == 1


def test_a_move_keeps_the_uid_and_raises_the_sequence() -> None:
    house = factories.small_house()
    journey = factories.book(house).journey
    before = only(calendar_of(journey))
    later = factories.plan(house, on=factories.working_day(ahead=9), moving=journey.id).itineraries[0]
    moved = move_journey(actor=system(), journey=journey, offer=later.offer)
    after = only(calendar_of(moved))
    assert (after["uid"], after["sequence"]) == (before["uid"], 1)
    assert after.decoded("dtstart") == later.starts > before.decoded("dtstart")


@pytest.mark.parametrize("method", ["PUBLISH", "CANCEL"])
def test_a_cancelled_visit_takes_its_event_away(method) -> None:
    journey = factories.book(factories.small_house()).journey
    before = only(calendar_of(journey))
    cancelled = cancel_journey(actor=system(), journey=journey)
    after = only(calendar_of(cancelled, method=method))
    assert (after["uid"], after["sequence"], after["status"]) == (before["uid"], 1, "CANCELLED")
    assert (after.decoded("dtstart"), after.decoded("dtend")) == (before.decoded("dtstart"), before.decoded("dtend"))


def test_a_visit_over_several_days_is_one_event_a_day_and_one_invitation_for_each() -> None:
    journey = factories.book(house_for_two_days()).journey
    both = events(calendar_of(journey))
    assert [event["uid"].partition("@")[0] for event in both] == [f"{journey.id}-1", f"{journey.id}-2"]
    assert both[0].decoded("dtstart").date() < both[1].decoded("dtstart").date()
    assert [only(invitation)["uid"] for invitation in invitations_of(journey).values()] == [event["uid"] for event in both]


def house_for_two_days():
    """A house whose tax desk is closed on the first day and whose other desks are closed on the second."""
    house = factories.small_house()
    first = factories.working_day()
    for key, day in (("tax-1", first), *((key, first + dt.timedelta(days=1)) for key in ("siri-1", "siri-2", "citizen-1", "citizen-2"))):
        last = first + dt.timedelta(days=40) if key != "tax-1" else day
        Closure.objects.create(house=house, desk=factories.desk(key), first_day=day, last_day=last, title_da="Lukket")
    return house


TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=60).map(str.strip).filter(bool)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(day=st.dates(dt.date(2026, 1, 1), dt.date(2032, 12, 31)), minute=st.integers(0, 20 * 60), title=TEXT, address=TEXT)
@example(day=dt.date(2026, 3, 29), minute=30, title="Komma, semikolon; og\\omvendt", address="Gade 4, 2. th; ø 🏠")
@example(day=dt.date(2026, 3, 28), minute=600, title="🙂" * 40, address="x" * 60)
@example(day=dt.date(2026, 10, 25), minute=4 * 60, title="Æ, Ø; Å", address='"Citat"')
@example(day=dt.date(2026, 10, 26), minute=0, title="a:b", address="=quoted=")
def test_times_and_texts_come_back_as_they_were(a_journey, day, minute, title, address) -> None:
    starts = (dt.datetime.combine(day, dt.time(), dt.UTC) + dt.timedelta(minutes=minute)).astimezone(ZONE)
    a_journey.house.title_en, a_journey.house.address = title, address
    moved_to(a_journey, starts)
    text = calendar_of(a_journey)
    assert max(len(line.encode()) for line in text.split("\r\n")) <= 75
    found = next(event for event in events(text) if event["uid"].startswith(f"{a_journey.id}-1@"))
    assert found.decoded("dtstart") == starts
    assert found["location"] == f"{address}, 9000 Aalborg"
    assert found["summary"].split() == f"Visit to {title}".split()


@pytest.fixture
def a_journey():
    journey = factories.book(factories.small_house()).journey
    return Journey.objects.select_related("house__region", "contact").get(pk=journey.pk)
