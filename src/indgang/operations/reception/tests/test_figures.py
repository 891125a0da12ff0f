"""The figures of small days, counted by hand, by the rule and by the database."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from indgang.foundation.database.clock import now
from indgang.foundation.measures.counting import Share, Spread, quantile, spread_of
from indgang.foundation.measures.declared import Scope
from indgang.foundation.places.models import House, Municipality
from indgang.operations.reception.models import Journey, Turn, Visit
from indgang.operations.reception.queries.statistics import figures_of_house
from indgang.operations.reception.rules.figures import EndedStep, Figures, Missed, figures_of
from indgang.operations.reception.rules.persons import own_numbers
from indgang.operations.reception.tests import factories
from indgang.operations.reception.tests.figures_by_hand import figures_from_rows

ZONE = ZoneInfo("Europe/Copenhagen")
MONDAY = dt.date(2026, 3, 2)


def minutes(*values: float) -> Any:
    lengths = tuple(dt.timedelta(minutes=value) for value in values)
    return lengths if len(lengths) > 1 else lengths[0]


def at(hour: int, minute: int = 0, date: dt.date = MONDAY) -> dt.datetime:
    return dt.datetime.combine(date, dt.time(hour, minute), ZONE)


def step(journey: str, service: str, *times: dt.datetime | None, **facts: Any) -> EndedStep:
    arrived, called, started, ended = times
    assert ended is not None
    known = {"municipality": "851", "desk": "siri-1", "persons": own_numbers(journey, (), facts.pop("people", 1)), **facts}
    return EndedStep(journey=journey, service=service, arrived=arrived, called=called, started=started, ended=ended, **known)


# Two parties on a Monday. A waits 10, walks 1, is served 19; waits 5 (since 9.30), walks 2, is served 13. B waits 20, served without Start.
DAY = [
    step("A", "siri-residence", at(9), at(9, 10), at(9, 11), at(9, 30), people=2),
    step("A", "tax-card", at(9), at(9, 35), at(9, 37), at(9, 50), people=3, desk="tax-1"),
    step("B", "siri-residence", at(10), at(10, 20), at(10, 20), at(10, 50), municipality="", booked=False),
]


def test_a_day_counted_by_hand() -> None:
    figures = figures_of(DAY, [Missed("C", MONDAY), Missed("A", MONDAY)], MONDAY, MONDAY, ZONE)

    assert figures.total.waiting == Spread(3, minutes(35), minutes(10), minutes(20))
    assert figures.total.walking == Spread(2, minutes(3), minutes(1), minutes(2))
    assert figures.total.service == Spread(3, minutes(62), minutes(19), minutes(30))
    assert figures.door_to_door == Spread(2, minutes(100), minutes(50), minutes(50))
    assert figures.stays_by_hour == {9: spread_of([minutes(50)]), 10: spread_of([minutes(50)])}
    assert figures.stays_by_weekday == {0: figures.door_to_door}
    assert {hour: one.steps for hour, one in figures.by_hour.items()} == {9: 2, 10: 1}
    assert {day: one.steps for day, one in figures.by_weekday.items()} == {0: 3}
    assert {key: one.steps for key, one in figures.by_service.items()} == {"siri-residence": 2, "tax-card": 1}
    assert figures.by_desk["siri-1"].service.total == minutes(49)
    assert figures.citizens == {"851": 3, "": 1}
    assert figures.citizens_served == 4
    assert figures.not_come == Share(1, 2)  # C of A and C; A came to something; B had no appointment


def test_an_empty_period_has_no_figures() -> None:
    figures = figures_of(DAY, [], MONDAY + dt.timedelta(days=1), MONDAY + dt.timedelta(days=9), ZONE)

    assert figures == Figures()
    assert figures.not_come.value is None


def test_a_wait_that_crosses_the_night_is_unknown_and_one_that_ended_before_the_call_is_none() -> None:
    overnight = step("A", "tax-card", at(15), at(9, 0, MONDAY + dt.timedelta(days=1)), None, at(9, 20, MONDAY + dt.timedelta(days=1)))
    reopened = [
        step("B", "siri-residence", at(9), at(9, 10), at(9, 11), at(9, 40)),  # ended at 9.20, opened again, ended at 9.40
        step("B", "tax-card", at(9), at(9, 30), at(9, 31), at(9, 35)),
    ]

    assert figures_of([overnight], [], MONDAY, MONDAY + dt.timedelta(days=1), ZONE).total.waiting == Spread()
    assert figures_of(reopened, [], MONDAY, MONDAY, ZONE).total.waiting == Spread(2, minutes(10), minutes(0), minutes(10))


def test_hours_are_the_clocks_of_the_house_and_lengths_are_real_when_the_clock_is_changed() -> None:
    sunday = dt.date(2026, 10, 25)  # at 3.00 it becomes 2.00 again
    called = dt.datetime(2026, 10, 25, 0, 30, tzinfo=dt.UTC)  # 2.30 summer time
    ended = dt.datetime(2026, 10, 25, 1, 30, tzinfo=dt.UTC)  # 2.30 winter time
    night = step("A", "tax-card", dt.datetime(2026, 10, 24, 23, 0, tzinfo=dt.UTC), called, called, ended)

    figures = figures_of([night], [], sunday, sunday, ZONE)

    assert figures.total.waiting.median == minutes(90)
    assert figures.total.service.median == minutes(60)
    assert list(figures.by_hour) == [2]


@pytest.mark.parametrize(("count", "median", "p90"), [(1, 1, 1), (2, 1, 2), (9, 5, 9), (10, 5, 9), (11, 6, 10), (100, 50, 90)])
def test_half_and_nine_tenths_are_values_that_occurred(count: int, median: int, p90: int) -> None:
    values = [dt.timedelta(minutes=number) for number in range(count, 0, -1)]

    assert spread_of(values) == Spread(count, sum(values, dt.timedelta()), minutes(median), minutes(p90))
    assert quantile([], 0.5) is None


def store(house: House, steps: list[EndedStep]) -> None:
    """Write steps as the house would have left them."""
    desks, services = {desk.key: desk for desk in house.desks.all()}, {key: factories.service(key) for key in {s.service for s in steps}}
    for one in steps:
        journey, _made = Journey.objects.get_or_create(
            reference=one.journey,
            defaults={
                "house": house,
                "source": "web" if one.booked else "ticket",
                "municipality": Municipality.objects.filter(code=one.municipality).first(),
                "created_at": now(),
            },
        )
        times = {"arrived_at": one.arrived, "called_at": one.called, "started_at": one.started, "ended_at": one.ended}
        visit, _made = Visit.objects.get_or_create(journey=journey, service=services[one.service], defaults={"people": len(one.persons)})
        Turn.objects.create(
            visit=visit,
            journey=journey,
            house=house,
            authority_id=services[one.service].authority_id,
            service=services[one.service],
            desk=desks.get(one.desk),
            people=len(one.persons),
            persons=one.persons,
            outcome="done",
            **times,
        )


@pytest.mark.django_db
def test_the_database_counts_a_day_as_the_rule_does() -> None:
    house = factories.small_house()
    sunday = dt.date(2026, 10, 25)
    night = step("N", "tax-card", at(1, 0, sunday), dt.datetime(2026, 10, 25, 0, 30, tzinfo=dt.UTC), None, at(3, 0, sunday), desk="")
    store(house, [*DAY, night, step("I", "mitid", None, None, None, at(12))])

    monday, all_year = Scope(house, MONDAY, MONDAY), Scope(house, dt.date(2026, 1, 1), dt.date(2026, 12, 31))

    assert figures_of_house(monday) == figures_of([*DAY, step("I", "mitid", None, None, None, at(12))], [], MONDAY, MONDAY, ZONE)
    assert figures_of_house(all_year) == figures_from_rows(all_year)
    assert figures_of_house(all_year).by_desk[""].steps == 1
    assert figures_of_house(Scope(house, dt.date(2025, 1, 1), dt.date(2025, 1, 31))) == Figures()


@pytest.mark.django_db
def test_the_database_is_asked_as_often_for_one_step_as_for_three(django_assert_num_queries: Any) -> None:
    house = factories.small_house()
    scope = Scope(house, MONDAY, MONDAY)
    store(house, DAY[:1])
    with django_assert_num_queries(9):
        figures_of_house(scope)
    store(house, DAY[1:])
    with django_assert_num_queries(9):
        assert figures_of_house(scope).total.steps == 3
