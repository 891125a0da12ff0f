"""One after the other, where two would write the same thing twice."""

from __future__ import annotations

from django.db import connection

from indgang.registers.parties.models import Company

JUDGEMENTS = "doubles"  # judgements wait for each other: each must hold beside all the others


def locked_company(company: Company) -> Company:
    """The company's row, kept from others who write about it until the end of the transaction."""
    return Company.objects.select_for_update(of=("self",), no_key=True).get(pk=company.pk)


def lock(name: str) -> None:
    """Two who do the same thing at once wait for each other, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"parties:{name}"])
