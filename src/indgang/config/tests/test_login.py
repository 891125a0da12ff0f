"""Logging in, as a colleague meets it: an account, a password by letter, a second factor."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY as RECORDS
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core import mail
from django.test import Client

from indgang.foundation.identity.login import has_second_factor, one_time_code, set_up_one_time_codes
from indgang.foundation.identity.models import Organisation, User
from indgang.foundation.identity.tests.factories import colleague, logged_in
from indgang.foundation.mail.models import Letter
from indgang.foundation.places.models import Region

pytestmark = pytest.mark.django_db
PASSWORD = "en lang god sætning"


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
    assert answer.request["PATH_INFO"] == "/account/codes/activate/"


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


@pytest.fixture
def newcomer(siri: Organisation) -> User:
    user = colleague(siri, "clerk", second_factor=False)
    user.set_password(PASSWORD)
    user.save()
    return user


def age_session(browser: Client, seconds: float) -> None:
    """As if that much time had passed since the last word of who this is."""
    session = browser.session
    session[RECORDS] = [{**record, "at": record["at"] - seconds} for record in session[RECORDS]]
    session.save()


def set_up_codes(browser: Client, answer: Any) -> Any:
    """Type the key of the page into an app and the app's code into the page."""
    secret = answer.context["form"].secret
    code = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    return browser.post("/account/codes/activate/", {"code": code}, follow=True)


@pytest.mark.parametrize("seconds", [0, 25 * 60])
def test_the_first_log_in_asks_for_the_password_once_and_ends_at_my_day(newcomer: User, seconds: float) -> None:
    """However long the finding of an app takes, up to half an hour."""
    browser = Client()
    answer = browser.post("/account/login/", {"login": newcomer.email, "password": PASSWORD}, follow=True)
    assert answer.request["PATH_INFO"] == "/account/codes/activate/"
    age_session(browser, seconds)
    answer = set_up_codes(browser, answer)
    assert answer.request["PATH_INFO"] == "/account/codes/recovery/"
    assert len(answer.context["unused_codes"]) == 10
    assert 'href="/my-day/"' in answer.content.decode().split("<main", 1)[1]
    assert browser.get("/account/codes/recovery/download/").status_code == 200
    assert browser.get("/my-day/").status_code == 200


def test_setting_up_codes_in_a_session_left_open_asks_for_the_password(newcomer: User) -> None:
    browser = Client()
    browser.post("/account/login/", {"login": newcomer.email, "password": PASSWORD}, follow=True)
    age_session(browser, 31 * 60)
    answer = browser.get("/account/codes/activate/")
    assert answer["Location"] == "/account/reauthenticate/?next=%2Faccount%2Fcodes%2Factivate%2F"


@pytest.mark.parametrize("page", ["codes/deactivate/", "codes/recovery/generate/"])
def test_changing_codes_asks_again_unless_somebody_has_just_logged_in(newcomer: User, page: str) -> None:
    set_up_one_time_codes(newcomer)
    browser = Client()
    browser.post("/account/login/", {"login": newcomer.email, "password": PASSWORD})
    browser.post("/account/codes/enter/", {"code": one_time_code(newcomer)})
    assert browser.get(f"/account/{page}").status_code == 200
    age_session(browser, 60 * 60)
    answer = browser.get(f"/account/{page}")
    assert answer.status_code == 302
    assert answer["Location"].startswith(("/account/reauthenticate/", "/account/codes/confirm/"))


def test_another_persons_log_in_in_the_same_browser_proves_nothing(newcomer: User, siri: Organisation) -> None:
    other = colleague(siri, "leader", second_factor=False)
    other.set_password(PASSWORD)
    other.save()
    browser = Client()
    browser.post("/account/login/", {"login": newcomer.email, "password": PASSWORD})
    records = browser.session[RECORDS]
    browser = logged_in(other)  # a session that carries what another one's password proved
    session = browser.session
    session[RECORDS], session["account_authentication_methods_user"] = records, str(newcomer.pk)
    session.save()
    assert browser.get("/account/codes/activate/").status_code == 302


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


def test_the_keyboard_goes_from_e_mail_to_password_to_the_button() -> None:
    page = Client(headers={"accept-language": "da"}).get("/account/login/").content.decode()
    form = page[page.index('<form method="post" action=""') :]
    stops = re.findall(
        r'<input type="(?:email|password)"[^>]*name="(\w+)"|<button type="(submit)"|<a href="(/account/password/reset/)"', form
    )
    assert [next(filter(None, stop)) for stop in stops][:4] == ["login", "password", "submit", "/account/password/reset/"]
