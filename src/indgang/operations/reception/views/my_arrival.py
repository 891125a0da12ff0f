"""My arrival: what somebody without an account sees of their journey."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse


def my_arrival(request: HttpRequest, reference: str) -> HttpResponse:
    """The journey's page."""
    raise Http404
