"""Pages for people who work here."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.cache import add_never_cache_headers

from indgang.foundation.access.actors import Actor, NotAllowed
from indgang.foundation.access.asking import asking
from indgang.foundation.identity.login import has_second_factor
from indgang.foundation.identity.models import User

Arguments = ParamSpec("Arguments")


class StaffRequest(HttpRequest):
    """A request of somebody who is logged in."""

    user: User
    actor: Actor


def account_required(
    view: Callable[Concatenate[StaffRequest, Arguments], HttpResponse],
) -> Callable[Concatenate[HttpRequest, Arguments], HttpResponse]:
    """A page for whoever has an account, with a role or without: who is not logged in logs in first, and sets up a second factor before
    anything else.

    A part of a page that renews itself is told to load the whole page again. What staff see is kept in no cache.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Arguments.args, **kwargs: Arguments.kwargs) -> HttpResponse:
        if not request.user.is_authenticated:
            return _elsewhere(request, redirect_to_login(_way_back(request)))
        known = asking(request)
        if not (known.second_factor if known else has_second_factor(request.user)):
            return _elsewhere(request, redirect("mfa_activate_totp"))
        response = view(request, *args, **kwargs)  # type: ignore[arg-type]
        add_never_cache_headers(response)
        return response

    return guarded


def staff_required(
    view: Callable[Concatenate[StaffRequest, Arguments], HttpResponse],
) -> Callable[Concatenate[HttpRequest, Arguments], HttpResponse]:
    """A page for people who work here: an account, and a role. Somebody without a role finds nothing."""

    @wraps(view)
    def at_work(request: StaffRequest, *args: Arguments.args, **kwargs: Arguments.kwargs) -> HttpResponse:
        if not request.actor.roles:
            raise NotAllowed
        return view(request, *args, **kwargs)

    return account_required(at_work)


def _elsewhere(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Send a whole page to another; a part of one must not be replaced by a login form."""
    if "HX-Request" in request.headers:
        return HttpResponse(status=401, headers={"HX-Refresh": "true"})
    return response


def _way_back(request: HttpRequest) -> str:
    """Where to go after logging in: this page, unless it was a change, which nobody wants to repeat unseen."""
    return request.get_full_path() if request.method in ("GET", "HEAD") else settings.LOGIN_REDIRECT_URL
