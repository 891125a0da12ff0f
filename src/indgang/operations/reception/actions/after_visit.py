"""Asking after a visit, and taking an answer. Answers are written without a word in the journal: its times would lead to a person."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from indgang.foundation.database import clock
from indgang.foundation.identifiers.keys import digest, new_key
from indgang.foundation.places.models import House
from indgang.operations.reception.errors import InvalidRequest, NotNow
from indgang.operations.reception.letters_after_visit import send_questions
from indgang.operations.reception.models import Invitation, Journey, NoQuestions, VisitAnswer
from indgang.operations.reception.models.after_visit import Kind
from indgang.operations.reception.models.journey import Status
from indgang.operations.reception.queries.after_visit import Asked, address_digest, journeys_to_ask, questions_of, usable_until
from indgang.operations.reception.rules.after_visit import OPTIONS, day_to_ask_about, holds_cpr_number
from indgang.operations.reception.signals import asked_after_visit

TEXT_LENGTH = 2000


def ask_about_yesterday() -> int:
    """In the morning, ask those whose visit ended yesterday, in the houses that write letters; how many were asked."""
    count = 0
    for house in House.objects.filter(after_visit__mail=True).select_related("region"):
        day = day_to_ask_about(clock.now().astimezone(house.zone))
        if day is not None:
            count += sum(_ask(journey, day) for journey in journeys_to_ask(house, day))
    return count


@transaction.atomic
def _ask(journey: Journey, day: dt.date) -> bool:
    key = new_key()
    _invitation, new = Invitation.objects.get_or_create(
        journey=journey, defaults={"digest": digest(key), "expires_on": usable_until(clock.today(journey.house.zone))}
    )
    if not new:
        return False
    address = f"{settings.BASE_URL}{reverse('reception:after-visit')}?key={key}"
    send_questions(journey=journey, day=day, address=address)
    asked_after_visit.send(sender=Journey, journey=journey)
    return True


@transaction.atomic
def give_answer(*, asked: Asked, answers: Mapping[str, str]) -> None:
    """Keep what was answered, once, apart from who answered. `answers` by question; raises InvalidRequest and NotNow."""
    journey = asked.journey
    choices, text = _checked(journey.house, answers)
    _use(asked)
    done = [visit for visit in journey.visits.select_related("service") if visit.status == Status.DONE and visit.ended_at]
    day = max(visit.ended_at for visit in done if visit.ended_at).astimezone(journey.house.zone).date()
    VisitAnswer.objects.create(
        house=journey.house,
        day=day,
        services=sorted({visit.service.key for visit in done}),
        language=journey.language,
        choices=choices,
        text=text,
    )


def _checked(house: House, answers: Mapping[str, str]) -> tuple[dict[str, str], str]:
    choices, text = {}, ""
    for question in questions_of(house):
        given = answers.get(question.key, "").strip()
        if question.kind == Kind.TEXT:
            text = given
            if holds_cpr_number(text):
                raise InvalidRequest({question.key: _("This looks like a CPR number. Please leave it out.")})
            if len(text) > TEXT_LENGTH:
                raise InvalidRequest({question.key: _("Write at most %(number)s letters.") % {"number": TEXT_LENGTH}})
        elif given in OPTIONS[question.kind]:
            choices[question.key] = given
    if not choices and not text:
        raise InvalidRequest({"": _("Answer at least one question, or choose “No thanks”.")})
    return choices, text


@transaction.atomic
def decline(*, asked: Asked) -> None:
    """No thanks: this time, and where they were written to, never again."""
    _use(asked)
    contact = asked.journey.contact
    if asked.written_to and contact and contact.email:
        NoQuestions.objects.get_or_create(digest=address_digest(contact.email), defaults={"since": clock.today()})


def _use(asked: Asked) -> None:
    """Use up what opened the questions. A ticket that was never written to gets its invitation now."""
    if not asked.written_to:
        last = usable_until(clock.today(asked.journey.house.zone))
        Invitation.objects.get_or_create(journey=asked.journey, defaults={"digest": digest(new_key()), "expires_on": last})
    invitation = Invitation.objects.select_for_update().get(journey=asked.journey)
    if invitation.used:
        raise NotNow(_("You have answered already. Thank you."))
    invitation.used = True
    invitation.save(update_fields=["used"])
