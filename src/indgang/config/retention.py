"""Every promise about keeping personal data, carried out. A room that forgets something is added here.

Rooms below privacy (identity) and libraries cannot register it themselves: theirs stands here.
"""

from __future__ import annotations

import datetime as dt

from allauth.account.models import EmailConfirmation
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils import timezone

from indgang.foundation.access.actors import system
from indgang.foundation.database.models import CacheRow
from indgang.foundation.files.retention import RETENTION as OF_FILES
from indgang.foundation.identity.actions import anonymise_user
from indgang.foundation.identity.models import User
from indgang.foundation.identity.retention import memberships_to_forget, tokens_to_forget, users_to_forget
from indgang.foundation.imports.retention import RETENTION as OF_IMPORTS
from indgang.foundation.journal.actions import record
from indgang.foundation.journal.models import Circle
from indgang.foundation.mail.retention import HOLDING as LETTERS
from indgang.foundation.mail.retention import RETENTION as OF_LETTERS
from indgang.foundation.privacy.holdings import register as register_holdings
from indgang.foundation.privacy.retention import Retention, register
from indgang.operations.guidance.approach_retention import RETENTION as OF_APPROACH
from indgang.operations.guidance.retention import RETENTION as OF_GUIDANCE
from indgang.operations.guidance.screening_retention import RETENTION as OF_SCREENINGS
from indgang.operations.reception.actions.erasure import HOLDINGS as VISITS_AND_WAITS
from indgang.operations.reception.actions.retention import RETENTION as OF_VISITS
from indgang.registers.parties.holdings import CONTACTS
from indgang.registers.parties.retention import RETENTION as OF_COMPANIES

CONFIRMATIONS_KEPT = dt.timedelta(days=3)


def forget_colleagues(users: QuerySet[User]) -> None:
    """Make accounts anonymous; the journal, which stands above them, says so."""
    for user in users:
        anonymise_user(user=user)
        record(actor=system(), verb="user.anonymised", subject=user, circle=Circle.SYSTEM)


# Libraries write these times by the machine's own clock, so they are read by it.
def ended_sessions() -> QuerySet[Session]:
    """Sessions that ran out."""
    return Session.objects.filter(expire_date__lt=timezone.now())


def ended_attempts() -> QuerySet[CacheRow]:
    """Counts of log-in attempts that no longer count."""
    return CacheRow.objects.filter(expires__lt=timezone.now())


def old_confirmations() -> QuerySet[EmailConfirmation]:
    """Keys to confirm a colleague's address."""
    return EmailConfirmation.objects.filter(created__lt=timezone.now() - CONFIRMATIONS_KEPT)


OF_COLLEAGUES = (
    Retention(
        models=("identity.user", "account.emailaddress", "mfa.authenticator", "journal.entry"),
        due=users_to_forget,
        forget=forget_colleagues,
    ),
    Retention(models=("identity.membership",), due=memberships_to_forget, forget=lambda memberships: memberships.delete()),
    Retention(models=("identity.apitoken",), due=tokens_to_forget, forget=lambda tokens: tokens.delete()),
    Retention(models=("account.emailconfirmation",), due=old_confirmations, forget=lambda confirmations: confirmations.delete()),
    Retention(models=("sessions.session",), due=ended_sessions, forget=lambda sessions: sessions.delete()),
    Retention(models=("database.cacherow",), due=ended_attempts, forget=lambda attempts: attempts.delete()),
)


def register_retention() -> None:
    """Called once, when everything is installed."""
    register(*OF_VISITS, *OF_GUIDANCE, *OF_APPROACH, *OF_SCREENINGS, *OF_COMPANIES, *OF_LETTERS, *OF_IMPORTS, *OF_FILES, *OF_COLLEAGUES)
    register_holdings(*VISITS_AND_WAITS, CONTACTS, LETTERS)
