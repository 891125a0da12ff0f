"""The frame: every public page renders in both languages, says where it is, and changes nothing when it is read."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.conf import settings
from django.http import HttpRequest
from django.test import Client
from django.urls import include, path, reverse
from django.utils import translation
from django.utils.translation import gettext

from indgang.foundation.identity.login import set_up_one_time_codes
from indgang.foundation.identity.models import Membership, Organisation, Role, User
from indgang.foundation.places.models import Region
from indgang.foundation.privacy.declarations import declarations

pytestmark = pytest.mark.django_db
PUBLIC = ["/", "/privacy/", "/accessibility/", "/account/login/", "/account/password/reset/", "/account/password/reset/done/"]


@pytest.fixture
def region() -> Region:
    region = Region.objects.create(
        key="north-denmark",
        title_da="Nordjylland",
        title_en="North Denmark",
        facts={
            "operator": {"name": {"da": "Huset", "en": "The House"}, "phone": "+45 11 22 33 44", "email": "house@example.org"},
            "accessibility": {"status": {"da": "God", "en": "Good"}, "assessed": "2026-11-22"},
        },
    )
    Organisation.objects.create(region=region, key="house", title_da="Huset", title_en="The House", kind="host", is_operator=True)
    return region


def colleague(*roles: str, email: str = "karen@example.org") -> Client:
    user = User.objects.create_user(email, "a long password 1", name="Karen Holm")
    for role in roles:
        Membership.objects.create(user=user, organisation=Organisation.objects.get(key="house"), role=role)
    set_up_one_time_codes(user)
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize("language", ["da", "en"])
@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_page_has_one_heading_its_language_and_no_inline_code(region: Region, address: str, language: str) -> None:
    answer = Client().get(address, headers={"accept-language": language})
    html = answer.content.decode()
    assert answer.status_code == 200
    assert html.count("<h1") == 1
    assert f'<html lang="{language}">' in html
    assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)", html)


@pytest.mark.parametrize("address", PUBLIC)
def test_a_page_without_a_region_still_renders(address: str) -> None:
    assert Client().get(address).status_code == 200


def test_footer_names_the_operator_and_the_notices(region: Region) -> None:
    html = Client().get("/privacy/").content.decode()
    footer = html[html.index("<footer") :]
    assert "The House" in footer
    assert 'href="tel:+4511223344"' in footer
    assert 'href="mailto:house@example.org"' in footer
    assert re.findall(r'href="(/[^"]*)"', footer) == ["/accessibility/", "/privacy/", "/account/login/"]


def test_language_stays_on_the_page_with_its_parameters(region: Region) -> None:
    client = Client()
    html = client.get("/privacy/?from=mail&page=2").content.decode()
    assert 'name="next" value="/privacy/?from=mail&amp;page=2"' in html
    answer = client.post("/language/", {"language": "da", "next": "/privacy/?from=mail&page=2"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/privacy/?from=mail&page=2")
    assert '<html lang="da">' in client.get("/privacy/").content.decode()


def test_language_is_never_changed_by_a_link(region: Region) -> None:
    client = Client()
    assert client.get("/language/?language=da").status_code == 405
    assert '<html lang="en">' in client.get("/privacy/?language=da").content.decode()


def test_language_never_leads_to_another_site(region: Region) -> None:
    answer = Client().post("/language/", {"language": "da", "next": "https://elsewhere.example/"})
    assert answer.headers["Location"] == "/"


def test_a_colleagues_language_is_kept_for_mails(region: Region) -> None:
    client = colleague(Role.CLERK)
    client.post("/language/", {"language": "en", "next": "/"})
    assert User.objects.get().language == "en"


def test_shortcuts_are_turned_off_and_on(region: Region) -> None:
    client = colleague(Role.CLERK)
    assert "data-shortcuts" in client.get("/ui/").content.decode()
    client.post("/shortcuts/", {"shortcuts": "off", "next": "/ui/"})
    assert "data-shortcuts" not in client.get("/ui/").content.decode()
    client.post("/shortcuts/", {"shortcuts": "on", "next": "/ui/"})
    assert "data-shortcuts" in client.get("/ui/").content.decode()


def test_gallery_is_for_colleagues(region: Region) -> None:
    assert Client().get("/ui/").headers["Location"] == f"{reverse('account_login')}?next=/ui/"
    client = colleague(Role.CLERK)
    for language in ("da", "en"):
        html = client.get("/ui/", headers={"accept-language": language}).content.decode()
        assert html.count("<h1") == 1
        assert "Karen Holm" in html
        assert "Traceback" not in html


def test_the_notice_says_what_is_kept_of_everything_that_is_declared(region: Region) -> None:
    for language, first in (("en", "Your name, e-mail address, phone number"), ("da", "Dit navn, din e-mailadresse, dit telefonnummer")):
        html = unescape(Client().get("/privacy/", headers={"accept-language": language}).content.decode())
        assert first in html[html.index("<dl") : html.index("</dt>")]
        with translation.override(language):
            told = [gettext(words) for entry in declarations() for words in (entry.what, entry.purpose, entry.kept)]
        assert [words for words in told if words not in html] == []


def test_notices_tell_what_is_kept(region: Region) -> None:
    html = Client().get("/privacy/").content.decode()
    assert "To write to somebody about their visit" in html
    assert html.index("To write to somebody about their visit") < html.index("To let a member of staff log in")
    statement = Client().get("/accessibility/").content.decode()
    assert "Good" in statement
    assert "Last updated 22 November 2026." in statement


def test_a_page_that_is_not_there_says_what_to_do(region: Region) -> None:
    answer = Client().get("/nothing/", headers={"accept-language": "en"})
    assert answer.status_code == 404
    assert "There is no such page" in answer.content.decode()
    assert "house@example.org" in answer.content.decode()


def test_a_form_that_has_been_open_too_long_says_so(region: Region) -> None:
    answer = Client(enforce_csrf_checks=True).post("/language/", {"language": "da"})
    assert answer.status_code == 403
    assert "This page has been open too long" in answer.content.decode()


def fail(request: HttpRequest) -> None:
    raise RuntimeError("a secret of the inside")


urlpatterns = [path("fails/", fail), path("", include(settings.ROOT_URLCONF))]
handler500 = "indgang.config.errors.server_error"


@pytest.mark.urls(__name__)
def test_a_failure_shows_nothing_of_the_inside(region: Region) -> None:
    client = Client(raise_request_exception=False)
    for language in ("da", "en"):
        answer = client.get("/fails/", headers={"accept-language": language})
        assert answer.status_code == 500
        assert f'<html lang="{language}">' in answer.content.decode()
        assert "inside" not in answer.content.decode()
