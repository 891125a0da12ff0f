"""Every page of allauth that has an address stands in our frame, in both languages, and the ones we do not use have none."""

from __future__ import annotations

import re
import time

import pytest
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa import app_settings
from allauth.mfa.totp.internal import auth as totp
from django.http import HttpResponse
from django.test import Client
from django.urls import NoReverseMatch, reverse

from indgang.foundation.identity.models import User

pytestmark = pytest.mark.django_db
PASSWORD = "three words nobody said"
EMAIL = "karen@example.org"


@pytest.fixture(params=["da", "en"])
def client(request: pytest.FixtureRequest) -> Client:
    """Somebody at work who has just logged in and has no second factor yet."""
    User.objects.create_user(EMAIL, PASSWORD, name="Karen Holm")
    client = Client(headers={"accept-language": request.param})
    answer = client.post("/account/login/", {"login": EMAIL, "password": PASSWORD})
    assert answer.status_code == 302
    return client


def page(answer: HttpResponse) -> str:
    """The page, which is in our frame with one heading and one form protection or none."""
    assert answer.status_code == 200
    html = answer.content.decode()
    assert html.count("<h1") == 1
    assert 'class="i-header"' in html
    assert "placeholder=" not in html
    assert not re.search(r"<style|\sstyle=|<script(?![^>]*\ssrc=)", html)
    return html


def code_for(secret: str) -> str:
    return totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // app_settings.TOTP_PERIOD))


def test_setting_up_one_time_codes_shows_a_picture_and_its_key_and_then_recovery_codes(client: Client) -> None:
    html = page(client.get("/account/codes/activate/"))
    secret = re.findall(r'<code class="i-mono">(\w+)</code>', html)[0]
    assert 'src="data:image/svg+xml;base64,' in html
    assert 'autocomplete="one-time-code"' in html
    wrong = page(client.post("/account/codes/activate/", {"code": "000000"}))
    assert 'href="#id_code"' in wrong
    done = client.post("/account/codes/activate/", {"code": code_for(secret)}, follow=True)
    assert done.redirect_chain == [("/account/codes/recovery/", 302)]
    assert len(re.findall(r"<li>\w+</li>", page(done))) == 10
    for address in ("codes/", "reauthenticate/", "codes/recovery/generate/", "codes/deactivate/", "codes/confirm/"):
        page(client.get(f"/account/{address}"))
    assert client.get("/account/codes/recovery/download/").headers["Content-Type"].startswith("text/plain")


def test_the_second_step_of_logging_in(client: Client) -> None:
    totp.TOTP.activate(User.objects.get(), totp.generate_totp_secret())
    client.logout()
    answer = client.post("/account/login/", {"login": EMAIL, "password": PASSWORD}, follow=True)
    assert answer.redirect_chain == [("/account/codes/enter/", 302)]
    page(answer)
    assert "id_code_error" in page(client.post("/account/codes/enter/", {"code": "12"}))


@pytest.mark.parametrize(
    "address", ["/account/codes/", "/account/password/change/", "/account/logout/", "/account/reauthenticate/", "/account/inactive/"]
)
def test_pages_about_the_account(client: Client, address: str) -> None:
    page(client.get(address))


def test_a_forgotten_password(client: Client) -> None:
    user = User.objects.get()
    client.logout()
    answer = client.post("/account/password/reset/", {"email": EMAIL}, follow=True)
    assert answer.redirect_chain == [("/account/password/reset/done/", 302)]
    page(answer)
    address = f"/account/password/reset/key/{user_pk_to_url_str(user)}-{default_token_generator.make_token(user)}/"
    answer = client.get(address, follow=True)
    assert 'autocomplete="new-password"' in page(answer)
    form = answer.redirect_chain[-1][0]
    answer = client.post(form, {"password1": "a new one of three words", "password2": "a new one of three words"}, follow=True)
    assert answer.redirect_chain == [("/account/password/reset/key/done/", 302)]
    page(answer)
    user.refresh_from_db()
    assert user.check_password("a new one of three words")


def test_a_used_link_says_so(client: Client) -> None:
    html = page(client.get("/account/password/reset/key/1-nothing/"))
    assert 'href="/account/password/reset/"' in html


def test_a_wrong_password_is_said_once_and_leads_to_the_field(client: Client) -> None:
    client.logout()
    html = page(client.post("/account/login/", {"login": EMAIL, "password": "wrong"}))
    assert 'id="errors"' in html
    assert "wrong" not in re.sub(r"<[^>]+>", "", html)


@pytest.mark.parametrize("name", ["account_signup", "account_email", "account_set_password", "account_email_verification_sent"])
def test_what_nobody_needs_has_no_address(name: str) -> None:
    with pytest.raises(NoReverseMatch):
        reverse(name)
