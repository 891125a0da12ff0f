"""Organisations, users, memberships and API tokens."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from indgang.foundation.database import clock
from indgang.foundation.database.bilingual import Titled
from indgang.foundation.database.personal import NOTHING_PERSONAL, Personal
from indgang.foundation.places.models import House, Municipality, Region

FORGOTTEN = "@former.invalid"  # the address of an account that was made anonymous; by RFC 2606 nobody has one there


class Organisation(Titled):
    """A public body, business office, school or association that works in the region."""

    region = models.ForeignKey(Region, models.PROTECT, related_name="organisations")
    key = models.SlugField(max_length=80, unique=True)
    kind = models.CharField(max_length=40)
    municipality = models.ForeignKey(Municipality, models.PROTECT, null=True, blank=True, related_name="organisations")
    is_operator = models.BooleanField(default=False, help_text="Runs the region's entrance and acts where no organisation is named")

    personal = NOTHING_PERSONAL

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["region"], condition=models.Q(is_operator=True), name="one_operator_per_region"),
        ]


class UserManager(BaseUserManager["User"]):
    """Users are found by e-mail, whatever its case."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """A user with that e-mail; without a password the account can only be opened by a password reset."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        """Find by e-mail, case-insensitively."""
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """A person who works in one or more organisations and logs in."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=150, blank=True)
    language = models.CharField(max_length=5, default="da")
    shortcuts = models.BooleanField(default=True, help_text="Keyboard shortcuts on staff pages")
    is_active = models.BooleanField(default=True)
    is_demo = models.BooleanField(default=False, help_text="Made by `indgang demo`; its codes are shown on the demo page")
    created_at = models.DateTimeField(default=clock.now)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    objects = UserManager()

    personal = Personal(
        fields=("email", "name", "language", "shortcuts", "last_login", "password"),
        what="A colleague's name, e-mail address, language, password, choice of keyboard shortcuts, and last login.",
        purpose="To let a member of staff log in and to show colleagues who did what.",
        # The row stays, as a number: what the person did stands in the journal, from which nothing is removed.
        kept="While the person works here and five years more, then made anonymous.",
    )

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_unique_in_any_case")]

    def __str__(self) -> str:
        return gettext("A former colleague") if self.is_forgotten else self.name or self.email

    @property
    def is_forgotten(self) -> bool:
        """Whether the account was made anonymous."""
        return self.email.endswith(FORGOTTEN)


class Role(models.TextChoices):
    """What a person does in an organisation."""

    CLERK = "clerk", _("Clerk")
    FLOORWALKER = "floorwalker", _("Floorwalker")
    LEADER = "leader", _("Leader")
    READER = "reader", _("Reader")
    ADMINISTRATOR = "administrator", _("Administrator")
    CONSULTANT = "consultant", _("Consultant")
    EARLY_WARNING = "early-warning", _("Early Warning team")


WITH_COMPANIES = (Role.CONSULTANT, Role.EARLY_WARNING, Role.LEADER, Role.READER)  # who work with companies, or follow that work


class Membership(models.Model):
    """A person's role in an organisation, for as long as it lasts."""

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role.choices)
    created_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    personal = Personal(
        fields=("user", "role"),
        what="Which role a colleague has, in which organisation, and since when.",
        purpose="To decide what a member of staff may see and do.",
        kept="Five years after the membership ends.",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation", "role"], condition=models.Q(ended_at=None), name="one_running_membership_per_role"
            ),
        ]


class ApiToken(models.Model):
    """A key for the HTTP API. Only its hash is kept; the key itself is shown once."""

    user = models.ForeignKey(User, models.CASCADE, related_name="tokens")
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=clock.now)
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    personal = Personal(
        fields=("user", "last_used_at"),
        what="Which colleague a key for scripts belongs to, and when it was last used.",
        purpose="To let a script act for a member of staff.",
        kept="Until the token is revoked, then one year.",
    )


class Participation(models.Model):
    """An organisation that works in the house. The host's floorwalkers receive people for everyone."""

    house = models.ForeignKey(House, models.PROTECT, related_name="participations")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="participations")
    is_host = models.BooleanField(default=False)

    personal = NOTHING_PERSONAL

    class Meta:
        constraints = [models.UniqueConstraint(fields=["house", "organisation"], name="participates_once")]
