"""Tickets near closing time, as whoever holds one sees them."""

from __future__ import annotations

from typing import Any

from django.test import Client

from indgang.foundation.access.actors import ANONYMOUS
from indgang.foundation.places.models import House
from indgang.operations.reception.actions.tickets import Errands, TakenTicket, take_ticket
from indgang.operations.reception.tests.newcomer_day import text_of


def ticket(house: House, service: str = "tax-card") -> TakenTicket:
    """One taken at the kiosk."""
    return take_ticket(actor=ANONYMOUS, house=house, errands=Errands([service]))


def ticket_page(taken: TakenTicket) -> str:
    """What the phone shows."""
    client = Client(headers={"Accept-Language": "en"})
    return text_of(client.get(f"/ticket/{taken.ticket.number}/?key={taken.key}"))


def ticket_answer(taken: TakenTicket) -> dict[str, Any]:
    """What the API tells."""
    answer: dict[str, Any] = Client().get(f"/api/v1/tickets/{taken.ticket.number}?key={taken.key}").json()
    return answer
