"""Any tampering is found and its place is named; honest work never is."""

from __future__ import annotations

import argparse
import threading
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from indgang.foundation.access.actors import system
from indgang.foundation.database.console import Refused, notice
from indgang.foundation.journal import commands, seals
from indgang.foundation.journal.actions import record, record_many
from indgang.foundation.journal.models import Entry, Pending, Seal
from indgang.foundation.journal.seals import CANONICAL, FIRST, seal, seal_all, verify
from indgang.foundation.journal.tests import factories
from indgang.foundation.vault.actions import create_subject, erase


def write(number: int = 3) -> list[int]:
    record_many(factories.drafts(number, about=factories.house()))
    return list(Entry.objects.order_by("id").values_list("id", flat=True))[-number:]


def tamper(statement: str, *parameters: Any) -> None:
    """As somebody with all rights over the database would."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in ("journal_entry", "journal_seal"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {table}_refuses_change")
        cursor.execute(statement, parameters)
        for table in ("journal_entry", "journal_seal"):
            cursor.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_refuses_change")


@pytest.mark.django_db
class TestSealing:
    def test_an_empty_journal_has_nothing_to_seal_and_is_untouched(self) -> None:
        assert seal() is None
        verdict = verify()
        assert (verdict.ok, verdict.entries, verdict.sealed, verdict.head) == (True, 0, 0, FIRST)

    def test_seals_follow_one_another_and_cover_everything_once(self) -> None:
        first_ids = write(3)
        first = seal()
        second_ids = write(2)
        second = seal()

        assert first is not None
        assert second is not None
        assert (first.number, first.entry_ids, first.previous_digest) == (1, first_ids, FIRST)
        assert (second.number, second.entry_ids, second.previous_digest) == (2, second_ids, first.digest)
        assert seal() is None
        assert not Pending.objects.exists()
        verdict = verify()
        assert (verdict.ok, verdict.entries, verdict.sealed, verdict.head) == (True, 5, 5, second.digest)

    def test_many_entries_take_several_seals(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(seals, "ENTRIES_PER_SEAL", 2)
        write(5)

        assert seal_all() == 3
        assert [len(made.entry_ids) for made in Seal.objects.order_by("number")] == [2, 2, 1]
        assert verify().ok

    def test_entries_that_wait_are_untouched_too(self) -> None:
        write(2)
        seal()
        write(3)

        verdict = verify()
        assert (verdict.ok, verdict.entries, verdict.sealed) == (True, 5, 2)
        assert Pending.objects.count() == 3

    def test_seals_hold_after_an_erasure(self) -> None:
        person = create_subject()
        record(actor=system(), verb="house.entered", subject=factories.house(), personal={"name": "Åse"}, person=person)
        seal()
        erase(actor=system(), subject=person)

        assert verify().ok

    def test_every_stored_column_is_under_the_seal(self) -> None:
        assert list(CANONICAL) == [field.column for field in Entry._meta.concrete_fields]


@pytest.mark.django_db
class TestTampering:
    @pytest.mark.parametrize(
        ("column", "value"),
        [
            ("at", "at + interval '1 microsecond'"),
            ("verb", "'house.burned'"),
            ("actor_kind", "'staff'"),
            ("organisation_id", "(SELECT id FROM identity_organisation LIMIT 1)"),
            ("user_id", "(SELECT id FROM identity_user LIMIT 1)"),
            ("house_id", "NULL"),
            ("circle", "'system'"),
            ("subject_type", "'places.region'"),
            ("subject_id", "subject_id || '0'"),
            ("about", "'{a,b}'"),
            ("about", "'{\"\"}'"),
            ("before", "'{\"a\": 1}'"),
            ("after", "'{}'"),
            ("personal_text", "''"),
            ("vault_subject_id", "(SELECT id FROM vault_subject LIMIT 1)"),
        ],
    )
    def test_a_changed_column_is_found_and_its_entry_named(self, column: str, value: str) -> None:
        create_subject()
        factories.member(factories.organisation())
        changed = write(3)[1]
        seal()

        tamper(f"UPDATE journal_entry SET {column} = {value} WHERE id = %s", changed)

        verdict = verify()
        assert not verdict.ok
        assert verdict.message.startswith(f"Entry {changed} was changed after seal 1 of ")

    def test_a_missing_entry_is_named(self) -> None:
        gone = write(3)[1]
        seal()
        tamper("DELETE FROM journal_entry WHERE id = %s", gone)

        assert verify().message.startswith(f"Entry {gone} is missing: seal 1 of ")

    def test_an_entry_that_vanishes_before_its_seal_is_named_also_after_the_next_seal(self) -> None:
        ids = write(3)
        tamper("DELETE FROM journal_entry WHERE id = %s", ids[0])

        expected = f"Entry {ids[0]} is missing: it waits for a seal but is no longer there."
        assert verify().message == expected
        sealed = seal()
        assert sealed is not None
        assert sealed.entry_ids == ids[1:]
        assert verify().message == expected

    def test_an_entry_slipped_past_the_seals_is_named(self) -> None:
        slipped = write(3)[2]
        Pending.objects.filter(entry_id=slipped).delete()
        seal()

        assert verify().message == f"Entry {slipped} is neither sealed nor waiting for a seal."

    def test_an_entry_sealed_twice_is_named(self) -> None:
        again = write(3)[1]
        seal()
        Pending.objects.create(entry_id=again)
        seal()

        assert verify().message == f"Entry {again} is sealed more than once."

    def test_a_missing_seal_is_named(self) -> None:
        for _ in range(3):
            write(1)
            seal()
        tamper("DELETE FROM journal_seal WHERE number = 2")

        assert verify().message == "Seal 2 is missing: seal 3 comes where it should be."

    @pytest.mark.parametrize(
        "change",
        [
            "sealed_at = sealed_at + interval '1 second'",
            "entry_ids = entry_ids[1:2]",
            "digest = repeat('0', 64)",
            "entry_digests = '\\x00'",
        ],
    )
    def test_a_changed_seal_is_named(self, change: str) -> None:
        for _ in range(2):
            write(3)
            seal()
        tamper(f"UPDATE journal_seal SET {change} WHERE number = 1")

        assert verify().message.startswith("Seal 1 of ")

    def test_a_rewritten_seal_breaks_the_chain_after_it(self) -> None:
        for _ in range(2):
            write(3)
            seal()
        first = Seal.objects.get(number=1)
        tamper("UPDATE journal_entry SET verb = 'house.burned' WHERE id = %s", first.entry_ids[0])
        digests = seals._digests(first.entry_ids)
        first.entry_digests = b"".join(digests[number] for number in first.entry_ids)
        tamper("UPDATE journal_seal SET entry_digests = %s, digest = %s WHERE number = 1", first.entry_digests, seals._digest_of(first))

        assert verify().message == "Seal 2 does not follow seal 1: the chain is broken there."

    def test_a_chain_cut_short_is_found_by_a_head_noted_earlier(self) -> None:
        write(2)
        kept = seal()
        lost_ids = write(2)
        lost = seal()
        assert kept is not None
        assert lost is not None
        tamper("DELETE FROM journal_seal WHERE number = 2")
        tamper("DELETE FROM journal_entry WHERE id = ANY(%s)", lost_ids)

        assert verify().ok
        assert verify(noted_head=kept.digest).ok
        assert verify(noted_head=lost.digest).message.startswith(f"No seal has the digest {lost.digest}")

    @examples(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        column=st.sampled_from(["verb", "subject_id", "personal_text", "after"]),
        place=st.integers(min_value=0, max_value=10_000),
        flip=st.integers(min_value=1, max_value=255),
        letter=st.characters(exclude_categories=["Cs"], exclude_characters="\0"),
    )
    def test_any_single_changed_byte_of_text_or_ciphertext_is_found(self, column: str, place: int, flip: int, letter: str) -> None:
        with transaction.atomic():
            made = record(
                actor=system(),
                verb="house.entered",
                subject=factories.house(),
                after={"words": "Nørregade 7"},
                personal={"name": "Åse"},
                person=create_subject(),
            )
            seal()
            stored = Entry.objects.values_list(column, flat=True).get(pk=made.pk)
            raw = bytearray(stored["words"].encode() if column == "after" else stored.encode() if isinstance(stored, str) else stored)
            if column == "personal_text":
                raw[place % len(raw)] ^= flip
                tamper("UPDATE journal_entry SET personal_text = %s WHERE id = %s", bytes(raw), made.pk)
            else:
                text = raw.decode()
                position = place % len(text)
                changed: Any = text[:position] + (letter if letter != text[position] else "~") + text[position + 1 :]
                if column == "after":
                    tamper("UPDATE journal_entry SET after = jsonb_build_object('words', %s::text) WHERE id = %s", changed, made.pk)
                else:
                    tamper(f"UPDATE journal_entry SET {column} = %s WHERE id = %s", changed, made.pk)
            assert verify().message.startswith(f"Entry {made.pk} was changed")
            transaction.set_rollback(True)


@pytest.mark.django_db
class TestCommand:
    def test_it_says_how_much_is_sealed_and_seals_nothing(self, capsys: pytest.CaptureFixture[str]) -> None:
        write(2)
        made = seal()
        write(1)
        assert made is not None

        assert indgang("journal", "verify") == 0
        assert capsys.readouterr().out == f"Untouched: 3 entries, 2 of them sealed.\nHead: {made.digest}\n"
        assert Pending.objects.count() == 1

    def test_it_exits_with_1_and_the_place(self, capsys: pytest.CaptureFixture[str]) -> None:
        gone = write(2)[0]
        seal()
        tamper("DELETE FROM journal_entry WHERE id = %s", gone)

        assert indgang("journal", "verify") == 1
        output = capsys.readouterr()
        assert output.out == ""
        assert f"Entry {gone} is missing" in output.err


def indgang(*words: str) -> int:
    """Run the journal's commands as the command line does."""
    parser = argparse.ArgumentParser()
    commands.add_commands(parser.add_subparsers())
    options = parser.parse_args(words)
    try:
        options.run(options)
    except Refused as refusal:
        notice(str(refusal))
        return 1
    return 0


@pytest.mark.django_db(transaction=True)
class TestConcurrency:
    def test_an_entry_committed_late_is_sealed_by_the_next_batch(self) -> None:
        house = factories.house()
        written, may_commit = threading.Event(), threading.Event()
        slow_id: list[int] = []

        def slow() -> None:
            try:
                with transaction.atomic():
                    slow_id.append(record(actor=system(), verb="house.opened", subject=house).pk)
                    written.set()
                    assert may_commit.wait(20)
            finally:
                connection.close()

        thread = threading.Thread(target=slow)
        thread.start()
        assert written.wait(20)
        quick = record(actor=system(), verb="house.closed", subject=house)
        first = seal()
        assert first is not None
        assert first.entry_ids == [quick.pk]
        assert slow_id[0] < quick.pk
        may_commit.set()
        thread.join()

        assert verify().ok
        second = seal()
        assert second is not None
        assert second.entry_ids == slow_id
        assert verify().ok

    def test_many_writers_and_sealers_at_once_leave_one_unbroken_chain(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(seals, "ENTRIES_PER_SEAL", 7)
        house = factories.house()
        faults: list[str] = []

        def work(sealer: bool) -> None:
            try:
                for _ in range(10):
                    if sealer:
                        seal()
                    else:
                        record_many(factories.drafts(3, about=house))
                    if not (verdict := verify()).ok:
                        faults.append(verdict.message)
            finally:
                connection.close()

        threads = [threading.Thread(target=work, args=(number % 2 == 0,)) for number in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        seal_all()

        assert faults == []
        verdict = verify()
        assert (verdict.ok, verdict.entries, verdict.sealed) == (True, 90, 90)
