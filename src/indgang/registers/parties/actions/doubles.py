"""People say whether two records are the same company. Records are linked, never merged: both keep all they have."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from indgang.foundation.access.actors import Actor, require
from indgang.foundation.database import clock
from indgang.foundation.journal import actions as journal
from indgang.registers.parties import permissions
from indgang.registers.parties.actions.companies import circle_of
from indgang.registers.parties.actions.locks import JUDGEMENTS, lock
from indgang.registers.parties.errors import NotNow, NotTogether
from indgang.registers.parties.models import Company, Double, Judgement
from indgang.registers.parties.queries.doubles import judged_so_far
from indgang.registers.parties.rules.doubles import Against, Groups, Pair, roots


@transaction.atomic
def judge(*, actor: Actor, double: Double, judgement: str, seen: str | None = None) -> Double:
    """The two are the same company, or they are not. Saying it again changes nothing. `seen`: what was thought of the pair when the one who
    judges looked at it.

    Raises NotTogether where that cannot hold beside what people have judged already, and NotNow where a colleague has judged it since.
    """
    require(permissions.keep_doubles, actor)
    lock(JUDGEMENTS)
    double = Double.objects.select_for_update().get(pk=double.pk)
    if double.judgement == judgement:
        return double
    if seen is not None and double.judgement != seen:
        raise NotNow(
            _("A colleague has judged this pair meanwhile: %(what)s. Nothing was changed.") % {"what": double.get_judgement_display()}
        )
    _refuse_what_cannot_hold(double, judgement)
    _write(actor, double, judgement, "double.judged")
    return double


@transaction.atomic
def mark(*, actor: Actor, one: Company, other: Company, judgement: str) -> Double:
    """The same, for two that nobody proposed."""
    require(permissions.keep_doubles, actor)
    lock(JUDGEMENTS)
    low, high = sorted((one, other), key=lambda company: company.pk)
    if low == high:
        raise NotTogether(_("These are one and the same record."))
    double, _made = Double.objects.get_or_create(one=low, other=high)
    return judge(actor=actor, double=double, judgement=judgement)


@transaction.atomic
def take_back(*, actor: Actor, double: Double) -> None:
    """Nobody has judged it: everything is as it was before, and the pair is proposed again where it was."""
    require(permissions.keep_doubles, actor)
    lock(JUDGEMENTS)
    found = Double.objects.select_for_update().filter(pk=double.pk).exclude(judgement=Judgement.PROBABLE).first()
    if found is None:
        return
    _write(actor, found, Judgement.PROBABLE, "double.taken-back")
    if found.probability is None:
        found.delete()


def group_anew(records: Collection[int]) -> None:
    """Work out which records stand together, for these and all that are linked with them."""
    top = roots(_linked_with(records))
    for number, same_as in Company.objects.filter(pk__in={*records, *top}).order_by("pk").values_list("pk", "same_as"):
        root = top.get(number, number)
        if same_as != (root if root != number else None):
            Company.objects.filter(pk=number).update(same_as=root if root != number else None)


def _linked_with(records: Collection[int]) -> set[Pair]:
    """Every pair that is judged the same and hangs together with these records."""
    pairs: set[Pair] = set()
    seen, edge = set(records), set(records)
    while edge:
        same = Double.objects.filter(Q(one__in=edge) | Q(other__in=edge), judgement=Judgement.SAME).values_list("one_id", "other_id")
        pairs.update(same)
        edge = {record for pair in pairs for record in pair} - seen
        seen |= edge
    return pairs


def _refuse_what_cannot_hold(double: Double, judgement: str) -> None:
    pair = (double.one_id, double.other_id)
    groups = Groups(judged_so_far([pair], without=double))
    against = groups.against_same(pair) if judgement == Judgement.SAME else groups.against_different(pair)
    if against:
        raise NotTogether(
            {
                Against.DIFFERENT: _("They cannot be the same: somebody has judged that two of the companies linked with them are not."),
                Against.NUMBERS: _("They cannot be the same: they, or companies linked with them, have two different CVR numbers."),
                Against.TOGETHER: _("They are the same through other companies that they are linked with. Take one of those links back."),
            }[against]
        )


def _write(actor: Actor, double: Double, judgement: str, verb: str) -> None:
    before, double.judgement = double.judgement, judgement
    decided = judgement != Judgement.PROBABLE
    double.decided_by, double.decided_at = (actor.user, clock.now()) if decided else (None, None)
    double.save(update_fields=["judgement", "decided_by", "decided_at"])
    group_anew((double.one_id, double.other_id))
    journal.record(
        actor=actor,
        verb=verb,
        subject=double,
        about=[double.one, double.other],
        circle=circle_of(actor),
        before={"judgement": before},
        after={"judgement": judgement},
    )
