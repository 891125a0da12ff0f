"""Reads across rooms: whom a member of staff may see, and finding them."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from django.db.models import Exists, OuterRef, Q, QuerySet

from indgang.foundation.access.actors import Actor
from indgang.foundation.identifiers.keys import normal_reference
from indgang.operations.reception.models import Journey, Traveller
from indgang.operations.reception.queries.journeys import journeys_visible_to
from indgang.registers.parties.models import Person

FOUND_AT_MOST = 30
LETTERS = 2  # one alone is in nearly every name


def people_visible_to(actor: Actor) -> QuerySet[Person]:
    """The people on journeys that the actor may see. Staff only: a citizen reads their own journey, not the register."""
    if actor.kind not in ("staff", "system"):
        return Person.objects.none()
    journeys = journeys_visible_to(actor)
    travelling = Traveller.objects.filter(person=OuterRef("pk"), journey__in=journeys.values("pk"))
    return Person.objects.filter(Exists(travelling) | Exists(journeys.filter(contact=OuterRef("pk"))))


def journeys_of(person: Person, actor: Actor) -> QuerySet[Journey]:
    """The person's journeys that the actor may see, the newest first."""
    travelled = Traveller.objects.filter(person=person).values_list("journey", flat=True)
    return journeys_visible_to(actor).filter(Q(contact=person) | Q(pk__in=list(travelled))).order_by("-created_at")


def says_enough(words: str) -> bool:
    """Whether the words can be searched for: at least two letters together, or one sign of a script whose names are that short."""
    return any(len(word) >= LETTERS or (word.isalpha() and not unicodedata.name(word, "").startswith("LATIN")) for word in words.split())


def people_named(actor: Actor, words: str) -> Sequence[Person]:
    """Visible people whose name holds all the words, or whose e-mail begins so; at most thirty. None where that is too little."""
    if not says_enough(words):
        return []
    named = Q(email__istartswith=words) if "@" in words else Q()
    if not named:
        for word in words.split()[:6]:
            named &= Q(name__icontains=word)
    return list(people_visible_to(actor).filter(named).select_related("municipality").order_by("name", "pk")[:FOUND_AT_MOST])


def journey_with(actor: Actor, words: str) -> Journey | None:
    """The visible journey with that reference."""
    if actor.kind != "staff":
        return None
    return journeys_visible_to(actor).filter(reference=normal_reference(words) or words.strip()).first() if words.strip() else None
