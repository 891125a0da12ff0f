"""A request under a name that is not ours gets a plain refusal, not a fault in the page that says so."""

from __future__ import annotations

import pytest
from django.conf import LazySettings
from django.test import Client


@pytest.mark.django_db
def test_a_foreign_host_is_a_bad_request(client: Client, settings: LazySettings) -> None:
    settings.ALLOWED_HOSTS = ["127.0.0.1"]
    assert client.get("/", headers={"host": "elsewhere.example"}).status_code == 400
    assert client.get("/", headers={"host": "127.0.0.1"}).status_code == 200
