"""The letter on the morning after a visit."""

from __future__ import annotations

import datetime as dt

from indgang.foundation.mail.models import Letter
from indgang.operations.reception.models import Journey
from indgang.operations.reception.wording import greeted, letter_language, rendered, write_from_house


def send_questions(*, journey: Journey, day: dt.date, address: str) -> Letter | None:
    """Three questions, one link. Of no use two days later."""
    contact, house = journey.contact, journey.house
    if contact is None or not contact.email:
        return None
    language = letter_language(journey)
    words = rendered("after_visit", language, journey=journey, house=house, name=greeted(contact.name), day=day, address=address)
    return write_from_house(
        house,
        words,
        key=f"after-visit:{journey.id}",
        to=contact.email,
        language=language,
        not_after=dt.datetime.combine(day + dt.timedelta(days=3), dt.time(), house.zone),
        secrets=[address],
    )
