"""What stands in the header: the pages an actor may open, by role."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from indgang.foundation.access.actors import Actor
from indgang.foundation.identity.models import WITH_COMPANIES, Role
from indgang.foundation.ui.context import region_query


@dataclass(frozen=True)
class Page:
    """A page of the main navigation. Without `roles` everybody at work sees it; `of_operator`: those of the region's operator only."""

    label: str | Promise
    name: str
    roles: tuple[str, ...] = ()
    of_operator: bool = False

    @property
    def address(self) -> str:
        """Its address, or nothing where the room that serves it is not installed."""
        try:
            return reverse(self.name)
        except NoReverseMatch:
            return ""


EVERYBODY = (Page(_("Home"), "workspace:home"), Page(_("Plan my arrival"), "reception:arrive"))
AT_WORK = (
    Page(_("My day"), "workspace:my-day"),
    Page(_("Board"), "reception:board", (Role.FLOORWALKER, Role.LEADER, Role.CLERK)),
    Page(_("Desk"), "reception:desk", (Role.CLERK,)),
    Page(_("Companies"), "workspace:companies", WITH_COMPANIES),
    Page(_("Hours"), "reception:hours", (Role.FLOORWALKER, Role.CLERK, Role.LEADER, Role.ADMINISTRATOR)),
    Page(_("Statistics"), "reception:statistics", (Role.LEADER, Role.FLOORWALKER, Role.ADMINISTRATOR)),
    Page(_("Guidance"), "guidance:courses", WITH_COMPANIES),
    Page(_("Screening visits"), "guidance:screenings", WITH_COMPANIES),
    Page(_("Figures"), "guidance:figures", WITH_COMPANIES),
    Page(_("Who approaches whom"), "guidance:approach", WITH_COMPANIES),
    Page(_("Outbox"), "mail:outbox", (Role.ADMINISTRATOR,)),
    Page(_("Import and export"), "imports:overview", (Role.ADMINISTRATOR, Role.LEADER), of_operator=True),
)
ABOUT_ME = (
    Page(_("Change password"), "account_change_password"),
    Page(_("One-time codes"), "mfa_index"),
    Page(_("Components"), "ui:gallery", (Role.ADMINISTRATOR,)),
)


def pages_for(actor: Actor) -> tuple[Page, ...]:
    """The main navigation of an actor, in order."""
    if actor.kind != "staff":
        return EVERYBODY
    operates = actor.organisation is not None and actor.organisation.is_operator
    return tuple(page for page in AT_WORK if (not page.roles or actor.has_role(*page.roles)) and (operates or not page.of_operator))


def _items(pages: tuple[Page, ...], here: str = "", query: str = "") -> list[dict[str, Any]]:
    known = [(page.label, page.address) for page in pages]
    best = max((address for _label, address in known if address and _within(here, address)), key=len, default="")
    return [{"label": label, "address": f"{address}{query}", "here": address == best} for label, address in known if address]


def _within(here: str, address: str) -> bool:
    return here == address or (address != "/" and here.startswith(address))


def _user_menu(actor: Actor) -> dict[str, Any] | None:
    if actor.user is None:
        return None
    mine = actor.organisation.pk if actor.organisation else None
    roles = [Role(role).label for organisation, role in sorted(actor.roles) if organisation == mine]
    return {
        "name": str(actor.user),
        "organisation": str(actor.organisation or ""),
        "roles": ", ".join(str(role) for role in roles),
        "links": _items(tuple(page for page in ABOUT_ME if not page.roles or actor.has_role(*page.roles))),
    }


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Context processor. Nothing is looked up until a page frame asks."""
    actor = getattr(request, "actor", None)
    if actor is None:
        return {}
    return {
        "navigation": SimpleLazyObject(
            lambda: _items(pages_for(actor), request.path, "" if actor.kind == "staff" else region_query(request))
        ),
        "user_menu": SimpleLazyObject(lambda: _user_menu(actor)),
        "search_address": SimpleLazyObject(lambda: Page("", "workspace:search").address if actor.roles else ""),
    }
