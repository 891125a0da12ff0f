"""What became of the party that a desk's page still shows, when somebody else has changed it meanwhile: and who did it."""

from __future__ import annotations

from django.utils.translation import gettext as _

from indgang.foundation.access.actors import Actor
from indgang.foundation.ui.words import time_in_words
from indgang.operations.reception.models import Visit
from indgang.operations.reception.models.journey import AT_A_DESK, Status
from indgang.operations.reception.queries.opening_page import changed_by
from indgang.operations.reception.views.staff_rows import party_name

RELATED = "journey__contact", "journey__house__region", "service", "desk"


def what_became_of(held: str, present: Visit | None, actor: Actor) -> str:
    """`held`: the step as the page shows it, "number.status", or nothing; `present`: what is at the desk now. For whoever reads it."""
    number = held.partition(".")[0]
    shown = Visit.objects.select_related(*RELATED).filter(pk=int(number)).first() if number.isdecimal() and len(number) < 19 else None
    return " ".join(filter(None, [_who_did_it(shown or present, actor), _became(shown, present)]))


def what_became_since(number: int, desk: str, actor: Actor) -> str:
    """The same for a press that came too late: `number` is the step it was for, `desk` the key of the desk whose page it was pressed on."""
    shown = Visit.objects.select_related(*RELATED).filter(pk=number).first()
    if shown is None or not desk:
        return ""
    still_there = shown.status in AT_A_DESK and shown.desk is not None and shown.desk.key == desk
    return what_became_of(str(number), shown if still_there else None, actor)


def _who_did_it(visit: Visit | None, actor: Actor) -> str:
    changed = changed_by(visit) if visit else None
    if visit is None or changed is None:
        return _("This desk was changed by a colleague or in another window.")
    if actor.user and changed.user == actor.user.pk:
        return _("This desk was changed in another window.")
    facts = {"name": changed.who, "time": time_in_words(changed.when, visit.journey.house.zone)}
    return _("This desk was changed by %(name)s at %(time)s.") % facts


def _became(shown: Visit | None, present: Visit | None) -> str:
    if shown is None or (present is not None and present.pk == shown.pk):
        return _("%(name)s is at this desk now.") % {"name": party_name(present.journey)} if present else ""
    facts = {"name": party_name(shown.journey), "step": shown.service.title}
    if shown.status == Status.CANCELLED:
        following = _sent_on_to(shown)
        facts["other"] = following.service.title if following else ""
        return (_("%(name)s was sent on to “%(other)s”.") if following else _("“%(step)s” was cancelled for %(name)s.")) % facts
    if shown.status == Status.WAITING:
        return (_("%(name)s waits aside.") if shown.parked_at else _("%(name)s was put back in line.")) % facts
    if shown.status in AT_A_DESK:
        return _("%(name)s is at another desk.") % facts
    return _("“%(step)s” has ended for %(name)s.") % facts


def _sent_on_to(visit: Visit) -> Visit | None:
    """The step for which the party waits instead: it took over the position of this one."""
    others = visit.journey.visits.filter(position=visit.position, counts_from__isnull=False).exclude(pk=visit.pk)
    return others.exclude(status=Status.CANCELLED).select_related("service").first()
