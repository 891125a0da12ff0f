"""VTIMEZONEs against the time zone database, read back by two programs that are not ours."""

import datetime as dt
import io
from zoneinfo import ZoneInfo

import pytest
from dateutil import tz
from hypothesis import example, given
from hypothesis import strategies as st
from icalendar import Calendar

from indgang.operations.reception.calendars import timezone_of
from indgang.operations.reception.rules.clock_changes import clock_changes

ZONES = ["Europe/Copenhagen", "Europe/London", "America/New_York", "Australia/Lord_Howe", "Asia/Tokyo", "Atlantic/Faroe", "Europe/Istanbul"]
UNRULY = ["Africa/Casablanca", "America/Nuuk"]


def moments(first: int, last: int) -> st.SearchStrategy[dt.datetime]:
    return st.integers(0, (last - first) * 365 * 86_400).map(
        lambda seconds: dt.datetime(first, 1, 1, tzinfo=dt.UTC) + dt.timedelta(seconds=seconds)
    )


def offset_in(reader: dt.tzinfo, moment: dt.datetime) -> dt.timedelta | None:
    return moment.astimezone(reader).utcoffset()


def read_by_dateutil(zone: str, year: int) -> dt.tzinfo:
    calendar = Calendar()
    calendar.add("prodid", "-//test//")
    calendar.add("version", "2.0")
    calendar.add_component(timezone_of(ZoneInfo(zone), year))
    return tz.tzical(io.StringIO(calendar.to_ical().decode().replace("\r\n", "\n"))).get(zone)


def test_denmark_changes_its_clocks_on_the_last_sundays_of_march_and_october() -> None:
    summer, winter = clock_changes(ZoneInfo("Europe/Copenhagen"), 2026)
    assert (summer.onset.isoformat(), summer.yearly, summer.name) == ("2025-03-30T02:00:00", (3, -1, 6), "CEST")
    assert (winter.onset.isoformat(), winter.yearly, winter.name) == ("2025-10-26T03:00:00", (10, -1, 6), "CET")


@pytest.mark.parametrize("zone", ZONES)
@given(moments(2026, 2040))
@example(dt.datetime(2026, 3, 29, 0, 59, 59, tzinfo=dt.UTC))
@example(dt.datetime(2026, 3, 29, 1, tzinfo=dt.UTC))
@example(dt.datetime(2027, 10, 31, 0, 59, 59, tzinfo=dt.UTC))
@example(dt.datetime(2027, 10, 31, 1, tzinfo=dt.UTC))
@example(dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
def test_icalendar_reads_the_same_offset_as_the_zone_has(zone, moment) -> None:
    assert offset_in(READ[zone], moment) == offset_in(ZoneInfo(zone), moment)


READ = {zone: timezone_of(ZoneInfo(zone), 2026).to_tz() for zone in [*ZONES, *UNRULY]}
BY_DATEUTIL = {zone: read_by_dateutil(zone, 2026) for zone in ZONES}


@pytest.mark.parametrize("zone", UNRULY)
@given(moments(2026, 2030))
def test_a_zone_without_a_yearly_rule_is_right_for_the_years_that_are_booked(zone, moment) -> None:
    assert offset_in(READ[zone], moment) == offset_in(ZoneInfo(zone), moment)


@pytest.mark.parametrize("zone", ZONES)
@given(day=st.dates(dt.date(2026, 1, 1), dt.date(2035, 12, 31)), hour=st.integers(4, 22))
@example(day=dt.date(2026, 3, 29), hour=9)
@example(day=dt.date(2026, 10, 25), hour=9)
@example(day=dt.date(2026, 3, 30), hour=4)
@example(day=dt.date(2026, 10, 24), hour=22)
def test_dateutil_reads_the_same_time_in_opening_hours(zone, day, hour) -> None:
    local = dt.datetime.combine(day, dt.time(hour))
    assert local.replace(tzinfo=BY_DATEUTIL[zone]).utcoffset() == local.replace(tzinfo=ZoneInfo(zone)).utcoffset()
