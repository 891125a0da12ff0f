"""Who asks: the user, what they may do, and in which standing; kept from one request to the next for as long as that stands.

A page of staff would otherwise read session, account, second factor, roles and houses each time; one query tells whether any of them has
changed (`standing_of`).
"""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth import SESSION_KEY, get_user
from django.core.cache import caches
from django.http import HttpRequest

from indgang.foundation.access import actors
from indgang.foundation.access.queries import standing_of
from indgang.foundation.identifiers.keys import digest
from indgang.foundation.identity.login import has_second_factor
from indgang.foundation.identity.models import User

KEPT_SECONDS = 600


@dataclass(frozen=True)
class Asking:
    """Somebody with an account, as they were when their `standing` was this one."""

    user: User
    actor: actors.Actor
    second_factor: bool
    standing: str


def asking(request: HttpRequest) -> Asking | None:
    """Who asks with the session of this request, worked out once; None for whoever is not logged in."""
    if not hasattr(request, "_asking"):
        key = session_key(request)
        request._asking = (_known(request, key) or _read(request, key)) if key else None  # type: ignore[attr-defined]
    found: Asking | None = request._asking  # type: ignore[attr-defined]
    return found


def session_key(request: HttpRequest) -> str:
    """The key of the browser's session, as it came."""
    return request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")


def _known(request: HttpRequest, key: str) -> Asking | None:
    known: Asking | None = caches["near"].get(_name(key))
    if known is None or standing_of(known.user.pk, key) != known.standing:
        return None
    request.session.accessed = True  # the answer is for this session only
    return known


def _read(request: HttpRequest, key: str) -> Asking | None:
    number = request.session.get(SESSION_KEY)
    # Asked before the rest is read: what changes meanwhile gives another standing, and the next request reads again.
    standing = standing_of(int(number), key) if number else None
    user = get_user(request)
    if standing is None or not isinstance(user, User):
        return None
    found = Asking(user, actors.staff(user), has_second_factor(user), standing)
    caches["near"].set(_name(key), found, KEPT_SECONDS)
    return found


def _name(key: str) -> str:
    return f"asking:{digest(key)}"
