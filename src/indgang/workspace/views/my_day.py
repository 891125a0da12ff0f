"""My day: what needs a member of staff now, by role. The page after login."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from indgang.foundation.access.actors import Actor
from indgang.foundation.access.decorators import StaffRequest, account_required
from indgang.foundation.database import clock
from indgang.foundation.identity.models import Role
from indgang.foundation.places.models import House
from indgang.foundation.ui.words import minutes_in_words, time_in_words
from indgang.operations.guidance.queries.screenings import my_visits, requests_open
from indgang.operations.reception.queries.board import board
from indgang.operations.reception.queries.delays import runs_over
from indgang.operations.reception.queries.desk import DeskLine, desk_lines
from indgang.operations.reception.queries.journeys import desks_of, houses_of
from indgang.operations.reception.queries.numbers import houses_followed_by, numbers_of_today
from indgang.operations.reception.views.staff_rows import Board, Reader, board_of, party_name
from indgang.workspace.approach_items import approach_lines
from indgang.workspace.guidance_items import guidance_lines


@dataclass(frozen=True)
class Item:
    """Something that may need the person now. `status` is a key of the looks."""

    title: str
    text: str
    link: str
    status: str = ""
    word: str = ""


@require_safe
@account_required
def my_day(request: StaffRequest) -> HttpResponse:
    """The most pressing first. Everybody comes here after logging in, so who has no role yet is told whom to ask."""
    actor = request.actor
    if not actor.roles:
        return render(request, "workspace/no_role.html")
    reminders = approach_lines(actor)
    items = [*desk_items(actor), *board_items(actor), *screening_items(actor)]
    items += [*(Item(*line) for line in reminders), *(Item(*line) for line in guidance_lines(actor))]
    context = {
        "date": clock.today(),
        "name": (request.user.name or request.user.email).split()[0],
        "items": items,
        "numbers": [numbers_of_today(house) for house in houses_followed_by(actor)],
        "pressing": bool(reminders) or any(item.status for item in items),
    }
    return render(request, "workspace/my_day.html", context)


def screening_items(actor: Actor) -> list[Item]:
    """A consultant's visits of today, those of earlier days that nobody noted as held, and what companies ask for."""
    if actor.user is None or not actor.has_role(Role.CONSULTANT, Role.LEADER):
        return []
    today, items = clock.today(), []
    for visit in my_visits(actor, today):
        link = reverse("guidance:screening", args=[visit.pk])
        at = _("Screening visit today, %(time)s.") % {"time": time_in_words(visit.time)} if visit.time else _("Screening visit today.")
        late = visit.date is not None and visit.date < today
        text = _("Was the screening visit held? It is still planned.") if late else at
        items.append(Item(visit.shown_name, text, link, "late" if late else "planned"))
    if asked := requests_open(actor).count():
        words = ngettext("%(count)s company asks for a screening visit", "%(count)s companies ask for a screening visit", asked)
        items.append(
            Item(
                words % {"count": asked}, _("Call, find a day and plan it."), f"{reverse('guidance:screenings')}?state=requested", "waiting"
            )
        )
    return items


def desk_items(actor: Actor) -> list[Item]:
    """A clerk's desks: whoever is there already, else how many wait and who is next; the longest line first."""
    lines = desk_lines(list(desks_of(actor)))
    lines.sort(key=lambda line: (line.present is None, -len(line.waiting), line.desk.pk))
    return [_desk_item(line) for line in lines]


def _desk_item(line: DeskLine) -> Item:
    link = reverse("reception:desk-page", args=[line.desk.house.key, line.desk.key])
    if line.present:
        name, over = party_name(line.present.journey), runs_over(line.present)
        words = _("%(name)s, runs over by %(time)s") % {"name": name, "time": minutes_in_words(over)} if over else name
        return Item(line.desk.title, words, link, line.present.status)
    if not line.waiting:
        return Item(line.desk.title, _("Nobody waits."), link)
    text = ngettext("%(count)s waits. Next: %(name)s.", "%(count)s wait. Next: %(name)s.", len(line.waiting))
    return Item(line.desk.title, text % {"count": len(line.waiting), "name": party_name(line.waiting[0].journey)}, link, "waiting")


def board_items(actor: Actor) -> list[Item]:
    """The day of each house whose floor the actor walks."""
    if not actor.has_role(Role.FLOORWALKER):
        return []
    houses = houses_of(actor).filter(id__in=actor.hosted_house_ids)
    days = [(house, board_of(board(actor=actor, house=house), Reader.of(actor, house.region_id))) for house in houses]
    return [item for house, day in days for item in _house_items(house, day)]


def _house_items(house: House, day: Board) -> list[Item]:
    link = reverse("reception:board-page", args=[house.key])
    items = []
    if day.here:
        waiting = ngettext("%(count)s party waits", "%(count)s parties wait", len(day.here)) % {"count": len(day.here)}
        longest = _("The longest wait: %(time)s, %(name)s.") % {"time": minutes_in_words(day.longest or 0), "name": day.here[0].name}
        items.append(Item(waiting, longest, f"{link}#here", "waiting"))
    if day.late:
        late = ngettext("%(count)s party is late", "%(count)s parties are late", day.late) % {"count": day.late}
        items.append(Item(late, _("Call them, or note that they did not come."), f"{link}#expected", "late"))
    coming = [line for line in day.expected if line.row.state == "expected"]
    if coming and coming[0].row.starts:
        expected = ngettext("%(count)s party is expected", "%(count)s parties are expected", len(coming)) % {"count": len(coming)}
        first = {"time": time_in_words(coming[0].row.starts, house.zone), "name": coming[0].name}
        items.append(Item(expected, _("Next: %(name)s at %(time)s.") % first, f"{link}#expected"))
    if not items:
        nothing = _("Nobody is expected any more today.") if day.people else _("Nobody is expected today.")
        items.append(Item(_("Board, %(house)s") % {"house": house.title}, nothing, link))
    return items
