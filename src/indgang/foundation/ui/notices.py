"""The privacy notice and the accessibility statement, from the region's facts and from what the models declare."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What is kept about people, why, for how long, and their rights."""
    return render(request, "ui/privacy.html", {})


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """How accessible the pages are and where to complain."""
    return render(request, "ui/accessibility.html", {})
