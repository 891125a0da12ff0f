"""Interpreters and rooms in words: "With interpreter: Amina (Arabic)", "Room: Talk room"."""

from __future__ import annotations

from django.utils.text import capfirst
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from indgang.operations.reception.languages import language_in_words
from indgang.operations.reception.models import Appointment, Resource, Visit
from indgang.operations.reception.models.journey import AT_A_DESK


def beside_in_words(interpreter: Resource | None, room: Resource | None, spoken: str, language: str = "") -> list[str]:
    """What a step has beside its desk, a sentence each. `spoken`: the language that is interpreted."""
    language = language or get_language() or "en"
    said = []
    with override(language):
        if interpreter and spoken:
            facts = {"name": interpreter.title_in(language), "language": language_in_words(spoken)}
            said.append(_("With interpreter: %(name)s (%(language)s)") % facts)
        elif interpreter:
            said.append(_("With interpreter: %(name)s") % {"name": interpreter.title_in(language)})
        if room:
            said.append(_("Room: %(name)s") % {"name": room.title_in(language)})
    return said


def beside_appointment(appointment: Appointment | None, spoken: str, language: str = "") -> list[str]:
    """The same for a step that is booked; nothing for one that is not."""
    return beside_in_words(appointment.interpreter, appointment.room, spoken, language) if appointment else []


def beside_visit(visit: Visit, language: str = "") -> list[str]:
    """What the step has beside its desk: at a desk what it took with the call, else as booked."""
    spoken = visit.journey.interpreter
    if visit.status in AT_A_DESK:
        return beside_in_words(visit.interpreter, visit.room, spoken, language)
    return beside_appointment(getattr(visit, "appointment", None), spoken, language)


def need_in_words(spoken: str) -> str:
    """That a party needs an interpreter; nothing where it needs none."""
    return _("Needs an interpreter: %(language)s") % {"language": language_in_words(spoken)} if spoken else ""


def resource_facts(one: Resource) -> str:
    """What it is for, in a line: the languages, or the services that are done in the room."""
    if one.languages:
        return capfirst(", ".join(language_in_words(code) for code in one.languages))
    return ", ".join(service.title for service in one.services.all())


def language_of_place(one: Resource, spoken: str) -> str:
    """The language that is interpreted there; nothing for a room."""
    return language_in_words(spoken) if one.languages and spoken else ""
