"""What the page of a company shows to one reader, read in a fixed number of queries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext as _

from indgang.foundation.access.actors import Actor
from indgang.foundation.database import clock
from indgang.foundation.identity.models import Organisation
from indgang.foundation.journal.models import Entry
from indgang.operations.guidance.models import Course, Delivery, NextStep, Screening
from indgang.operations.guidance.permissions import plan_screenings
from indgang.operations.guidance.queries.courses import courses_visible_to, deliveries_visible_to
from indgang.operations.guidance.queries.screenings import results_visible_to, screenings_visible_to
from indgang.operations.guidance.screening_words import look
from indgang.operations.guidance.views.approach_company import on_company
from indgang.registers.parties import permissions
from indgang.registers.parties.industry_words import industry_in_line, industry_in_words
from indgang.registers.parties.models import Company, Consent, ConsentKind, Establishment, Sharing, Tie, TieKind
from indgang.registers.parties.queries.company_file import companies_visible_to, consents_visible_to, contacts_visible_to
from indgang.registers.parties.queries.ties import STILL_IN_CONTACT, ties_visible_to
from indgang.registers.parties.wording import (
    cvr_in_words,
    employees_in_words,
    fields_in_words,
    place_in_words,
    size_in_words,
    tie_in_words,
    time_in_words,
)
from indgang.workspace.company_timeline import SHOWN_AT_FIRST, timeline_of

RECENT = 8
NEWEST = 4  # of each list; the others are opened
RECENT_DAYS = dt.timedelta(days=30)


def page_of(actor: Actor, company: Company) -> dict[str, Any]:
    """Everything that the actor may see of it."""
    records = same_as(actor, company)
    ids = [record.pk for record in records]
    ties = list(ties_visible_to(actor).filter(company__in=ids).select_related("organisation").order_by("-started", "-pk"))
    people = contacts_visible_to(actor).filter(company__in=ids).select_related("organisation").order_by("ended", "name", "pk")
    courses = (
        courses_visible_to(actor)
        .filter(company__in=ids)
        .select_related("organisation")
        .order_by(F("ended").desc(nulls_first=True), "-started", "-pk")
    )
    story = timeline_of(actor, records, ties)
    consents = list(consents_visible_to(actor).filter(company__in=ids, withdrawn_at=None).select_related("organisation"))
    contacts = list(people)
    named: dict[int | None, str] = {one.pk: one.name for one in contacts}
    approach, contact = on_company(actor, company), contact_now(actor, ties)
    contact["collision"] = contact["collision"] or approach["approach"].collision
    return {
        **approach,
        "company": company,
        "facts": facts_of(company),
        "writes": permissions.serve_companies(actor),
        "serves_openly": permissions.serve_openly(actor),
        "confidential": _is_theirs_alone(actor, ties),
        **contact,
        "contacts": [one for one in contacts if one.ended is None],
        "former": [one for one in contacts if one.ended is not None],
        "mine": actor.organisation.pk if actor.organisation else None,
        "marketing": marketing_of(actor, company, consents),
        "consents": [(consent, ConsentKind(consent.kind).label, named.get(consent.contact_id)) for consent in consents],
        "courses": [_course(course) for course in courses],
        "deliveries": [_delivery(one) for one in deliveries_visible_to(actor).filter(company__in=ids).order_by("-date", "-pk")],
        **screenings_on(actor, ids, ties),
        "next_steps": list(_next_steps(courses)),
        "establishments": list(Establishment.objects.filter(company__in=ids).select_related("municipality").order_by("name", "p_number")),
        "others": [record for record in records if record.pk != company.pk],
        "newest": f":{NEWEST}",
        "older": f"{NEWEST}:",
        "story": story[:SHOWN_AT_FIRST],
        "earlier": story[SHOWN_AT_FIRST:],
    }


def screenings_on(actor: Actor, ids: Sequence[int], ties: Sequence[Tie]) -> dict[str, Any]:
    """The visits that the actor keeps or follows, and the results that the company shares with them; its ties say whether there are any."""
    found: list[Screening] = []
    if any(tie.kind == TieKind.SCREENING for tie in ties):
        own, shared = screenings_visible_to(actor).values("pk"), results_visible_to(actor).values("pk")
        visits = Screening.objects.filter(Q(pk__in=own) | Q(pk__in=shared), company__in=ids)
        visits = visits.annotate(own=Exists(screenings_visible_to(actor).filter(pk=OuterRef("pk"))))
        found = list(visits.select_related("organisation").order_by("-date", "-pk"))
    return {"screenings": [(one, *look(one)) for one in found], "plans_screenings": plan_screenings(actor)}


def same_as(actor: Actor, company: Company) -> list[Company]:
    """The records that were judged to be this company, itself among them."""
    root = company.same_as_id or company.pk
    found = companies_visible_to(actor).filter(Q(pk=root) | Q(same_as=root)).select_related("municipality").order_by("pk")
    return [record for record in found if record.pk != company.pk] + [company]


def facts_of(company: Company) -> dict[str, Any]:
    """The facts that all share, in words."""
    return {
        "cvr": cvr_in_words(company.cvr),
        "place": place_in_words(company),
        "size": size_in_words(company),
        "employees": employees_in_words(company),
        "industry": industry_in_words(company),
        "industry_in_line": industry_in_line(company),
        "address": ", ".join(filter(None, (company.address, f"{company.postcode} {company.city}".strip()))),
        "municipality": company.municipality.title if company.municipality else "",
    }


def contact_now(actor: Actor, ties: Sequence[Tie]) -> dict[str, Any]:
    """Who is in contact, the newest first, everybody once; and whether that is somebody else, so that it is said before a call."""
    today = clock.today()
    running = [tie for tie in ties if tie.started <= today and (tie.ended is None or tie.ended >= today - STILL_IN_CONTACT)]
    latest: dict[tuple[int, str], Tie] = {}
    for tie in running:
        latest.setdefault((tie.organisation_id, tie.consultant), tie)
    name = actor.user.name if actor.user else ""
    mine = actor.organisation.pk if actor.organisation else None
    told = [
        {"organisation": tie.organisation.title, "what": tie_in_words(tie), "me": (tie.organisation_id, tie.consultant) == (mine, name)}
        for tie in latest.values()
    ]
    return {"in_contact": told, "collision": any(not one["me"] for one in told), "known": list({tie.organisation.title: 0 for tie in ties})}


def marketing_of(actor: Actor, company: Company, consents: Sequence[Consent]) -> dict[str, Any]:
    """Whether the actor's organisation may send marketing, and why not."""
    mine = actor.organisation.pk if actor.organisation else None
    given = [one for one in consents if one.kind == ConsentKind.MARKETING and one.organisation_id == mine]
    if company.advertising_protected:
        return {"allowed": False, "why": _("It is protected against advertising, says the register.")}
    if not given:
        return {"allowed": False, "why": _("It has not agreed to newsletters or invitations from your organisation.")}
    return {"allowed": True, "why": ""}


def recently_opened(actor: Actor) -> list[Company]:
    """The companies whose page the actor opened last."""
    if actor.user is None:
        return []
    opened = Entry.objects.filter(house=None, verb="company.read", user=actor.user, at__gt=clock.now() - RECENT_DAYS)
    ids = list(dict.fromkeys(int(number) for number in opened.order_by("-at").values_list("subject_id", flat=True)[:60]))[:RECENT]
    found = companies_visible_to(actor).select_related("municipality").in_bulk(ids)
    return [found[number] for number in ids if number in found]


def result_of(company: Company, known: Sequence[Organisation]) -> dict[str, Any]:
    """A company in a list."""
    words = filter(None, (place_in_words(company), size_in_words(company), industry_in_line(company)))
    return {"company": company, "about": " · ".join(words), "cvr": cvr_in_words(company.cvr), "known": [one.title for one in known]}


def _is_theirs_alone(actor: Actor, ties: Sequence[Tie]) -> str:
    """With whom the actor shares what they write, unless they choose: where their team is at work, with the team."""
    mine = actor.organisation.pk if actor.organisation else None
    quiet = any(tie.confidential and tie.organisation_id == mine for tie in ties)
    return Sharing.TEAM if quiet and permissions.in_team(actor) else Sharing.ORGANISATION


def _course(course: Course) -> dict[str, Any]:
    told = [course.get_category_display(), fields_in_words(course.fields)] if course.fields else [course.get_category_display()]
    return {"course": course, "title": ": ".join(told), "when": time_in_words(course.started, course.ended)}


def _delivery(delivery: Delivery) -> dict[str, Any]:
    return {"delivery": delivery, "title": delivery.get_kind_display(), "when": time_in_words(delivery.date, delivery.date)}


def _next_steps(courses: Any) -> Any:
    open_ones = NextStep.objects.filter(course__in=courses.values("pk"), done_on=None, removed_at=None)
    return open_ones.select_related("course").order_by("due", "pk")
