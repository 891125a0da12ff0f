"""What the API takes and gives. Times are ISO 8601 with the offset of the house."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from ninja import Field, Schema
from ninja.schema import DjangoGetter
from pydantic import BaseModel, ConfigDict, model_validator
from pydantic_core import PydanticCustomError

from indgang.foundation.database.bilingual import in_language
from indgang.operations.reception.models import Journey, Visit
from indgang.operations.reception.models.journey import AT_A_DESK, Outcome
from indgang.operations.reception.plan_words import people_in_words, why_in_words
from indgang.operations.reception.queries.documents import Documents
from indgang.operations.reception.queries.itineraries import PlannedItinerary
from indgang.operations.reception.queries.journeys import BESIDE
from indgang.operations.reception.queries.plans import Plan
from indgang.operations.reception.rules.journeys import Elsewhere


class Sent(Schema):
    """A part of a request: an object with its fields, and nothing else that might be read as one without any."""

    @model_validator(mode="before")
    @classmethod
    def is_an_object(cls, value: Any) -> Any:
        """A list, a text or a number is refused, though every field could be left out."""
        if not isinstance(value._obj if isinstance(value, DjangoGetter) else value, dict | BaseModel):
            raise PydanticCustomError("dict_type", "not an object")
        return value


class SentExactly(Sent):
    """A request that does something by itself when fields are left out: a name that is none of its fields is refused."""

    model_config = ConfigDict(extra="forbid")


class PersonIn(Sent):
    """Somebody who comes. `purpose` only where it differs from joining the first person as family; in a booking as it was planned."""

    name: str = Field("", max_length=300)
    citizenship: str = Field("", max_length=50)
    child: bool = False
    purpose: str = Field("", max_length=50)


class PlanIn(Sent):
    """A wish. `people` gives each person; without it `adults` and `children` all have `citizenship`.

    Or new times for what is still open of a `journey`, with its `key`: then only the dates, the language and the limit are read besides.
    """

    house: str = Field("", max_length=60)
    journey: str = Field("", max_length=60)
    key: str = Field("", max_length=200)
    citizenship: str = Field("", max_length=50)
    purpose: str = Field("", max_length=50)
    municipality: str | None = Field("", max_length=50, coerce_numbers_to_str=True)
    stay_months: int | None = None
    adults: int = Field(1, ge=0, le=1000)
    children: int = Field(0, ge=0, le=1000)
    people: list[PersonIn] = Field(default_factory=list, max_length=1000)
    earliest: dt.date | None = None
    latest: dt.date | None = None
    language: str = Field("", max_length=10)
    interpreter: str | None = Field("", max_length=10)
    limit: int = Field(3, ge=1)


class OfferIn(Sent):
    """An offer from a plan."""

    offer: str = Field(max_length=20_000)


class ContactIn(Sent):
    """Whom the house writes to."""

    name: str = Field("", max_length=1000)
    email: str = Field("", max_length=1000)
    phone: str = Field("", max_length=100)
    language: str = Field("", max_length=10)


class JourneyIn(OfferIn):
    """A booking of an offer. `people` as they were planned, with names, or empty; `interpreter` as it was planned, or not at all."""

    contact: ContactIn
    people: list[PersonIn] = Field(default_factory=list, max_length=1000)
    interpreter: str | None = Field(None, max_length=10)
    consent: bool = False


class FinishIn(SentExactly):
    """How a step ended: done, documents-missing (and which: keys of the journey rules, titles, or words) or refused (and why: `note`)."""

    outcome: str = "done"
    missing: list[str] = Field(default_factory=list)
    note: str = ""


def plan_out(plan: Plan, language: str) -> dict[str, Any]:
    """A plan as the API tells it, in a language that is active."""
    people = people_in_words(plan.request.travellers)
    return {
        "steps": [
            {
                "service": step.service,
                "title": plan.services[step.service].title_in(language),
                "authority": plan.services[step.service].authority.key,
                "why": why_in_words(step.why, people),
                "bring": [in_language(document, language) for document in step.bring.values()],
                "after": sorted(step.after),
                "people": len(step.travellers),
            }
            for step in plan.needs.steps
        ],
        "itineraries": itineraries_out(plan.itineraries),
        "split": plan.split,
        "elsewhere": [_elsewhere_out(errand, people, language) for errand in plan.needs.elsewhere],
        "notes": [in_language(note, language) for note in plan.needs.notes],
    }


def _elsewhere_out(errand: Elsewhere, people: Sequence[str], language: str) -> dict[str, Any]:
    return {
        "key": errand.key,
        "title": in_language(errand.title, language),
        "who": in_language(errand.who, language),
        "why": why_in_words(errand.why, people),
        "where": in_language(errand.where, language),
        "link": errand.link,
        "people": len(errand.travellers),
    }


def itineraries_out(itineraries: tuple[PlannedItinerary, ...]) -> list[dict[str, Any]]:
    """Itineraries as the API tells them."""
    return [
        {
            "starts": way.starts.isoformat(),
            "ends": way.ends.isoformat(),
            "idle_minutes": way.idle_minutes,
            "appointments": [
                {
                    "service": stop.service.key,
                    "desk": stop.desk.desk.key,
                    "starts": stop.starts.isoformat(),
                    "ends": stop.ends.isoformat(),
                    "interpreter": stop.interpreter.key if stop.interpreter else None,
                    "room": stop.room.key if stop.room else None,
                }
                for stop in way.stops
            ],
            "offer": way.offer,
        }
        for way in itineraries
    ]


def visit_out(visit: Visit, documents: Documents) -> dict[str, Any]:
    """A step: where it is, and its times so far. Missing documents are told in the language that was asked for."""
    zone = visit.journey.house.zone
    appointment = getattr(visit, "appointment", None)

    def local(at: dt.datetime | None) -> str | None:
        return at.astimezone(zone).isoformat() if at else None

    desk = visit.desk or (appointment.desk if appointment else None)
    beside = visit if visit.status in AT_A_DESK else appointment
    return {
        "id": visit.id,
        "reference": visit.journey.reference,
        "service": visit.service.key,
        "desk": desk.key if desk else None,
        "people": visit.people,
        "status": visit.status,
        "outcome": visit.outcome or None,
        "missing": documents.missing_at(visit) if visit.outcome == Outcome.DOCUMENTS_MISSING else [],
        "starts": local(appointment.starts) if appointment else None,
        "ends": local(appointment.ends) if appointment else None,
        "arrived": local(visit.arrived_at),
        "called": local(visit.called_at),
        "started": local(visit.started_at),
        "ended": local(visit.ended_at),
        "interpreter": beside.interpreter.key if beside and beside.interpreter else None,
        "room": beside.room.key if beside and beside.room else None,
    }


def journey_out(journey: Journey) -> dict[str, Any]:
    """A journey with its appointments in the order of time."""
    visits = journey.visits.select_related("service", "desk", "appointment__desk", *BESIDE)
    documents = Documents(journey.house.region_id)
    steps = [visit_out(visit, documents) for visit in visits]
    return {
        "reference": journey.reference,
        "house": journey.house.key,
        "status": "cancelled" if journey.cancelled_at else "booked",
        "email_confirmed": journey.email_confirmed_at is not None,
        "people": journey.people,
        "language": journey.language,
        "interpreter": journey.interpreter or None,
        "sequence": journey.sequence,
        "appointments": sorted(steps, key=lambda step: step["starts"] or ""),
    }
