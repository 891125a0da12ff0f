"""The pages: hand in, look, import, look back, undo, take out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from indgang.foundation.access.actors import Actor
from indgang.foundation.files.models import StoredFile
from indgang.foundation.imports import forms
from indgang.foundation.imports.kinds import KINDS, register
from indgang.foundation.imports.models import Batch
from indgang.foundation.imports.tests.factories import MUNICIPALITIES
from indgang.foundation.journal.models import Entry
from indgang.foundation.journal.tests import factories
from indgang.foundation.places.models import Municipality

pytestmark = pytest.mark.django_db
TABLE = "code;name;mayor\n851;Aalborg;\n825;Læsø;\n"


@pytest.fixture(autouse=True)
def kinds(settings: Any, tmp_path: Path) -> Iterator[None]:
    settings.HOME = tmp_path
    known = dict(KINDS)
    KINDS.clear()
    register(MUNICIPALITIES)
    yield
    KINDS.clear()
    KINDS.update(known)


@pytest.fixture
def leader() -> Actor:
    return factories.member(factories.organisation(is_operator=True), "leader")


def browser(actor: Actor) -> Client:
    """Somebody who is logged in and has set up one-time codes."""
    assert actor.user is not None
    TOTP.activate(actor.user, generate_totp_secret())
    client = Client(headers={"accept-language": "en"})
    client.force_login(actor.user)
    return client


def hand_in(client: Client, text: str = TABLE, name: str = "table.csv") -> Any:
    return client.post("/imports/", {"kind": "municipalities", "file": SimpleUploadedFile(name, text.encode())})


def page(response: HttpResponse) -> str:
    return " ".join(response.content.decode().partition("<main")[2].partition("</main>")[0].split())


def test_from_file_to_batch_and_back(leader: Actor) -> None:
    client = browser(leader)
    assert "Nothing was imported yet" in page(client.get("/imports/"))

    address = hand_in(client).headers["Location"]
    shown = page(client.get(address))
    assert "Municipalities from table.csv. Nothing has been written yet." in shown
    assert "Not known and left out: mayor." in shown
    assert "<dt>New</dt><dd>2</dd> <dt>Changed</dt><dd>0</dd>" in shown
    assert not Municipality.objects.exists()

    done = client.post(address)
    batch = Batch.objects.get()
    assert done.headers["Location"] == f"/imports/{batch.pk}/"
    assert (batch.user, batch.organisation, batch.file) == (leader.user, leader.organisation, StoredFile.objects.get())
    assert Municipality.objects.count() == 2
    assert "The table was imported." in page(client.get(done.headers["Location"]))
    assert "table.csv" in page(client.get("/imports/"))
    assert "There is nothing to import." in page(client.get(address))

    Municipality.objects.filter(code="825").update(title_da="Læsø Kommune")
    shown = page(client.post(f"/imports/{batch.pk}/undo/"))
    assert "<dt>Removed</dt><dd>1</dd>" in shown
    assert "Changed since the import, where it was “Læsø”." in shown
    assert "One row was kept, because it was changed since." in page(client.get(f"/imports/{batch.pk}/"))
    assert "Nothing was taken back" in page(client.post(f"/imports/{batch.pk}/undo/"))

    Municipality.objects.filter(code="825").update(title_da="Læsø")
    assert "<dt>Removed</dt><dd>1</dd>" in page(client.post(f"/imports/{batch.pk}/undo/"))
    again = client.post(f"/imports/{batch.pk}/undo/", follow=True)
    assert "This import was undone already." in page(again)


def test_refused_rows_are_shown_and_not_imported(leader: Actor) -> None:
    client = browser(leader)
    address = hand_in(client, "code;name\n851;Aalborg\nx;<b>Læsø</b>\n").headers["Location"]

    for shown in (page(client.get(address)), page(client.post(address))):
        assert "Nothing is imported while a row is refused." in shown
        assert "Write a whole number from 100 to 999." in shown
        assert "Import the table" not in shown
    assert not Municipality.objects.exists()
    assert not Batch.objects.exists()


def test_looking_writes_nothing(leader: Actor) -> None:
    client = browser(leader)
    address = hand_in(client).headers["Location"]
    number = Entry.objects.count()

    for _ in range(2):
        assert client.get(address).status_code == client.head(address).status_code == 200
    assert (Entry.objects.count(), Batch.objects.count(), Municipality.objects.count()) == (number, 0, 0)


def test_what_is_wrong_with_the_upload_is_said_beside_the_field(leader: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    client = browser(leader)
    response = client.post("/imports/", {"kind": "municipalities"})
    assert response.status_code == 422
    assert "Choose a file." in page(response)
    assert "The file is empty." in page(hand_in(client, ""))
    monkeypatch.setattr(forms, "MAX_BYTES", 10)
    assert "The file table.csv is too large." in page(hand_in(client))
    assert not StoredFile.objects.exists()


def test_a_file_that_is_gone_is_said(leader: Actor, tmp_path: Path) -> None:
    client = browser(leader)
    address = hand_in(client).headers["Location"]
    for path in (tmp_path / "files").rglob("*"):
        if path.is_file():
            path.unlink()

    assert "The file table.csv is no longer there." in page(client.get(address, follow=True))


@pytest.mark.parametrize(("form", "kind"), [("csv", "text/csv"), ("json", "application/json"), ("xlsx", "application/vnd.openxml")])
def test_a_table_is_taken_out(leader: Actor, form: str, kind: str) -> None:
    response = browser(leader).get(f"/imports/municipalities/export.{form}")

    assert response.status_code == 200
    assert response.headers["Content-Type"].startswith(kind)
    assert f'.{form}"' in response.headers["Content-Disposition"]
    assert b"".join(response.streaming_content)


def test_others_find_nothing(leader: Actor) -> None:
    own = browser(leader)
    address = hand_in(own).headers["Location"]
    batch = Batch.objects.create(kind="municipalities", organisation=leader.organisation)
    assert leader.organisation is not None
    colleague = factories.member(leader.organisation, "clerk")
    neighbour = factories.member(factories.organisation(is_operator=True), "leader")

    for actor in (colleague, neighbour):
        client = browser(actor)
        assert client.get(address).status_code == client.post(address).status_code == 404
        assert client.get(f"/imports/{batch.pk}/").status_code == client.post(f"/imports/{batch.pk}/undo/").status_code == 404
    assert browser(factories.member(leader.organisation, "reader")).get("/imports/municipalities/export.csv").status_code == 404
    assert Client().get("/imports/").status_code == 302
    assert own.get("/imports/visitors/export.csv").status_code == 404
    assert own.get("/imports/municipalities/export.pdf").status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_the_overview_asks_as_much_for_three_batches_as_for_one(leader: Actor, rows: int, django_assert_max_num_queries: Any) -> None:
    for _ in range(rows):
        Batch.objects.create(kind="municipalities", organisation=leader.organisation, user=leader.user)
    client = browser(leader)

    with django_assert_max_num_queries(9):
        assert page(client.get("/imports/")).count('<th scope="row">') == rows
