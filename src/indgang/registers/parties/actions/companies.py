"""What people do to a company's shared facts. What they change here holds before all tables, until they leave it to them again; what they
write of a company that no table knows yet holds until the first one does."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from indgang.foundation.access.actors import Actor, require
from indgang.foundation.database import clock
from indgang.foundation.journal import actions as journal
from indgang.foundation.journal.models import Circle
from indgang.foundation.places.models import Municipality
from indgang.registers.parties import permissions
from indgang.registers.parties.actions.changes import keep_change, kept_of, put_back, refuse_changed_since, standing_change, take_back
from indgang.registers.parties.actions.locks import JUDGEMENTS, lock
from indgang.registers.parties.actions.moves import never_moved, note_moves
from indgang.registers.parties.actions.words import Vocabulary
from indgang.registers.parties.errors import AlreadyKnown, InvalidFacts
from indgang.registers.parties.facts import FACTS, PRIVATE, as_told, read_facts, refuse_what_cannot_be, with_what_goes_along
from indgang.registers.parties.import_columns import COMPANY_COLUMNS
from indgang.registers.parties.models import Change, Company
from indgang.registers.parties.rules.words import words_of

CLICKED_AGAIN = dt.timedelta(minutes=10)  # the same company without a number, written down again so soon, is the same form sent twice


@transaction.atomic
def create_company(
    *, actor: Actor, cvr: str | None = None, name: str, municipality: Municipality | str | None = None, **facts: Any
) -> Company:
    """Write a company into the register. One that is about to start has no CVR number.

    Facts are as `read_facts` takes them. Raises AlreadyKnown, with the company, where the number is in the register, or where the same
    company without one was written down just now; and InvalidFacts.
    """
    require(permissions.serve_companies, actor)
    company = Company(**read_facts({"cvr": cvr, "name": name, "municipality": municipality, **facts}))
    refuse_what_cannot_be(company)
    company.typed = {column.name: said for column in COMPANY_COLUMNS if not column.key and (said := as_told(company, column.name))}
    lock(f"company:{company.cvr or company.name.casefold()}")
    if known := _known(company):
        raise AlreadyKnown(known)
    Vocabulary().learn([company])
    try:
        with transaction.atomic():
            company.save()
    except IntegrityError:  # a table brought it in at this moment
        raise AlreadyKnown(Company.objects.get(cvr=company.cvr)) from None
    journal.record(actor=actor, verb="company.created", subject=company, circle=circle_of(actor), after=_told(company, FACTS))
    return company


@transaction.atomic
def change_company(*, actor: Actor, company: Company, **facts: Any) -> Company:
    """Write facts over those of a company; what is not named stays. The same again changes nothing, and the journal hears nothing.

    Raises InvalidFacts, and AlreadyKnown where another company has that CVR number.
    """
    require(permissions.serve_companies, actor)
    if "cvr" in facts:
        lock(JUDGEMENTS)  # before the company itself, as whoever judges does
    company = Company.objects.select_for_update(of=("self",)).select_related("municipality").get(pk=company.pk)
    wanted = read_facts(facts)
    changed = {name: value for name, value in wanted.items() if getattr(company, name) != value}
    if not changed:
        return company
    _refuse_number(company, changed)
    before, was, had = _told(company, changed), company.municipality_id, {name: as_told(company, name) for name in changed}
    stood = kept_of(company, changed) | {"by_hand": {name: company.by_hand[name] for name in changed if name in company.by_hand}}
    for name, value in changed.items():
        setattr(company, name, value)
    refuse_what_cannot_be(company)
    _note_by_hand(company, had)
    Vocabulary().learn([company])
    company.save(update_fields=[*changed, "words", "places", "by_hand"])
    keep_change(actor=actor, record=company, before=stood, after=kept_of(company, with_what_goes_along(changed)))
    note_moves([(company.pk, was, company.municipality_id)])
    journal.record(
        actor=actor, verb="company.changed", subject=company, circle=circle_of(actor), before=before, after=_told(company, changed)
    )
    return company


@transaction.atomic
def take_back_change_of_company(*, actor: Actor, change: Change) -> None:
    """The facts stand as they did before, and are left to the tables, or not, as they were. Raises NotNow where they, or what goes with
    them, were changed again. Twice changes nothing."""
    require(permissions.serve_companies, actor)
    lock(JUDGEMENTS)  # before the company itself, as whoever judges does
    standing = standing_change(actor, change)
    if standing is None:
        return
    company = Company.objects.select_for_update(of=("self",)).select_related("municipality").get(pk=standing.company_id)
    refuse_changed_since(company, standing)
    noted = standing.before.pop("by_hand")
    changed, had = list(standing.before), _told(company, standing.before)
    put_back(company, standing.before)
    company.by_hand = {name: was for name, was in company.by_hand.items() if name not in changed} | noted
    Vocabulary().learn([company])
    company.save(update_fields=[*changed, "words", "places", "by_hand"])
    if "municipality" in changed:
        never_moved(company, since=standing.at)
    now, circle = _told(company, changed), circle_of(actor)
    journal.record(actor=actor, verb="company.change-taken-back", subject=company, circle=circle, before=had, after=now)
    take_back(standing)


def circle_of(actor: Actor) -> Circle:
    """Who may hear who wrote a shared fact. Of a member of an Early Warning team only the team: that they deal with a company could
    tell of a case, and the organisation's name with it."""
    return Circle.TEAM if permissions.in_team(actor) else Circle.COMPANIES


def _known(company: Company) -> Company | None:
    if company.cvr:
        return Company.objects.filter(cvr=company.cvr).first()
    lately = Company.objects.filter(cvr=None, created_at__gte=clock.now() - CLICKED_AGAIN, municipality=company.municipality)
    same = (one for one in lately.order_by("pk") if words_of(one.name) == words_of(company.name))
    return next((one for one in same if (one.email, one.phone) == (company.email, company.phone)), None)


def _refuse_number(company: Company, changed: Mapping[str, Any]) -> None:
    """A number names one company, and those judged the same have one number at most."""
    number = changed.get("cvr")
    if "cvr" in changed and not number:
        raise InvalidFacts({"cvr": _("Write the company's CVR number. It cannot be taken out again.")})
    if not number:
        return
    lock(f"company:{number}")
    if other := Company.objects.filter(cvr=number).first():
        raise AlreadyKnown(other)
    root = company.same_as_id or company.pk
    if Company.objects.filter(same_as=root).exclude(pk=company.pk).exclude(cvr=None).exists() or _root_has_number(root, company):
        raise InvalidFacts({"cvr": _("The company is linked with one that has another CVR number. Take that link back first.")})


def _root_has_number(root: int, company: Company) -> bool:
    return root != company.pk and Company.objects.filter(pk=root).exclude(cvr=None).exists()


def _note_by_hand(company: Company, had: Mapping[str, str]) -> None:
    """Keep what stood before people changed it, as a table says it. To write what stood is to leave it to the tables again."""
    noted = dict(company.by_hand)
    for name, before in had.items():
        if noted.setdefault(name, before) == as_told(company, name):
            del noted[name]
    company.by_hand = noted


def _told(company: Company, names: Iterable[str]) -> dict[str, Any]:
    """What the journal keeps: which facts, and how they stand where they are nobody's own. It is kept longer than a company is."""
    chosen = list(names)
    facts = {name: as_told(company, name) for name in chosen if name not in PRIVATE and as_told(company, name)}
    return {"columns": [name for name in chosen if as_told(company, name)], **facts}
