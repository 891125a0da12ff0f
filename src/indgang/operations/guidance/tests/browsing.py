"""A browser of somebody at work, in a test."""

from __future__ import annotations

from typing import Any

from django.test import Client

from indgang.foundation.access.actors import Actor
from indgang.foundation.identity.tests.factories import logged_in


def browser(actor: Actor) -> Client:
    """A browser in which they have logged in, in English."""
    assert actor.user is not None
    client = logged_in(actor.user)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def page(response: Any) -> str:
    """The main part of a page, in one line."""
    return " ".join(response.content.decode().partition("<main")[2].partition("</main>")[0].split())
