"""The page of a demonstration: how to try the product in three minutes, with the accounts and their one-time codes.

It exists only where `indgang demo` made accounts on the embedded database; anywhere else there is nothing under this address.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from indgang.config.demo_accounts import PASSWORD, Code, codes_of, demo_users
from indgang.config.demo_commands import go_on_until_now
from indgang.foundation.database import clock
from indgang.foundation.identity.models import Organisation, Role, User
from indgang.foundation.mail.views import only_in_a_demonstration
from indgang.foundation.places.models import House
from indgang.operations.reception.queries.house import opening_today

DAYS_TO_LOOK = 21
INTO_THE_DAY = dt.timedelta(minutes=75)  # when parties wait, sit at desks and are expected, all at once

SEES = {
    Role.FLOORWALKER: _("The board: who is expected, here, late. Checks people in, moves and books steps."),
    Role.CLERK: _("A desk of the own authority: calls the next party, serves it, ends the step."),
    Role.LEADER: _("Today's numbers, the statistics, opening hours, closures and who sits where; the board to look at."),
    Role.READER: _("Only a first page, because nothing of the house's day is for readers."),
    Role.ADMINISTRATOR: _("The outbox, imports and exports, and the statistics."),
    Role.CONSULTANT: _("Companies: who knows them, what was done for them, whose they are to approach. Writes notes and courses."),
    Role.EARLY_WARNING: _("The same, and the cases of Early Warning, which nobody else sees."),
}
ORDER = [Role.FLOORWALKER, Role.CLERK, Role.LEADER, Role.READER, Role.ADMINISTRATOR, Role.CONSULTANT, Role.EARLY_WARNING]


@dataclass(frozen=True)
class DemoAccount:
    """An account as the page shows it."""

    user: User
    organisation: Organisation
    role: Role
    code: Code | None

    @property
    def sees(self) -> str | Promise:
        """What somebody in that role sees first."""
        return SEES[self.role]


@dataclass(frozen=True)
class QuietHouse:
    """A house that is closed now, and the next time at which it is busy."""

    house: House
    busy_at: dt.datetime


@require_safe
@only_in_a_demonstration
def demo_page(request: HttpRequest) -> HttpResponse:
    """How to try it."""
    accounts = _accounts()
    first = {role: next((account for account in accounts if account.role == role), None) for role in (Role.FLOORWALKER, Role.CLERK)}
    context = {
        "accounts": accounts,
        "seconds_left": _seconds_left(accounts),
        "password": PASSWORD,
        "floorwalker": first[Role.FLOORWALKER],
        "clerk": first[Role.CLERK],
        "quiet": _quiet_house(),
    }
    return render(request, "config/demo.html", context)


@require_safe
@only_in_a_demonstration
def demo_codes(request: HttpRequest) -> HttpResponse:
    """The table of accounts with the codes of this moment, for the page to renew itself."""
    accounts = _accounts()
    return render(request, "config/demo_accounts.html", {"accounts": accounts, "seconds_left": _seconds_left(accounts)})


@require_POST
@only_in_a_demonstration
def demo_go_on(request: HttpRequest) -> HttpResponse:
    """Let the made-up parties come, be served and leave, up to now."""
    moved = go_on_until_now()
    if moved:
        message = ngettext("%(count)s party has moved on.", "%(count)s parties have moved on.", moved) % {"count": moved}
        messages.success(request, message)
    else:
        messages.info(request, _("Nobody has anything to do just now. Parties that you have received yourself wait for you."))
    return redirect("demo")


def _accounts() -> list[DemoAccount]:
    """Every running membership of a demo user; those of the first house first, and floorwalkers first among them."""
    users = demo_users()
    codes = codes_of(users)
    accounts = [
        DemoAccount(user, membership.organisation, Role(membership.role), codes.get(user.pk))
        for user in users
        for membership in user.memberships.all()
        if membership.ended_at is None
    ]
    return sorted(accounts, key=lambda account: (account.organisation.region_id, ORDER.index(account.role), account.user.pk))


def _seconds_left(accounts: list[DemoAccount]) -> int:
    return next((account.code.seconds_left for account in accounts if account.code), 0)


def _quiet_house() -> QuietHouse | None:
    """The first house, if nobody is received there now."""
    house = House.objects.select_related("region").order_by("id").first()
    if house is None:
        return None
    now = clock.now().astimezone(house.zone)
    if any(opens <= now.time() < closes for opens, closes in opening_today(house, now.date())):
        return None
    for number in range(DAYS_TO_LOOK):
        date = now.date() + dt.timedelta(days=number)
        for opens, _closes in opening_today(house, date)[:1]:
            busy_at = dt.datetime.combine(date, opens, house.zone) + INTO_THE_DAY
            if busy_at > now:
                return QuietHouse(house, busy_at)
    return None
