"""What a browser session of somebody without an account knows: its own key for holding places, the offer it chose, and
the journeys it opened.

Written by POST only.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.dateparse import parse_datetime

from indgang.foundation.identifiers.keys import new_key

CLIENT, CHOICE, OPENED, PROVED = "reception.client", "reception.choice", "reception.opened", "reception.proved"
JOINED, WAITED = "reception.joined", "reception.waited"
GROUPS = "reception.groups"
OPENED_AT_MOST = 20


@dataclass(frozen=True)
class Choice:
    """The offer that was chosen, until when its places are held (None: not held), and the key that makes a double submit harmless."""

    offer: str
    token: str
    held_until: dt.datetime | None = None


def client_key(request: HttpRequest) -> str:
    """A key that only this browser session knows."""
    return str(request.session.setdefault(CLIENT, new_key()))


def remember_choice(request: HttpRequest, offer: str, held_until: dt.datetime | None) -> Choice:
    """Keep what was chosen for the form that follows; a new choice gets a new token."""
    choice = Choice(offer, new_key(), held_until)
    request.session[CHOICE] = {"offer": offer, "token": choice.token, "held_until": held_until.isoformat() if held_until else ""}
    return choice


def choice_of(request: HttpRequest) -> Choice | None:
    """What was chosen last, if anything."""
    kept = request.session.get(CHOICE)
    return Choice(kept["offer"], kept["token"], parse_datetime(kept["held_until"])) if kept else None


def forget_choice(request: HttpRequest) -> None:
    """The choice has become a booking."""
    request.session.pop(CHOICE, None)


def open_journey(request: HttpRequest, reference: str) -> None:
    """From now on this browser session may see and change the journey."""
    opened = [known for known in request.session.get(OPENED, []) if known != reference]
    request.session.cycle_key()
    request.session.pop(PROVED, None)
    request.session[OPENED] = [*opened, reference][-OPENED_AT_MOST:]


def remember_proof(request: HttpRequest, reference: str) -> None:
    """This browser session has shown a key of the journey: the key need not stand in the address while the code is on its way."""
    request.session[PROVED] = [reference]


def has_proved(request: HttpRequest, reference: str) -> bool:
    """Whether this browser session has shown a key of the journey, so that it may enter the code."""
    return bool(reference) and reference in request.session.get(PROVED, [])


def has_opened(request: HttpRequest, reference: str) -> bool:
    """Whether this browser session may see and change the journey."""
    return bool(reference) and reference in request.session.get(OPENED, [])


def remember_joined(request: HttpRequest, entry: str) -> None:
    """This browser session has asked for a place on the waiting list; whether the address is theirs is not known yet."""
    request.session[JOINED] = [entry]


def has_joined(request: HttpRequest, entry: str) -> bool:
    """Whether this browser session has asked for that place."""
    return entry in request.session.get(JOINED, [])


def remember_waited(request: HttpRequest, entry: str) -> None:
    """This browser session has shown a key of a letter to that place on the waiting list: it need not stand in the address any more."""
    opened = [known for known in request.session.get(WAITED, []) if known != entry]
    if len(opened) == len(request.session.get(WAITED, [])):
        request.session.cycle_key()
    request.session[WAITED] = [*opened, entry][-OPENED_AT_MOST:]


def has_waited(request: HttpRequest, entry: str) -> bool:
    """Whether this browser session may see and change that place on the waiting list."""
    return entry in request.session.get(WAITED, [])


def open_group(request: HttpRequest, group: str) -> None:
    """This browser session has shown the key of an employer's letter: the group stays open here."""
    opened = [known for known in request.session.get(GROUPS, []) if known != group]
    if len(opened) == len(request.session.get(GROUPS, [])):
        request.session.cycle_key()
    request.session[GROUPS] = [*opened, group][-OPENED_AT_MOST:]


def has_group(request: HttpRequest, group: str) -> bool:
    """Whether this browser session may see and change an employer's group."""
    return group in request.session.get(GROUPS, [])
