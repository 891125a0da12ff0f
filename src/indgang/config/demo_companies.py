"""Companies of the demonstration: who serves them, and what has been done for them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from indgang.config.demo_accounts import Accounts
from indgang.foundation.access import actors
from indgang.foundation.identity.models import Organisation, Role, User
from indgang.operations.guidance.demo.approach import fill_approach
from indgang.operations.guidance.demo.guidance import fill_guidance
from indgang.operations.guidance.demo.screenings import fill_screenings
from indgang.operations.guidance.demo.wheels import fill_wheels
from indgang.registers.parties.demo.register import Server, fill_files, fill_register

HUB, HOUSE, ENVIRONMENT = "erhvervshus-nordjylland", "ihnd", "miljoe-aalborg"
OFFICES = ("erhvervskontor-aalborg", "erhvervskontor-hjoerring", "erhvervskontor-frederikshavn", "erhvervskontor-thisted")
# Organisation, role: an account for each.
WHO = (
    (HUB, Role.CONSULTANT),
    (HUB, Role.EARLY_WARNING),
    (HUB, Role.LEADER),
    (HUB, Role.READER),
    *((office, Role.CONSULTANT) for office in OFFICES),
    (HOUSE, Role.CONSULTANT),
    (ENVIRONMENT, Role.CONSULTANT),
)


def fill_companies(accounts: Accounts, until: dt.date, seed: int) -> str:
    """The register, its files and the guidance; what there is now, in one line."""
    members: dict[tuple[str, str], User] = {(key, role): user for key, role in WHO if (user := accounts.colleague(key, role))}
    servers = _servers(members)
    companies = fill_register(seed, until)
    everybody = [server for group in servers.values() for server in group]
    if not companies or not everybody:
        return ""
    fill_files(seed, until, companies, everybody)
    team = _server(members, HUB, Role.EARLY_WARNING)
    courses, deliveries = fill_guidance(seed, until, companies, servers, team)
    screenings = fill_screenings(seed, until, companies, servers["offices"])
    fill_wheels(seed, until, everybody)
    fill_approach(seed, until, companies, servers["hub"], servers["offices"])
    return f"companies: {len(companies)}, courses: {courses}, deliveries: {deliveries}, screening visits: {screenings}"


def _servers(members: Mapping[tuple[str, str], User]) -> dict[str, Sequence[Server]]:
    found = {
        "hub": [_server(members, HUB, Role.CONSULTANT), _server(members, HUB, Role.LEADER)],
        "offices": [_server(members, office, Role.CONSULTANT) for office in OFFICES],
        "house": [_server(members, HOUSE, Role.CONSULTANT)],
    }
    return {group: [server for server in servers if server] for group, servers in found.items()}


def _server(members: Mapping[tuple[str, str], User], key: str, role: str) -> Server | None:
    user = members.get((key, role))
    if user is None:
        return None
    organisation = Organisation.objects.get(key=key)
    return Server(user, organisation, actors.staff(user, organisation))
