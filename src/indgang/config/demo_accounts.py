"""The accounts of a demonstration: one for everybody who works in a house. They share one password and each has its one-time codes."""

from __future__ import annotations

import base64
import time
from dataclasses import dataclass
from random import Random

from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from allauth.mfa.utils import decrypt
from django.contrib.auth.hashers import make_password

from indgang.foundation.access.actors import Actor
from indgang.foundation.identifiers.keys import derived_key
from indgang.foundation.identity.actions import grant_membership
from indgang.foundation.identity.models import Organisation, Role, User
from indgang.foundation.journal.actions import record
from indgang.foundation.journal.models import Circle
from indgang.foundation.places.models import House
from indgang.operations.reception.demo.staff import HouseStaff
from indgang.operations.reception.models import Desk
from indgang.operations.reception.rules.demo.names import FAMILY, GIVEN

PASSWORD = "welcome to the house"  # printed, and shown on the demo page: it opens made-up accounts on one machine only
SECRET_BYTES = 20


@dataclass(frozen=True)
class Code:
    """The one-time code of an account and how many seconds it still opens."""

    text: str
    seconds_left: int


class Accounts:
    """Makes the accounts, house after house."""

    def __init__(self, actor: Actor, seed: int) -> None:
        self.actor, self.source = actor, Random(f"{seed}:accounts")
        self.password = make_password(PASSWORD)
        self.clerks: dict[int, int] = {}

    def staff_of(self, house: House) -> HouseStaff:
        """A clerk for each desk, two floorwalkers, a leader, a reader and an administrator at the host."""
        host = Organisation.objects.get(participations__house=house, participations__is_host=True)
        desks = {desk.id: desk for desk in Desk.objects.filter(house=house).select_related("organisation").order_by("id")}
        clerks = {desk.id: self._clerk(desk) for desk in desks.values()}
        floorwalkers = [self._account(f"floorwalker{number}", host, Role.FLOORWALKER) for number in ("", "2")]
        for role in (Role.LEADER, Role.READER, Role.ADMINISTRATOR):
            self._account(role.value, host, role)
        return HouseStaff(host, desks, clerks, floorwalkers)

    def colleague(self, organisation: str, role: Role) -> User | None:
        """Somebody who works with companies there; nobody where the region has no such organisation."""
        found = Organisation.objects.filter(key=organisation).first()
        return self._account(role.value, found, role) if found else None

    def _clerk(self, desk: Desk) -> User:
        number = self.clerks[desk.organisation_id] = self.clerks.get(desk.organisation_id, 0) + 1
        return self._account(f"clerk{number}", desk.organisation, Role.CLERK)

    def _account(self, mailbox: str, organisation: Organisation, role: Role) -> User:
        name = f"{self.source.choice(GIVEN['danish'])} {self.source.choice(FAMILY['danish'])}"
        email = f"{mailbox}@{organisation.key}.example"
        user = User.objects.create(email=email, name=name, password=self.password, language="en", is_demo=True)
        TOTP.activate(user, base64.b32encode(derived_key("demo codes", email).encode()[:SECRET_BYTES]).decode())
        record(actor=self.actor, verb="user.created", subject=user, organisation=organisation, circle=Circle.ORGANISATION)
        membership, _new = grant_membership(user=user, organisation=organisation, role=role)
        record(
            actor=self.actor,
            verb="membership.granted",
            subject=membership,
            about=[user],
            organisation=organisation,
            circle=Circle.ORGANISATION,
            after={"role": role.value},
        )
        return user


def staff_of(house: House) -> HouseStaff:
    """The demo accounts that work in a house, as `Accounts.staff_of` gave them out: clerks to desks in the order of both."""
    host = Organisation.objects.get(participations__house=house, participations__is_host=True)
    members: dict[tuple[int, str], list[User]] = {}
    for user in demo_users():
        for membership in user.memberships.all():
            members.setdefault((membership.organisation_id, membership.role), []).append(user)
    colleagues = {organisation: iter(users) for (organisation, role), users in members.items() if role == Role.CLERK}
    desks = list(Desk.objects.select_related("organisation").order_by("house", "id"))
    clerks = {desk.id: next(colleagues.get(desk.organisation_id, iter(())), None) for desk in desks}
    return HouseStaff(
        host,
        desks={desk.id: desk for desk in desks if desk.house_id == house.pk},
        clerks={desk: clerk for desk, clerk in clerks.items() if clerk},
        floorwalkers=members.get((host.id, Role.FLOORWALKER), []),
    )


def codes_of(users: list[User]) -> dict[int, Code]:
    """The present one-time code of each demo account, by user id. (The codes follow the real time, whatever the house's clock plays.)"""
    period = app_settings.TOTP_PERIOD
    now = time.time()
    left = period - int(now) % period
    secrets = Authenticator.objects.filter(user__in=[user for user in users if user.is_demo], type=Authenticator.Type.TOTP)
    return {row.user_id: Code(format_hotp_value(hotp_value(decrypt(row.data["secret"]), int(now) // period)), left) for row in secrets}


def demo_users() -> list[User]:
    """The accounts that were made, in the order they were made in."""
    return list(User.objects.filter(is_demo=True).prefetch_related("memberships__organisation").order_by("id"))
