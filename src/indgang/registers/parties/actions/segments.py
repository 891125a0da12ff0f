"""Keeping lists of companies."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from indgang.foundation.access.actors import Actor, require
from indgang.foundation.database import clock
from indgang.foundation.journal import actions as journal
from indgang.foundation.journal.models import Circle
from indgang.registers.parties import permissions
from indgang.registers.parties.errors import InvalidFacts, NotNow
from indgang.registers.parties.models import Segment
from indgang.registers.parties.rules.segments import Criteria

LONGEST_NAME = 100


@transaction.atomic
def save_segment(*, actor: Actor, name: str, criteria: Criteria) -> Segment:
    """Keep a list under a name, for everybody in the organisation. The same list under the same name is kept once; a list of that name that
    says something else becomes this one."""
    require(permissions.serve_companies, actor)
    assert actor.organisation is not None
    name = " ".join(name.split())
    if not name:
        raise InvalidFacts({"name": _("Give the list a name.")})
    if len(name) > LONGEST_NAME:
        raise InvalidFacts({"name": _("Choose a shorter name, of 100 characters at most.")})
    kept = criteria.kept()
    said = {"organisation": actor.organisation, "name": name, "removed_at": None}
    segment, made = Segment.objects.select_for_update().get_or_create(**said, defaults={"criteria": kept, "author": actor.user})
    if made:
        _write(actor, "segment.saved", segment)
    elif segment.criteria != kept:
        segment.criteria = kept
        segment.save(update_fields=["criteria"])
        _write(actor, "segment.changed", segment)
    return segment


@transaction.atomic
def remove_segment(*, actor: Actor, segment: Segment) -> Segment:
    """Remove a list; the companies stay as they are."""
    segment = _locked(actor, segment)
    if segment.removed_at is None:
        segment.removed_at = clock.now()
        segment.save(update_fields=["removed_at"])
        _write(actor, "segment.removed", segment)
    return segment


@transaction.atomic
def bring_back_segment(*, actor: Actor, segment: Segment) -> Segment:
    """It was removed by mistake."""
    segment = _locked(actor, segment)
    if segment.removed_at is None:
        return segment
    if Segment.objects.filter(organisation=segment.organisation, name=segment.name, removed_at=None).exists():
        raise NotNow(_("There is a list of this name again by now. Nothing was changed."))
    segment.removed_at = None
    segment.save(update_fields=["removed_at"])
    _write(actor, "segment.brought-back", segment)
    return segment


def _locked(actor: Actor, segment: Segment) -> Segment:
    segment = Segment.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=segment.pk)
    require(lambda asking: asking.has_role(*permissions.SERVING, organisation_id=segment.organisation_id), actor)
    return segment


def _write(actor: Actor, verb: str, segment: Segment) -> None:
    after = {"name": segment.name, "criteria": segment.criteria}
    journal.record(actor=actor, verb=verb, subject=segment, organisation=segment.organisation, circle=Circle.ORGANISATION, after=after)
