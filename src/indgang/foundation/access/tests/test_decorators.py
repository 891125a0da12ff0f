"""The door to pages for staff."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from indgang.foundation.access import actors
from indgang.foundation.access.actors import NotAllowed
from indgang.foundation.access.decorators import staff_required
from indgang.foundation.identity.models import Organisation
from indgang.foundation.identity.tests.factories import colleague
from indgang.foundation.places.models import Region

pytestmark = pytest.mark.django_db


@staff_required
def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse("for staff")


@pytest.fixture
def siri() -> Organisation:
    region = Region.objects.create(key="region", title_da="Region")
    return Organisation.objects.create(region=region, key="siri", title_da="SIRI", kind="state")


def asked(user: object, method: str = "get", **headers: str) -> HttpResponse:
    request = getattr(RequestFactory(), method)("/board/?day=1", headers=headers)
    request.user = user
    request.actor = actors.staff(user) if user.is_authenticated else actors.ANONYMOUS
    return page(request)


def test_whoever_is_not_logged_in_logs_in_and_comes_back() -> None:
    answer = asked(AnonymousUser())
    assert (answer.status_code, answer["Location"]) == (302, "/account/login/?next=/board/%3Fday%3D1")


def test_a_change_is_not_repeated_after_logging_in() -> None:
    assert asked(AnonymousUser(), "post")["Location"] == "/account/login/?next=/my-day/"


def test_without_a_second_factor_no_page_opens(siri: Organisation) -> None:
    answer = asked(colleague(siri, "clerk", second_factor=False))
    assert (answer.status_code, answer["Location"]) == (302, "/account/codes/activate/")


def test_a_part_of_a_page_is_never_replaced_by_a_login_form(siri: Organisation) -> None:
    for user in (AnonymousUser(), colleague(siri, "clerk", second_factor=False)):
        answer = asked(user, **{"HX-Request": "true"})
        assert (answer.status_code, answer["HX-Refresh"], answer.content) == (401, "true", b"")


def test_somebody_without_a_role_finds_nothing(siri: Organisation) -> None:
    with pytest.raises(NotAllowed):
        asked(colleague(siri))


def test_colleagues_come_in_and_nothing_is_cached(siri: Organisation) -> None:
    answer = asked(colleague(siri, "clerk"))
    assert answer.content == b"for staff"
    assert "no-store" in answer["Cache-Control"]
