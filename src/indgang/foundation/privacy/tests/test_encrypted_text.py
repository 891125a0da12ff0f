"""A CPR number is ciphertext in the database, shown masked, and revealed only with a journal entry."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag
from django.apps.registry import Apps
from django.core.exceptions import FieldError
from django.db import connection, models
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from indgang.foundation.access.actors import ANONYMOUS, NotAllowed, citizen, system
from indgang.foundation.journal.models import Circle, Entry
from indgang.foundation.journal.tests import factories
from indgang.foundation.privacy.actions import reveal
from indgang.foundation.privacy.fields import EncryptedTextField
from indgang.foundation.privacy.queries import masked

pytestmark = pytest.mark.django_db
CPR = "070761-4285"


def card_model() -> type[models.Model]:
    """A model of the test's own, so that the room is tested without the rooms above it."""
    with_registry = type("Meta", (), {"app_label": "privacy", "apps": Apps(installed_apps=())})
    return type(
        "Card",
        (models.Model,),
        {
            "__module__": "indgang.foundation.privacy.tests",
            "Meta": with_registry,
            "cpr": EncryptedTextField(blank=True, default=""),
            "other": EncryptedTextField(blank=True, default=""),
            "name": models.CharField(max_length=20, default="Åse"),
        },
    )


Card: Any = card_model()


@pytest.fixture(autouse=True)
def card_table(db: None) -> Iterator[None]:
    with connection.schema_editor() as editor:
        editor.create_model(Card)
    yield


def stored(column: str = "cpr") -> bytes:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM privacy_card")
        return bytes(cursor.fetchone()[0])


def test_it_is_ciphertext_in_the_database_and_text_in_the_program() -> None:
    Card.objects.create(cpr=CPR)

    assert CPR.encode() not in stored()
    assert len(stored()) == len(CPR) + 1 + 12 + 16
    assert Card.objects.get().cpr == CPR
    assert list(Card.objects.values_list("cpr", flat=True)) == [CPR]


def test_the_same_number_looks_different_each_time() -> None:
    Card.objects.create(cpr=CPR)
    first = stored()
    Card.objects.update(cpr=CPR)

    assert stored() != first
    assert Card.objects.get().cpr == CPR


@pytest.mark.parametrize("empty", ["", None])
def test_empty_is_stored_as_empty(empty: str | None) -> None:
    Card.objects.create(cpr=empty)

    assert stored() == b""
    assert Card.objects.get().cpr == ""


@examples(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=60).filter(lambda text: text.encode("utf-8", "ignore").decode() == text))
def test_any_text_comes_back(text: str) -> None:
    card = Card.objects.create(cpr=text)

    assert Card.objects.get(pk=card.pk).cpr == text


def test_a_ciphertext_moved_to_another_column_does_not_open() -> None:
    Card.objects.create(cpr=CPR)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE privacy_card SET other = cpr")

    with pytest.raises(InvalidTag):
        Card.objects.get()


def test_a_changed_ciphertext_does_not_open() -> None:
    Card.objects.create(cpr=CPR)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE privacy_card SET cpr = set_byte(cpr, 20, get_byte(cpr, 20) # 1)")

    with pytest.raises(InvalidTag):
        Card.objects.get()


def test_it_cannot_be_searched_by_mistake() -> None:
    with pytest.raises(FieldError):
        Card.objects.filter(cpr=CPR)


class TestReveal:
    def test_pages_show_the_date_of_birth_only(self) -> None:
        assert masked(Card(cpr=CPR), "cpr") == "070761-••••"
        assert masked(Card(cpr=""), "cpr") == ""

    @pytest.mark.parametrize("role", ["clerk", "floorwalker"])
    def test_every_reveal_is_written_down_without_the_number(self, role: str) -> None:
        actor = factories.member(factories.organisation(), role)
        card = Card.objects.create(cpr=CPR)

        assert [reveal(actor=actor, record=card, field="cpr") for _ in range(2)] == [CPR, CPR]

        entries = Entry.objects.values_list("verb", "subject_type", "subject_id", "user", "circle", "before", "after", "personal_text")
        expected = ("cpr.revealed", "privacy.card", str(card.pk), actor.user and actor.user.pk, Circle.ORGANISATION, {}, {}, None)
        assert list(entries) == [expected, expected]

    @pytest.mark.parametrize("role", ["leader", "reader", "administrator"])
    def test_others_are_refused_and_nothing_is_written(self, role: str) -> None:
        card = Card.objects.create(cpr=CPR)

        for actor in (factories.member(factories.organisation(), role), ANONYMOUS, citizen("ABCD")):
            with pytest.raises(NotAllowed):
                reveal(actor=actor, record=card, field="cpr")
        assert not Entry.objects.exists()

    def test_only_encrypted_fields_are_revealed(self) -> None:
        with pytest.raises(TypeError, match=r"privacy\.Card\.name is not an EncryptedTextField"):
            reveal(actor=system(), record=Card.objects.create(), field="name")
        assert not Entry.objects.exists()
