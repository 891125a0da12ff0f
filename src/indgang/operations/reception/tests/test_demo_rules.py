"""Made-up days obey the house: one party at a desk, one desk for a party, and a day cut short is the beginning of the whole day."""

from __future__ import annotations

import datetime as dt
import re
from itertools import pairwise
from random import Random

import phonenumbers
from hypothesis import given, settings
from hypothesis import strategies as st

from indgang.foundation.identifiers.countries import country
from indgang.operations.reception.rules.demo.course import BookedStep, played_day
from indgang.operations.reception.rules.demo.demand import booked_ahead, expected, spread, wanted
from indgang.operations.reception.rules.demo.people import made_up_party

DAY = dt.datetime(2026, 9, 1, 7, tzinfo=dt.UTC)
NEVER = DAY + dt.timedelta(days=2)
TIMES = ("arrived_at", "called_at", "started_at", "ended_at")


@st.composite
def booked_days(draw: st.DrawFn) -> list[BookedStep]:
    """A day's bookings as the database allows them: no desk and no party twice at a time."""
    desk_free, party_free = [0] * 4, [0] * 8
    steps = []
    for number in range(draw(st.integers(1, 16))):
        desk, party = draw(st.integers(0, 3)), draw(st.integers(0, 7))
        start = max(desk_free[desk], party_free[party]) + draw(st.integers(0, 6))
        length = draw(st.integers(2, 12))
        desk_free[desk] = party_free[party] = start + length
        earlier = frozenset(step.service for step in steps if step.party == str(party))
        begins = DAY + dt.timedelta(minutes=5 * start)
        ends = begins + dt.timedelta(minutes=5 * length)
        after = earlier if draw(st.booleans()) else frozenset()
        steps.append(BookedStep(str(party), f"service-{number}", desk, begins, ends, after, ["Passport"]))
    return steps


@given(booked_days(), st.text())
@settings(deadline=None)
def test_nobody_is_in_two_places_and_no_desk_has_two_parties(booked: list[BookedStep], seed: str) -> None:
    day = played_day(booked, seed, NEVER)
    served = [(step, day.steps[step.key]) for step in booked if day.steps[step.key].called_at]
    for key in ("desk", "party"):
        for place in {getattr(step, key) for step, _course in served}:
            times = sorted((c.called_at, c.ended_at) for step, c in served if getattr(step, key) == place)
            assert all(earlier[1] <= later[0] for earlier, later in pairwise(times))  # type: ignore[operator]


@given(booked_days(), st.text())
@settings(deadline=None)
def test_nobody_is_called_before_the_house_opens(booked: list[BookedStep], seed: str) -> None:
    called = [course.called_at for course in played_day(booked, seed, NEVER).steps.values() if course.called_at]
    assert min(called, default=NEVER) >= min(step.starts for step in booked)


@given(booked_days(), st.text())
@settings(deadline=None)
def test_every_step_ends_one_way_and_its_times_are_in_order(booked: list[BookedStep], seed: str) -> None:
    day = played_day(booked, seed, NEVER)
    for step in booked:
        course = day.steps[step.key]
        assert course.status in {"done", "no-show", "cancelled"}
        if course.status == "done":
            times = [getattr(course, name) for name in TIMES]
            assert times == sorted(times)
            assert (course.outcome == "documents-missing") == bool(course.missing)


@given(booked_days(), st.text())
@settings(deadline=None)
def test_a_step_is_given_up_exactly_when_one_it_builds_on_failed(booked: list[BookedStep], seed: str) -> None:
    day = played_day(booked, seed, NEVER)
    for step in booked:
        if day.steps[step.key].status != "no-show":
            failed = {one.service for one in booked if day.steps[one.key].outcome not in ("", "done")}
            failed |= {one.service for one in booked if day.steps[one.key].status == "cancelled"}
            assert (day.steps[step.key].status == "cancelled") == bool(step.after & failed)


@given(booked_days(), st.text(), st.integers(-60, 600))
@settings(deadline=None)
def test_a_day_that_is_cut_is_the_beginning_of_the_whole_day(booked: list[BookedStep], seed: str, minutes: int) -> None:
    until = DAY + dt.timedelta(minutes=minutes)
    whole, cut = played_day(booked, seed, NEVER), played_day(booked, seed, until)
    for number, course in cut.steps.items():
        for name in TIMES:
            full = getattr(whole.steps[number], name)
            assert getattr(course, name) == (full if full and full <= until else None)
    at_desks = [step.desk for step in booked if cut.steps[step.key].status in ("called", "serving")]
    assert len(at_desks) == len(set(at_desks))


@given(st.integers(0, 5000), st.lists(st.floats(0.1, 100), min_size=1, max_size=60))
def test_parties_are_spread_without_losing_one(total: int, weights: list[float]) -> None:
    days = {dt.date(2026, 1, 1) + dt.timedelta(days=number): weight for number, weight in enumerate(weights)}
    counts = spread(total, days)
    assert sum(counts.values()) == total
    assert min(counts.values()) >= 0


def test_september_is_fuller_than_july_and_next_week_fuller_than_next_month() -> None:
    days = {dt.date(2026, 6, 1) + dt.timedelta(days=number): 600 for number in range(150)}
    weights = wanted(days, Random(1))
    by_month = {month: sum(weight for date, weight in weights.items() if date.month == month) for month in (7, 9)}
    assert by_month[9] > 1.5 * by_month[7]
    ahead = list(expected(0.05, booked_ahead(dict.fromkeys(days, 600.0), dt.date(2026, 6, 1))).values())
    assert sum(ahead[:7]) > 1.5 * sum(ahead[30:37])


def test_made_up_people_can_be_reached_nowhere() -> None:
    parties = [made_up_party(Random(number), dt.date(2026, 9, 1), {"851": 1.0, "": 0.1}) for number in range(2000)]
    emails = {party.email for party in parties if party.email}
    assert all(re.fullmatch(r"[a-z0-9.]+@example\.(org|com|net)", email) for email in emails)
    reserved = r"\+447700900\d{3}|\+1(202|303|415|617)55501\d\d|\+3363998\d{4}|\+4917139200\d\d|\+467017406\d\d"
    phones = {party.phone for party in parties if party.phone}
    assert all(re.fullmatch(reserved, phone) for phone in phones)
    assert all(phonenumbers.is_possible_number(phonenumbers.parse(phone)) for phone in phones)


def test_parties_are_people_the_rules_can_read() -> None:
    for number in range(2000):
        party = made_up_party(Random(number), dt.date(2026, 9, 1), {"851": 1.0})
        assert not party.people[0].child
        assert all(country(person.citizenship).alpha3 == person.citizenship for person in party.people if person.citizenship)
        assert all(len(person.name.split()) >= 2 for person in party.people)


def test_the_same_source_gives_the_same_party() -> None:
    assert [made_up_party(Random("a"), dt.date(2026, 9, 1), {"851": 1.0}) for _time in range(2)] == [
        made_up_party(Random("a"), dt.date(2026, 9, 1), {"851": 1.0}) for _time in range(2)
    ]
