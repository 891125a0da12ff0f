"""Who may read what was written."""

from __future__ import annotations

from typing import Any

import pytest

from indgang.foundation.access.actors import ANONYMOUS, Actor, citizen, system
from indgang.foundation.journal.actions import record
from indgang.foundation.journal.models import Circle, Entry
from indgang.foundation.journal.queries import entries_about, entries_visible_to, texts_of
from indgang.foundation.journal.tests import factories
from indgang.foundation.vault.actions import create_subject

pytestmark = pytest.mark.django_db


def circles_seen(actor: Actor) -> set[str]:
    return set(entries_visible_to(actor, Entry.objects.all()).values_list("circle", flat=True))


def test_each_circle_is_seen_by_those_it_is_for() -> None:
    house, elsewhere = factories.house(), factories.house()
    host = factories.organisation(works_in=house, is_host=True)
    writer, neighbour = factories.organisation(works_in=house), factories.organisation(works_in=house)
    stranger = factories.organisation(works_in=elsewhere, is_host=True)
    for circle in Circle.values:
        record(actor=system(writer), verb="house.opened", subject=house, house=house, circle=circle)

    assert circles_seen(factories.member(writer)) == {"house", "organisation"}
    assert circles_seen(factories.member(neighbour)) == {"house"}
    assert circles_seen(factories.member(neighbour, "floorwalker")) == {"house"}
    assert circles_seen(factories.member(host, "floorwalker")) == {"house", "organisation"}
    assert circles_seen(factories.member(host, "leader")) == {"house", "companies"}
    assert circles_seen(factories.member(stranger, "floorwalker")) == set()
    assert circles_seen(factories.member(stranger, "consultant")) == {"companies"}
    assert circles_seen(factories.member(stranger, "early-warning")) == {"companies"}
    assert circles_seen(factories.member(writer, "leader")) == {"house", "organisation", "companies"}
    assert circles_seen(factories.member(writer, "early-warning")) == {"house", "organisation", "companies", "team"}
    assert circles_seen(system()) == {"house", "organisation", "companies", "team", "system"}
    assert circles_seen(citizen("ABCD")) == circles_seen(ANONYMOUS) == set()


def test_an_entry_without_a_house_is_its_organisations_own() -> None:
    house = factories.house()
    writer, neighbour = factories.organisation(works_in=house), factories.organisation(works_in=house)
    record(actor=system(writer), verb="house.opened", subject=house)

    assert circles_seen(factories.member(writer)) == {"house"}
    assert circles_seen(factories.member(neighbour)) == set()


def test_what_is_about_a_record_is_found_as_subject_or_beside_it_newest_first() -> None:
    house, other, third = factories.house(), factories.house(), factories.house()
    first = record(actor=system(), verb="house.opened", subject=house)
    beside = record(actor=system(), verb="house.painted", subject=other, about=[third, house])
    record(actor=system(), verb="house.opened", subject=other)
    last = record(actor=system(), verb="house.closed", subject=house)

    assert list(entries_about(house)) == [last, beside, first]
    assert list(entries_about(house, third)) == [last, beside, first]
    assert list(entries_about(third)) == [beside]


@pytest.mark.parametrize("rows", [1, 3])
def test_texts_of_many_entries_take_one_question(rows: int, django_assert_num_queries: Any) -> None:
    house = factories.house()
    for number in range(rows):
        record(actor=system(), verb="house.entered", subject=house, personal={"number": number}, person=create_subject())
    entries = list(Entry.objects.order_by("id"))

    with django_assert_num_queries(1):
        assert list(texts_of(entries).values()) == [{"number": number} for number in range(rows)]
