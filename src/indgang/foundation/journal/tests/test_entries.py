"""What is written stays written, as it was."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, connection, transaction

from indgang.foundation.access.actors import system
from indgang.foundation.journal.actions import Draft, record, record_many, record_read
from indgang.foundation.journal.models import Circle, Entry, Pending, Seal
from indgang.foundation.journal.queries import texts_of
from indgang.foundation.journal.seals import seal
from indgang.foundation.journal.tests import factories
from indgang.foundation.vault.actions import Erased, create_subject, erase

pytestmark = pytest.mark.django_db

NINE = dt.datetime(2026, 3, 2, 9, tzinfo=ZoneInfo("Europe/Copenhagen"))


def test_an_entry_says_who_did_what_to_what_when_and_for_whom() -> None:
    house = factories.house()
    host = factories.organisation(works_in=house)
    actor = factories.member(host)

    made = record(
        actor=actor,
        verb="house.opened",
        subject=house,
        house=house,
        at=NINE,
        about=[host],
        before={"closed": True},
        after={"from": NINE, "on": NINE.date(), "by": host, "zones": ("b", "a")},
    )

    entry = Entry.objects.get(pk=made.pk)
    assert (entry.verb, entry.actor_kind, entry.user, entry.organisation, entry.house) == ("house.opened", "staff", actor.user, host, house)
    assert (entry.subject_type, entry.subject_id, entry.at, entry.circle) == ("places.house", str(house.pk), NINE, Circle.HOUSE)
    assert entry.about == [f"identity.organisation:{host.pk}"]
    assert entry.before == {"closed": True}
    assert entry.after == {"from": "2026-03-02T09:00:00+01:00", "on": "2026-03-02", "by": str(host.pk), "zones": ["b", "a"]}


@pytest.mark.parametrize("verb", ["opened", "House.opened", "house.", ".opened", "house opened", "house.opened.twice", "house.checked_in"])
def test_a_verb_outside_the_grammar_is_refused(verb: str) -> None:
    with pytest.raises(ValueError, match="past participle"):
        record(actor=system(), verb=verb, subject=factories.house())


def test_personal_text_is_ciphertext_and_gone_once_the_person_is_erased() -> None:
    person, house = create_subject(), factories.house()
    text = {"name": "Åse Ørsted"}
    made = record(actor=system(), verb="house.entered", subject=house, personal=text, person=person)
    plain = record(actor=system(), verb="house.left", subject=house)

    assert "Åse".encode() not in bytes(Entry.objects.get(pk=made.pk).personal_text)
    assert texts_of(Entry.objects.all()) == {made.pk: text}
    assert plain.personal_text is None

    erase(actor=system(), subject=person)
    assert texts_of(Entry.objects.all()) == {made.pk: None}
    with pytest.raises(Erased):
        record(actor=system(), verb="house.entered", subject=house, personal=text, person=person)


def test_personal_text_needs_a_person() -> None:
    with pytest.raises(ValueError, match="the person whose key"):
        record(actor=system(), verb="house.entered", subject=factories.house(), personal={"name": "Åse"})


def test_many_at_once_are_stored_as_one_at_a_time() -> None:
    house, person = factories.house(), create_subject()
    host = factories.organisation(works_in=house)
    one: dict[str, Any] = {
        "actor": factories.member(host),
        "verb": "house.opened",
        "subject": house,
        "at": NINE,
        "house": house,
        "circle": Circle.ORGANISATION,
        "about": [host, house],
        "before": {"text": 'tab\t, quote ", backslash \\, newline\n, æ'},
        "after": {"none": None, "on": NINE.date()},
        "personal": {"name": "Åse"},
        "person": person,
    }
    record(**one)

    assert record_many(Draft(**one) for _ in range(3)) == 3

    columns = [field.attname for field in Entry._meta.concrete_fields if field.attname not in {"id", "personal_text"}]
    rows = {repr(row) for row in Entry.objects.values_list(*columns)}
    assert len(rows) == 1
    assert list(texts_of(Entry.objects.all()).values()) == [{"name": "Åse"}] * 4
    assert record_many([]) == 0


def test_every_new_entry_waits_for_its_seal() -> None:
    house = factories.house()
    record(actor=system(), verb="house.opened", subject=house)
    record_many(factories.drafts(2, about=house))

    assert list(Pending.objects.values_list("entry_id", flat=True)) == list(Entry.objects.values_list("id", flat=True))


@pytest.mark.parametrize("model", [Entry, Seal])
@pytest.mark.parametrize("statement", ["UPDATE {} SET {} = {}", "DELETE FROM {}", "TRUNCATE {}"])
def test_the_database_itself_refuses_any_change(model: type[Entry] | type[Seal], statement: str) -> None:
    record(actor=system(), verb="house.opened", subject=factories.house())
    seal()
    table, key = model._meta.db_table, model._meta.pk.column
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_refuses_truncate")
        with pytest.raises(IntegrityError, match=r"The journal is append-only: (UPDATE|DELETE|TRUNCATE) on journal_"), transaction.atomic():
            cursor.execute(statement.format(table, key, key))
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {table}_refuses_truncate")
    assert (Entry.objects.count(), Seal.objects.count()) == (1, 1)


class TestReading:
    """Opening a record is written once per actor, record and quarter of an hour."""

    def test_a_read_is_kept_for_audit_only(self) -> None:
        house = factories.house()
        actor = factories.member(factories.organisation(works_in=house))

        entry = record_read(actor=actor, subject=house, house=house)

        assert entry is not None
        assert (entry.verb, entry.circle, entry.user) == ("house.read", Circle.SYSTEM, actor.user)

    def test_once_in_a_quarter_of_an_hour(self, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any) -> None:
        house, other = factories.house(), factories.house()
        actor = factories.member(factories.organisation(works_in=house))
        at = NINE
        monkeypatch.setattr("indgang.foundation.database.clock.now", lambda: at)

        def read(minutes: int, subject: Any = house) -> bool:
            nonlocal at
            at = NINE + dt.timedelta(minutes=minutes)
            return record_read(actor=actor, subject=subject) is not None

        assert [read(0), read(0), read(7), read(14)] == [True, False, False, False]
        assert [read(14, other), read(15), read(16), read(29), read(30)] == [True, True, False, False, True]
        with django_assert_num_queries(3):  # a savepoint round one question
            read(31)

    def test_each_reader_for_themselves(self) -> None:
        house = factories.house()
        host = factories.organisation(works_in=house)

        for actor in (factories.member(host), factories.member(host), system()):
            assert record_read(actor=actor, subject=house) is not None
        assert Entry.objects.count() == 3

    def test_a_list_that_shows_somebody_new_is_written_again(self) -> None:
        house, first, second = factories.house(), factories.house(), factories.house()

        assert record_read(actor=system(), subject=house, about=[first]) is not None
        assert record_read(actor=system(), subject=house, about=[first]) is None
        assert record_read(actor=system(), subject=house, about=[first, second]) is not None
        assert record_read(actor=system(), subject=house, about=[second]) is None
