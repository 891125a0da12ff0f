"""Companies that somebody may be about to write down a second time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Q

from indgang.foundation.access.actors import Actor
from indgang.foundation.database.plans import through_indexes
from indgang.foundation.places.models import Municipality
from indgang.registers.parties.models import Company
from indgang.registers.parties.queries.company_file import companies_visible_to
from indgang.registers.parties.queries.search import companies_found
from indgang.registers.parties.rules.alike import core_of, names_alike, probably_same

SHOWN = 5
COMPARED = ("cvr", "name", "phone", "email", "address", "postcode", "city")


def probable_doubles(actor: Actor, facts: Mapping[str, Any]) -> list[Company]:
    """The companies that are probably the one with these facts (as `read_facts` gives them), the most alike by name first; at most five.

    Looked for through indexes, by number, telephone, e-mail address and name, whatever the size of the register.
    """
    asked = _told(facts)
    known = companies_visible_to(actor)
    own = Q()
    for name in ("cvr", "phone"):
        own |= Q(**{name: asked[name]}) if asked[name] else Q()
    own |= Q(email__istartswith=asked["email"]) if asked["email"] else Q()
    found: dict[int, Company] = {}
    if own:
        with through_indexes():
            found = {one.pk: one for one in known.filter(own).select_related("municipality").order_by("pk")[: 4 * SHOWN]}
    core = core_of(asked["name"])
    for words in ([*core, asked["city"] or asked["postcode"]], core, core[:2]):  # who wrote it down may have known fewer words of it
        found |= {one.pk: one for one in companies_found(" ".join(words), among=known)}
    alike = [one for one in found.values() if probably_same(asked, told_of(one))]
    return _each_once(sorted(alike, key=lambda one: (-names_alike(asked["name"], one.name), one.pk)))[:SHOWN]


def told_of(company: Company) -> dict[str, str]:
    """What a company is compared by."""
    place = company.municipality.code if company.municipality else ""
    return {name: getattr(company, name) or "" for name in COMPARED} | {"municipality": place}


def _told(facts: Mapping[str, Any]) -> dict[str, str]:
    place = facts.get("municipality")
    code = place.code if isinstance(place, Municipality) else place or ""
    return {name: str(facts.get(name) or "") for name in COMPARED} | {"municipality": str(code)}


def _each_once(companies: Sequence[Company]) -> list[Company]:
    once: dict[int, Company] = {}
    for company in companies:
        once.setdefault(company.same_as_id or company.pk, company)
    return list(once.values())
