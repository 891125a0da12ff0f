"""What people see when something is wrong: plain words, what to do, nothing about the inside."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from indgang.foundation.access.not_here import NotHere


def _page(
    request: HttpRequest, status: int, title: str | Promise, lead: str | Promise, way_on: tuple[str, str] | None = None
) -> HttpResponse:
    label, link = way_on or (_("Go to the front page"), "/")
    context = {"error_title": title, "error_lead": lead, "status": status, "to_page": label, "link": link}
    return render(request, "ui/error.html", context, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400."""
    return _page(
        request, 400, _("We could not read that"), _("Something in the address or in what was sent is not right. Go back and try again.")
    )


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403 of a view; the same words as for a page that is not there."""
    return not_found(request, exception)


def no_csrf(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 of a form whose protection against forgery did not fit: it is too old, or cookies are off."""
    return _page(
        request,
        403,
        _("This page has been open too long"),
        _("Nothing was saved. Go back, load the page again and send it once more. Cookies must be allowed for this to work."),
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404, with why and where to go where whoever asks may know it. A part of a page has the whole page say so."""
    if isinstance(exception, NotHere):
        unchanged = [_("Nothing was changed.")] if request.method == "POST" else []
        lead = " ".join(str(words) for words in [exception.lead, *unchanged])
        response = _page(request, 404, exception.title, lead, exception.way_on)
        if "HX-Request" in request.headers:
            response["HX-Refresh"] = "true"
        return response
    return _page(
        request,
        404,
        _("There is no such page"),
        _("The address may be mistyped, the link may have expired, or the page is for somebody else. Check the address, or start afresh."),
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """500. Nothing is looked up: the database may be what failed."""
    return render(request, "ui/server_error.html", status=500)
