"""A page that is not there for the one who asks, although they may know why: said in words, with the way on."""

from __future__ import annotations

from django.http import Http404


class NotHere(Http404):
    """What the page says instead of "there is no such page": `title`, `lead`, and the label and address of the `way_on`.

    For whoever may know of the thing itself. Outsiders get a plain Http404.
    """

    def __init__(self, *, title: str, lead: str, way_on: tuple[str, str]) -> None:
        super().__init__(title)
        self.title, self.lead, self.way_on = title, lead, way_on
