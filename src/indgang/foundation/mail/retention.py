"""What is forgotten of letters, and when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce, Greatest

from indgang.foundation.database import clock
from indgang.foundation.mail.models import Letter, State
from indgang.foundation.privacy.holdings import Facts, Holding, facts_of
from indgang.foundation.privacy.retention import Retention

KEPT = dt.timedelta(days=90)


def letters_to_forget() -> QuerySet[Letter]:
    """Letters ninety days after they were sent, or after the day on which they should have been.

    One that still waits then has had no mail server all that time: what it says is no news any more.
    """
    ended = Coalesce("sent_at", Greatest("created_at", "not_before"))
    return Letter.objects.alias(ended=ended).filter(~Q(state=State.HANDING_OVER), ended__lte=clock.now() - KEPT)


RETENTION = (Retention(models=("mail.letter",), due=letters_to_forget, forget=lambda letters: letters.delete()),)


def letters_to(contact: str) -> QuerySet[Letter]:
    """Those that were written to an e-mail address."""
    return Letter.objects.filter(to__iexact=contact)


def told_letters(contact: str) -> Iterator[tuple[str, Facts]]:
    """What we wrote to them."""
    return (("mail.letter", facts_of(letter)) for letter in letters_to(contact).order_by("created_at"))


HOLDING = Holding(told=told_letters, forget=lambda contact: letters_to(contact).delete()[0])
