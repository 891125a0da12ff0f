"""Every request has an actor; what an actor may not see is not there."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import BadRequest
from django.db import DataError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from indgang.foundation.access import actors
from indgang.foundation.access.asking import asking
from indgang.foundation.identity.models import User


def actor_of(request: HttpRequest) -> actors.Actor:
    """The staff member who is logged in, or nobody known."""
    user, known = request.user, asking(request)
    if known and known.user.pk == user.pk:
        return known.actor
    return actors.staff(user) if user.is_authenticated else actors.ANONYMOUS  # logged in or out by this very request


def _user_of(request: HttpRequest, otherwise: User | AnonymousUser) -> User | AnonymousUser:
    known = asking(request)
    return known.user if known else otherwise


class ActorMiddleware:
    """Sets `request.user` and `request.actor` (worked out when first asked for) and turns NotAllowed into "not found"."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        by_session = request.user
        request.user = SimpleLazyObject(lambda: _user_of(request, by_session))  # type: ignore[assignment]
        request.actor = SimpleLazyObject(lambda: actor_of(request))  # type: ignore[attr-defined]
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """Outsiders are told that there is nothing, not that they may not; what cannot be stored is a bad request."""
        if isinstance(exception, actors.NotAllowed):
            raise Http404
        if isinstance(exception, DataError):  # characters or numbers that no database holds, such as U+0000
            raise BadRequest from exception
