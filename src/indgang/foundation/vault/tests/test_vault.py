"""A person's text is readable by the house, by nobody who holds only the database, and by nobody at all once erased."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from indgang.foundation.access.actors import ANONYMOUS, Actor, NotAllowed, citizen, system
from indgang.foundation.identity.models import Organisation
from indgang.foundation.vault import keys
from indgang.foundation.vault.actions import Erased, Tampered, create_subject, create_subjects, decrypt_for, encrypt_for, erase
from indgang.foundation.vault.models import Subject

pytestmark = pytest.mark.django_db

TEXT = {"name": "Åse Ørsted", "missing": ["passport"]}


def test_what_was_kept_is_read_back() -> None:
    subject = create_subject()

    assert decrypt_for(Subject.objects.get(pk=subject.pk), encrypt_for(subject, TEXT)) == TEXT


def test_the_text_stands_nowhere_in_the_ciphertext_and_differs_each_time() -> None:
    subject = create_subject()
    first, second = encrypt_for(subject, TEXT), encrypt_for(subject, TEXT)

    assert "Åse".encode() not in first
    assert first != second


def test_many_keys_at_once_are_all_different() -> None:
    subjects = create_subjects(50)
    master = keys.master()

    opened = {keys.decrypt(master, bytes(s.wrapped_key), bound_to=b"vault.key:" + s.pk.bytes) for s in subjects}
    assert len(opened) == Subject.objects.count() == 50


def test_text_moved_to_another_person_does_not_open() -> None:
    one, other = create_subjects(2)

    with pytest.raises(Tampered):
        decrypt_for(other, encrypt_for(one, TEXT))


def test_a_key_moved_to_another_person_does_not_open() -> None:
    one, other = create_subjects(2)
    ciphertext = encrypt_for(one, TEXT)
    Subject.objects.filter(pk=other.pk).update(wrapped_key=one.wrapped_key)

    with pytest.raises(Tampered):
        decrypt_for(Subject.objects.get(pk=other.pk), ciphertext)


def test_nothing_opens_under_another_master_key(settings: Any) -> None:
    subject = create_subject()
    ciphertext = encrypt_for(subject, TEXT)
    settings.VAULT_KEY = "00" * 32

    with pytest.raises(Tampered):
        decrypt_for(subject, ciphertext)


@examples(max_examples=40, deadline=None)
@given(place=st.integers(min_value=0, max_value=10_000), flip=st.integers(min_value=1, max_value=255))
def test_any_changed_byte_is_noticed(place: int, flip: int) -> None:
    subject = create_subject()
    ciphertext = bytearray(encrypt_for(subject, TEXT))
    ciphertext[place % len(ciphertext)] ^= flip

    with pytest.raises(Tampered):
        decrypt_for(subject, bytes(ciphertext))


def test_an_erased_person_is_gone_for_good() -> None:
    subject = create_subject()
    ciphertext = encrypt_for(subject, TEXT)

    erased = erase(actor=system(), subject=subject)
    first_time = erased.erased_at

    assert Subject.objects.filter(pk=subject.pk, wrapped_key=None, erased_at=first_time).exists()
    assert decrypt_for(erased, ciphertext) is None
    with pytest.raises(Erased):
        encrypt_for(erased, TEXT)
    assert erase(actor=system(), subject=subject).erased_at == first_time


@pytest.mark.parametrize(
    ("operator", "role", "allowed"), [(True, "administrator", True), (True, "leader", False), (False, "administrator", False)]
)
def test_only_the_operators_administrators_erase(operator: bool, role: str, allowed: bool) -> None:
    organisation = Organisation(pk=7, is_operator=operator)
    actor = Actor(kind="staff", organisation=organisation, roles=frozenset({(7, role)}))
    subject = create_subject()

    if allowed:
        assert erase(actor=actor, subject=subject).erased_at is not None
    else:
        with pytest.raises(NotAllowed):
            erase(actor=actor, subject=subject)


@pytest.mark.parametrize("actor", [ANONYMOUS, citizen("ABCD")])
def test_nobody_from_outside_erases(actor: Actor) -> None:
    with pytest.raises(NotAllowed):
        erase(actor=actor, subject=create_subject())
