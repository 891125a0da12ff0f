"""Who asks is known from one request to the next, and never longer than it is so."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth import login
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.models import Session
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.utils import timezone

from indgang.foundation.access import actors
from indgang.foundation.access.asking import Asking, asking
from indgang.foundation.access.middleware import ActorMiddleware
from indgang.foundation.identity.models import Membership, Organisation, Role, User
from indgang.foundation.identity.tests.factories import colleague, logged_in
from indgang.foundation.places.models import Region

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk() -> User:
    region = Region.objects.create(key="region", title_da="Region")
    return colleague(Organisation.objects.create(region=region, key="siri", title_da="SIRI", kind="state"), Role.CLERK)


def asked_by(browser: Client) -> HttpRequest:
    """A request of that browser, with nothing worked out yet."""
    request: HttpRequest = browser.get("/privacy/").wsgi_request
    fresh = RequestFactory().get("/", headers={"cookie": "; ".join(f"{key}={one.value}" for key, one in browser.cookies.items())})
    fresh.session, fresh.user = type(request.session)(browser.cookies["sessionid"].value), AnonymousUser()  # type: ignore[assignment]
    return fresh


def known(browser: Client) -> Asking | None:
    """Who asks, for a request that begins now."""
    return asking(asked_by(browser))


def test_whoever_was_known_a_moment_ago_costs_one_query_and_is_the_same(clerk: User, django_assert_num_queries) -> None:
    browser = logged_in(clerk)
    first = known(browser)
    assert first and (first.user, first.actor, first.second_factor) == (clerk, actors.staff(clerk), True)
    request = asked_by(browser)
    with django_assert_num_queries(1):
        again = asking(request)
        assert asking(request) is again
    assert again == first
    assert request.session.accessed, "an answer that depends on the session says so to every cache between"


CHANGES: dict[str, Callable[[User], object]] = {
    "a role ended": lambda user: Membership.objects.filter(user=user).update(ended_at=timezone.now()),
    "a role more": lambda user: Membership.objects.create(user=user, organisation=Organisation.objects.get(), role=Role.LEADER),
    "the second factor taken away": lambda user: Authenticator.objects.filter(user=user).delete(),
    "another name": lambda user: User.objects.filter(pk=user.pk).update(name="Anna Holm"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_whatever_changes_is_known_with_the_next_request(clerk: User, change: Callable[[User], object]) -> None:
    browser = logged_in(clerk)
    before = known(browser)
    change(clerk)
    after, user = known(browser), User.objects.get(pk=clerk.pk)
    assert after and before and after.standing != before.standing
    assert (after.actor, after.user.name) == (actors.staff(user), user.name)
    assert after.second_factor is Authenticator.objects.filter(user=user).exists()


def password(user: User) -> None:
    user.set_password("another long password")
    user.save()


ENDS: dict[str, Callable[[User], object]] = {
    "logged out elsewhere": lambda user: Session.objects.all().delete(),
    "logged in too long": lambda user: Session.objects.update(expire_date=timezone.now()),
    "another password": password,
    "the account closed": lambda user: User.objects.filter(pk=user.pk).update(is_active=False),
    "the account gone": lambda user: User.objects.filter(pk=user.pk).delete(),
}


@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS)
def test_whoever_is_not_let_in_any_more_is_nobody_at_once(clerk: User, end: Callable[[User], object]) -> None:
    browser = logged_in(clerk)
    assert known(browser)
    end(clerk)
    assert known(browser) is None


def test_who_logs_in_or_out_in_a_request_is_that_from_there_on(clerk: User) -> None:
    caches["near"].clear()
    seen: list[tuple[object, str]] = []

    def view(request: HttpRequest) -> HttpResponse:
        login(request, clerk, backend="allauth.account.auth_backends.AuthenticationBackend")
        seen.append((request.user, request.actor.kind))  # type: ignore[attr-defined]
        return HttpResponse()

    request = asked_by(logged_in(clerk))
    request.COOKIES.clear()
    ActorMiddleware(view)(request)
    assert seen == [(clerk, "staff")]


def test_a_browser_without_a_session_is_asked_nothing(django_assert_num_queries) -> None:
    with django_assert_num_queries(0):
        assert asking(RequestFactory().get("/")) is None
