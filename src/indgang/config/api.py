"""The one HTTP API, `/api/v1/`: every room's router, tokens, and errors as RFC 9457 problem+json."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import Any

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.db import DataError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.security import HttpBearer

from indgang.config.openapi import DescribedAPI
from indgang.config.problems import problem
from indgang.config.unreadable import field_of, message_of
from indgang.foundation.access import actors
from indgang.foundation.identity.actions import note_token_use
from indgang.foundation.identity.queries import user_of_token
from indgang.operations.reception import errors
from indgang.operations.reception.api import groups_api, journeys_api, public_api, schemas, staff_api, tickets_api, waiting_api

log = logging.getLogger(__name__)


class Token(HttpBearer):
    """`Authorization: Bearer ...` with a token from `indgang token create`."""

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        """The user behind the token; the request then acts as that user."""
        user = user_of_token(token)
        if user:
            note_token_use(token=token)
            request.actor = actors.staff(user)  # type: ignore[attr-defined]
        return user


api = DescribedAPI(title="Indgang", version="1", description="A region's one-point entry.", docs_url=None, urls_namespace="api")
api.add_router("", public_api.router)
api.add_router("", journeys_api.router)
api.add_router("", tickets_api.router)
api.add_router("", waiting_api.router)
api.add_router("", groups_api.router)
api.add_router("", staff_api.router, auth=Token())


@api.exception_handler(errors.InvalidRequest)
def invalid(request: HttpRequest, error: errors.InvalidRequest) -> HttpResponse:
    """Fields that cannot be used, each with its message."""
    return problem(422, error.message, errors=[{"field": field, "message": message} for field, message in error.fields.items()])


@api.exception_handler(ValidationError)
def malformed(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Fields of the wrong kind, before anything was looked at."""
    found = [{"field": field_of(one["loc"]), "message": message_of(one)} for one in error.errors]
    return problem(422, _("Some of what was sent cannot be read."), errors=found)


@api.exception_handler(errors.PlacesGone)
def places_gone(request: HttpRequest, error: errors.PlacesGone) -> HttpResponse:
    """Somebody was quicker: fresh itineraries."""
    return problem(409, error.message, itineraries=schemas.itineraries_out(error.alternatives))


@api.exception_handler(errors.GroupChanged)
def group_changed(request: HttpRequest, error: errors.GroupChanged) -> HttpResponse:
    """Some of a group's times are gone: who was planned anew."""
    return problem(409, error.message, people=error.people)


@api.exception_handler(errors.OfferRefused)
def offer_refused(request: HttpRequest, error: errors.OfferRefused) -> HttpResponse:
    """An offer that has run out, or is none."""
    return problem(422, error.message, errors=[{"field": "offer", "message": error.message}])


@api.exception_handler(errors.TooManyBookings)
def too_many(request: HttpRequest, error: errors.TooManyBookings) -> HttpResponse:
    """The bulk limit."""
    return problem(429, error.message)


@api.exception_handler(errors.NotNow)
def not_now(request: HttpRequest, error: errors.NotNow) -> HttpResponse:
    """It cannot be done with the thing as it is."""
    return problem(409, error.message)


@api.exception_handler(Http404)
@api.exception_handler(actors.NotAllowed)
def not_found(request: HttpRequest, error: Exception) -> HttpResponse:
    """Not there, or not for you: the same answer."""
    return problem(404, _("There is nothing here under this address with this key."))


@api.exception_handler(AuthenticationError)
def no_token(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    """No token, or none that is valid."""
    return problem(401, _("Send a valid token as “Authorization: Bearer …”."))


@api.exception_handler(HttpError)
def http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    """What the framework refuses: a body that is not JSON, for one."""
    unreadable = error.status_code == HTTPStatus.BAD_REQUEST
    return problem(error.status_code, _("The body cannot be read as JSON.") if unreadable else str(error))


@api.exception_handler(RequestDataTooBig)
@api.exception_handler(TooManyFieldsSent)
def too_big(request: HttpRequest, error: Exception) -> HttpResponse:
    """A body that is larger than any booking."""
    return problem(413, _("The request is too large."))


@api.exception_handler(DataError)
def cannot_be_stored(request: HttpRequest, error: DataError) -> HttpResponse:
    """Characters or numbers that no database holds, such as U+0000."""
    return problem(422, _("Some of what was sent cannot be read."))


@api.exception_handler(OperationalError)
def database_away(request: HttpRequest, error: OperationalError) -> HttpResponse:
    """The database cannot be reached just now."""
    log.exception("The database cannot be reached")
    return problem(503, _("We cannot answer just now. Nothing was changed. Try again in a minute."))


@api.exception_handler(Exception)
def unexpected(request: HttpRequest, error: Exception) -> HttpResponse:
    """A fault of ours: logged, and told without its inside."""
    log.exception("A request failed")
    return problem(500, _("Something went wrong on our side. Nothing was changed. Try again."))
