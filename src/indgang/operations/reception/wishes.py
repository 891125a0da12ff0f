"""What somebody asks for, checked field by field, as a plan request: the same for the pages and for the API."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from django.utils.translation import gettext as _

from indgang.foundation.database import clock
from indgang.foundation.places.models import House, Municipality
from indgang.operations.reception.contacts import checked_citizenship, checked_purpose
from indgang.operations.reception.errors import InvalidRequest
from indgang.operations.reception.queries.plans import PlanRequest
from indgang.operations.reception.queries.resources import interpreted_languages
from indgang.operations.reception.rules.journeys import Traveller

PEOPLE_AT_MOST = 12
STAY_AT_MOST = 600
DAYS_AT_MOST = 92
DAYS_AHEAD_AT_MOST = 366
ITINERARIES_AT_MOST = 10


def checked_wish(
    *,
    house: House,
    travellers: Sequence[Traveller],
    earliest: dt.date,
    latest: dt.date,
    municipality: str = "",
    stay_months: int | None = None,
    language: str = "en",
    interpreter: str = "",
    limit: int = 3,
) -> PlanRequest:
    """A plan request that can be planned. Raises InvalidRequest naming every field that cannot be used.

    Fields are named as in the API: people, people.0.citizenship, people.0.purpose, municipality, stay_months, interpreter,
    earliest, latest.
    """
    fields: dict[str, str] = {}
    checked = _checked_travellers(travellers, fields)
    code = checked_municipality(house, municipality, fields)
    if stay_months is not None and not 0 <= stay_months <= STAY_AT_MOST:
        fields["stay_months"] = _("Write the length of the stay in months, from 0 to %(most)s.") % {"most": STAY_AT_MOST}
    spoken = checked_interpreter(house, interpreter, fields)
    _check_dates(house, earliest, latest, fields)
    if fields:
        raise InvalidRequest(fields)
    return PlanRequest(
        house=house,
        travellers=checked,
        earliest=earliest,
        latest=latest,
        municipality=code,
        stay_months=stay_months,
        language=language[:2].lower() or "en",
        interpreter=spoken,
        limit=max(1, min(limit, ITINERARIES_AT_MOST)),
    )


def checked_move(wish: PlanRequest, *, earliest: dt.date, latest: dt.date, language: str, limit: int) -> PlanRequest:
    """The wish for new times of a journey, within dates that can be planned. Raises InvalidRequest."""
    fields: dict[str, str] = {}
    _check_dates(wish.house, earliest, latest, fields)
    if fields:
        raise InvalidRequest(fields)
    limit = max(1, min(limit, ITINERARIES_AT_MOST))
    return replace(wish, earliest=earliest, latest=latest, language=language[:2].lower() or wish.language, limit=limit)


def _checked_travellers(travellers: Sequence[Traveller], fields: dict[str, str]) -> tuple[Traveller, ...]:
    if not any(not traveller.child for traveller in travellers):
        fields["people"] = _("At least one grown-up must come.")
    elif len(travellers) > PEOPLE_AT_MOST:
        fields["people"] = _("We can plan for at most %(most)s people at once. Call us, and we will plan the visit with you.") % {
            "most": PEOPLE_AT_MOST
        }
    checked = []
    for position, traveller in enumerate(travellers[: PEOPLE_AT_MOST + 1]):
        place = f"people.{position}"
        citizenship, purpose = traveller.citizenship, traveller.purpose
        try:
            citizenship = checked_citizenship(citizenship, field=f"{place}.citizenship")
        except InvalidRequest as refusal:
            fields |= refusal.fields
        try:
            purpose = checked_purpose(purpose, field=f"{place}.purpose")
        except InvalidRequest as refusal:
            fields |= refusal.fields
        checked.append(Traveller(citizenship, traveller.child, purpose))
    return tuple(checked)


def checked_municipality(house: House, text: str, fields: dict[str, str]) -> str:
    """The code without leading zero; "" = unknown. Notes in `fields` that the region has none like that."""
    code = str(text or "").strip().lstrip("0")
    if not code:
        return ""
    codes = list(Municipality.objects.filter(region_id=house.region_id).order_by("code").values_list("code", flat=True))
    if code not in codes:
        message = _("We do not know municipality “%(code)s”. Write one of these codes, or leave it empty: %(codes)s.")
        fields["municipality"] = message % {"code": code[:10], "codes": ", ".join(codes)}
    return code


def known_municipality(house: House, text: str, fields: dict[str, str]) -> Municipality | None:
    """Any that is known here, also of another region; None = unknown. Notes in `fields` that there is none like that."""
    known = Municipality.objects.filter(code=text.strip().lstrip("0")).first()
    if known is None:
        checked_municipality(house, text, fields)
    return known


def checked_interpreter(house: House, text: str, fields: dict[str, str]) -> str:
    """The language as its code; "" = none is needed. Notes in `fields` that the house has nobody for it."""
    code = text.strip().lower()
    if not code:
        return ""
    spoken = interpreted_languages(house)
    if code not in spoken:
        message = _("The house has no interpreter for “%(code)s”. Leave it empty, or write one of these languages: %(codes)s.")
        none = _("The house has no interpreters. Leave it empty.")
        fields["interpreter"] = message % {"code": code[:10], "codes": ", ".join(spoken)} if spoken else none
    return code


def _check_dates(house: House, earliest: dt.date, latest: dt.date, fields: dict[str, str]) -> None:
    today = clock.today(house.zone)
    if earliest < today:
        fields["earliest"] = _("This date has passed. Choose today or a later day.")
    elif earliest > today + dt.timedelta(days=DAYS_AHEAD_AT_MOST):
        fields["earliest"] = _("This is more than a year ahead. Choose an earlier day.")
    if latest < earliest:
        fields["latest"] = _("The last day must not be before the first.")
    elif (latest - earliest).days >= DAYS_AT_MOST:
        fields["latest"] = _("Ask for at most %(most)s days at a time.") % {"most": DAYS_AT_MOST}
