"""Logging in, as a colleague meets it: an account, a password by letter, a second factor."""

from __future__ import annotations

import re

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.test import Client

from indgang.foundation.identity.login import has_second_factor, one_time_code
from indgang.foundation.identity.models import Organisation, User
from indgang.foundation.identity.tests.factories import colleague
from indgang.foundation.mail.models import Letter
from indgang.foundation.places.models import Region

pytestmark = pytest.mark.django_db


@pytest.fixture
def siri() -> Organisation:
    region = Region.objects.create(key="region", title_da="Region")
    return Organisation.objects.create(region=region, key="siri", title_da="SIRI", kind="state", is_operator=True)


def test_a_password_is_chosen_through_a_letter_in_the_readers_language(siri: Organisation) -> None:
    user = colleague(siri, "clerk", second_factor=False)
    browser = Client()
    browser.post("/account/password/reset/", {"email": user.email.upper()})
    letter = Letter.objects.get()
    assert (letter.to, letter.language) == (user.email, "da")
    assert mail.outbox == [], "nothing is sent from inside a request"
    link = re.search(r"http://\S+(/account/password/reset/key/\S+)", letter.text)
    assert link is not None
    assert letter.secrets == [link[0]]
    form = browser.get(link[1], follow=True)
    browser.post(form.request["PATH_INFO"], {"password1": "en lang god sætning", "password2": "en lang god sætning"})
    user.refresh_from_db()
    assert user.check_password("en lang god sætning")
    answer = browser.post("/account/login/", {"login": user.email, "password": "en lang god sætning"}, follow=True)
    assert answer.request["PATH_INFO"] + answer.request["QUERY_STRING"] == "/account/reauthenticate/next=%2Faccount%2Fcodes%2Factivate%2F"


def test_a_link_to_choose_a_password_works_once(siri: Organisation) -> None:
    user = colleague(siri, "clerk", second_factor=False)
    Client().post("/account/password/reset/", {"email": user.email})
    link = re.search(r"http://\S+(/account/password/reset/key/\S+)", Letter.objects.get().text)
    assert link is not None
    user.set_password("en helt anden sætning")
    user.save()
    assert "password1" not in Client().get(link[1], follow=True).content.decode()


def test_an_address_without_an_account_gets_no_letter_and_the_same_answer(siri: Organisation) -> None:
    user = colleague(siri, "clerk")
    known = Client().post("/account/password/reset/", {"email": user.email})
    unknown = Client().post("/account/password/reset/", {"email": "stranger@example.org"})
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert [letter.to for letter in Letter.objects.all()] == [user.email]


def test_logging_in_takes_password_and_code(siri: Organisation) -> None:
    user = colleague(siri, "clerk")
    user.set_password("en lang god sætning")
    user.save()
    browser = Client()
    answer = browser.post("/account/login/", {"login": user.email, "password": "en lang god sætning"})
    assert answer["Location"] == "/account/codes/enter/"
    assert "_auth_user_id" not in browser.session
    browser.post("/account/codes/enter/", {"code": "000000" if one_time_code(user) != "000000" else "000001"})
    assert "_auth_user_id" not in browser.session
    browser.post("/account/codes/enter/", {"code": one_time_code(user)})
    assert browser.session["_auth_user_id"] == str(user.pk)


def test_nobody_signs_up() -> None:
    assert Client().get("/account/signup/").status_code == 404


def test_the_secret_of_the_codes_is_not_readable_in_the_database(siri: Organisation) -> None:
    user = colleague(siri, "clerk")
    stored = Authenticator.objects.get(user=user).data["secret"]
    assert not re.fullmatch(r"[A-Z2-7]+", stored)
    assert re.fullmatch(r"\d{6}", one_time_code(user))


def test_without_an_app_there_is_no_code(siri: Organisation) -> None:
    user = colleague(siri, "clerk", second_factor=False)
    assert one_time_code(user) == ""
    assert not has_second_factor(user)
    Authenticator.objects.create(user=user, type=Authenticator.Type.RECOVERY_CODES, data={})
    assert not has_second_factor(User.objects.get(pk=user.pk))
