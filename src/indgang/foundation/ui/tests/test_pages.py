import pytest
from django.test import Client

from indgang.foundation.identity.models import User

pytestmark = pytest.mark.django_db


def test_gallery():
    user = User.objects.create_user("a@example.org")
    client = Client()
    client.force_login(user)
    for language in ("da", "en"):
        answer = client.get("/ui/", HTTP_ACCEPT_LANGUAGE=language)
        assert answer.status_code == 200


@pytest.mark.parametrize("address", ["/", "/privacy/", "/accessibility/", "/account/login/", "/account/password/reset/"])
def test_public(address):
    assert Client().get(address).status_code == 200


def test_missing():
    assert Client().get("/nothing/").status_code == 404
