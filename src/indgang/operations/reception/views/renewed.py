"""Parts of pages that ask again every other second: what it costs when nothing has changed, and when it has for fifty at once.

A page and its part have one address. Neither is kept by a browser or on the way to it, and the whole page is never "not modified": whatever
a browser holds, loading a page again brings the page (`page_and_part`).

A part is known by its *state* (what it was made of, one query) and by its *stamp* (what came out, the entity tag). The same state has the
same stamp, so a browser that holds it is told "not modified" without anything being drawn; and a part that looks the same to many is drawn
once per web process, then handed to each with a token of its own for its forms.

A browser that was let in a moment ago is not asked who it is again to be told that nothing has changed: such an answer says nothing. With
a change one query tells whether it would still be let in as the same (`standing_of`); it is asked anew where that is not so, where nobody
has had the part drawn yet, and after `LET_IN_SECONDS`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import wraps
from threading import Lock
from typing import Concatenate, ParamSpec

from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.utils.cache import add_never_cache_headers, patch_vary_headers
from django.utils.crypto import salted_hmac
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from indgang.foundation.access.asking import Asking, session_key
from indgang.foundation.access.queries import standing_of
from indgang.foundation.places.models import House
from indgang.operations.reception.queries.stamps import state_lately, state_now

Arguments = ParamSpec("Arguments")

LET_IN_SECONDS = 10
PIECE_SECONDS = 600
KEPT_SECONDS = 70  # longer than any state lasts
# Where a drawn part gets what is each reader's own: words that nobody can guess, and the same in every web process.
STAMP, TOKEN = (salted_hmac("reception.renewed", name).hexdigest() for name in ("stamp", "token"))
BLANK = {"csrf_token": TOKEN, "poll_headers": json.dumps({"If-None-Match": f'"{STAMP}"'})}
_one_at_a_time = [Lock() for _number in range(16)]


@dataclass(frozen=True)
class Part:
    """A part as it was drawn; `stamp` is its entity tag, `key` says which part it is, and for whom it looks the same."""

    key: object
    stamp: str
    text: str

    def read_by(self, request: HttpRequest) -> SafeString:
        """The part for one reader."""
        return mark_safe(self.text.replace(STAMP, self.stamp.strip('"')).replace(TOKEN, get_token(request)))


@dataclass(frozen=True)
class LetIn:
    """What a browser was given a moment ago: the part, in which state of the house for so many `seconds` (state_now), and who it was.

    `user` and `standing` say nothing (0, None) for a page that is anybody's.
    """

    house: House
    seconds: int
    state: str
    key: object
    stamp: str
    user: int
    standing: str | None


def drawn(state: str, key: object, draw: Callable[[], str]) -> Part:
    """The part in that state, drawn now; the language is in the `key` already."""
    text = draw()
    part = Part(key, f'"{_digest(text)}"', text)
    caches["parts"].set(_name("part", state, key), part, KEPT_SECONDS)
    return part


def drawn_once(state: str, key: object, draw: Callable[[], str]) -> Part:
    """The same, drawn by whoever asks first; the others wait for it."""
    name = _name("part", state, key)
    with _one_at_a_time[int(name[-1], 16)]:
        part: Part | None = caches["parts"].get(name)
        return part or drawn(state, key, draw)


def remembered(key: object, draw: Callable[[], str]) -> SafeString:
    """A piece of a part, drawn where it is not known. `key` says everything that it was made of but the language."""
    name = _name("piece", key)
    text: str | None = caches["near"].get(name)
    if text is None:
        text = draw()
        caches["near"].set(name, text, PIECE_SECONDS)
    return mark_safe(text)


def answer(request: HttpRequest, part: Part, house: House, state: str, seconds: int, *, who: Asking | None = None) -> HttpResponse:
    """The part, or "not modified". The browser is let in for a while, as whoever asks or, without that, as anybody."""
    user, standing = (who.user.pk, who.standing) if who else (0, None)
    return _told(request, part, LetIn(house, seconds, state, part.key, part.stamp, user, standing))


def _told(request: HttpRequest, part: Part, let_in: LetIn) -> HttpResponse:
    caches["near"].set(_browser(request), let_in, LET_IN_SECONDS)
    if stamp_held(request) == part.stamp:
        return stamped(HttpResponse(status=304), part.stamp)
    return stamped(HttpResponse(part.read_by(request)), part.stamp)


def asks_again(request: HttpRequest) -> bool:
    """Whether a page asks for the part of it that renews itself; else a browser asks for the whole page."""
    return "HX-Request" in request.headers


def stamp_held(request: HttpRequest) -> str | None:
    """The stamp of the part that the page holds which asks again. Whoever asks for the whole page holds nothing."""
    return request.headers.get("If-None-Match") if asks_again(request) else None


def page_and_part(
    view: Callable[Concatenate[HttpRequest, Arguments], HttpResponse],
) -> Callable[Concatenate[HttpRequest, Arguments], HttpResponse]:
    """A page and a part of it at one address, never taken for each other: neither is stored, and the page has no entity tag."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Arguments.args, **kwargs: Arguments.kwargs) -> HttpResponse:
        response = view(request, *args, **kwargs)
        add_never_cache_headers(response)
        patch_vary_headers(response, ["HX-Request"])
        if not asks_again(request):
            del response["ETag"]
        return response

    return answered


def renewing(
    view: Callable[Concatenate[HttpRequest, Arguments], HttpResponse],
) -> Callable[Concatenate[HttpRequest, Arguments], HttpResponse]:
    """A page of staff with a part that renews itself. It stands outside the question who asks."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Arguments.args, **kwargs: Arguments.kwargs) -> HttpResponse:
        return _again(request) or view(request, *args, **kwargs)

    return page_and_part(answered)


def _again(request: HttpRequest) -> HttpResponse | None:
    """For a browser that was let in moments ago: "not modified", or the part as it is now where it is drawn already."""
    stamp = stamp_held(request)
    known: LetIn | None = caches["near"].get(_browser(request)) if stamp else None
    if known is None:
        return None
    now = state_lately(known.house, known.seconds)
    if known.stamp == stamp and known.state == now:
        return stamped(HttpResponse(status=304), known.stamp)
    request.state_of_house = known.house.pk, known.seconds, now  # type: ignore[attr-defined]
    part: Part | None = caches["parts"].get(_name("part", now, known.key))
    if part is None or not _is_the_same(request, known):
        return None
    return _told(request, part, replace(known, state=now, stamp=part.stamp))


def _is_the_same(request: HttpRequest, known: LetIn) -> bool:
    return not known.user or standing_of(known.user, session_key(request)) == known.standing


def state_for(request: HttpRequest, house: House, seconds: int) -> str:
    """The state of the house for so many seconds, asked once for a request. What is read after it may be newer, never older."""
    known = getattr(request, "state_of_house", None)
    return known[2] if known and known[:2] == (house.pk, seconds) else state_now(house, seconds)


def stamp_in(state: str, key: object) -> str | None:
    """The stamp of something that is drawn for one reader only, if it has been looked at in that state."""
    stamp: str | None = caches["near"].get(_name("stamp", state, key))
    return stamp


def remember_stamp(state: str, key: object, stamp: str) -> None:
    """For `stamp_in`."""
    caches["near"].set(_name("stamp", state, key), stamp, KEPT_SECONDS)


def stamped(response: HttpResponse, stamp: str) -> HttpResponse:
    """The answer with its entity tag."""
    response["ETag"] = stamp
    return response


def poll_headers(stamp: str) -> str:
    """What a part that renews itself sends along, so that an unchanged day costs one query and no page."""
    return json.dumps({"If-None-Match": stamp})


def _browser(request: HttpRequest) -> str:
    return _name("browser", session_key(request), request.get_full_path())


def _name(*parts: object) -> str:
    return _digest(repr((*parts, get_language())))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]
