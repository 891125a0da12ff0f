"""What stands in the header: the pages an actor may open."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Context processor."""
    return {"navigation": []}
