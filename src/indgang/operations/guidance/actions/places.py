"""Where courses, deliveries and screening visits are counted, when the register says something else of a company or an establishment.

Figures do not depend on the order in which tables are brought in: what is stored of a record's municipality is what would be stored if the
record were brought in now.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from django.db.models import Q

from indgang.operations.guidance.models import Course, Delivery, Screening
from indgang.registers.parties.models import Company
from indgang.registers.parties.queries.moves import histories, municipality_on


def place_anew(companies: Collection[int], establishments: Collection[int]) -> None:
    """The register has another municipality for these: so have the records of them, each on its own day. A fixed number of queries, and one
    for each pair of municipalities in it."""
    for model, day in ((Course, "started"), (Delivery, "date")):
        records = model._default_manager.filter(Q(company__in=companies) | Q(establishment__in=establishments))
        about = records.values_list(
            "pk", "company_id", "company__municipality_id", day, "establishment_id", "establishment__municipality_id"
        )
        rows = list(about)
        moves = histories({company for _pk, company, *_rest in rows})
        found: dict[tuple[int | None, int | None], list[int]] = defaultdict(list)
        for pk, company, today, on, unit, place in rows:
            there = municipality_on(on, today, moves.get(company, []))
            found[there, place if unit else there].append(pk)
        for (there, place), numbers in found.items():
            model._default_manager.filter(pk__in=numbers).update(municipality=there, place=place)
    _place_visits(companies)


def _place_visits(companies: Collection[int]) -> None:
    """A visit to a company of which nothing is known is one of the municipality that holds it."""
    now, moves = dict(Company.objects.filter(pk__in=companies).values_list("pk", "municipality_id")), histories(companies)
    visits = Screening.objects.filter(company__in=companies).exclude(date=None)
    found: dict[int | None, list[int]] = defaultdict(list)
    for pk, company, date, own in visits.values_list("pk", "company_id", "date", "organisation__municipality_id"):
        if company is not None and date is not None:
            found[municipality_on(date, now[company], moves.get(company, [])) or own].append(pk)
    for there, numbers in found.items():
        Screening.objects.filter(pk__in=numbers).update(municipality=there)
