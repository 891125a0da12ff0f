"""What somebody writes down about a company by hand, read by the same rules as the cells of a table."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.utils.translation import gettext as _

from indgang.foundation.imports.columns import Column, Unreadable, YesNo
from indgang.foundation.places.models import Municipality
from indgang.registers.parties.errors import InvalidFacts
from indgang.registers.parties.import_columns import COMPANY_COLUMNS
from indgang.registers.parties.models import Company

FACTS: Mapping[str, Column] = {column.name: column for column in (*COMPANY_COLUMNS, YesNo(name="foreign_employees"))}
TEXTS = ("industry_code", "industry_version", "email", "phone", "address", "postcode", "city")  # "" where nothing is known
TOGETHER = (frozenset({"industry_code", "industry_version"}), frozenset({"address", "postcode", "city"}))  # nothing, one by one
PRIVATE = frozenset({"name", "email", "phone", "address"})  # where somebody runs a company alone, these are their own


def read_facts(given: Mapping[str, Any]) -> dict[str, Any]:
    """Facts by column as the columns of a company; None and "" are not known. A municipality is one, or its code.

    Raises InvalidFacts, with everything that cannot be read, and TypeError for a column that there is not.
    """
    if strange := given.keys() - FACTS.keys():
        raise TypeError(f"a company has no {', '.join(sorted(strange))}")
    faults: dict[str, str] = {}
    facts: dict[str, Any] = {}
    for name, said in given.items():
        try:
            facts[name] = _read(name, said)
        except Unreadable as fault:
            faults[name] = str(fault)
    if faults:
        raise InvalidFacts(faults)
    return facts


def _read(name: str, said: Any) -> Any:
    cell = said.strip() if isinstance(said, str) else said
    if cell is None or cell == "":
        return "" if name in (*TEXTS, "name") else None
    if name != "municipality":
        return FACTS[name].read(cell)
    if isinstance(cell, Municipality):
        return cell
    found = Municipality.objects.filter(code=FACTS[name].read(cell)).first()
    if found is None:
        raise Unreadable(_("No municipality with this code is known."))
    return found


def refuse_what_cannot_be(company: Company) -> None:
    """A company has a name, and a code of an industry says nothing without its version. Raises InvalidFacts."""
    faults: dict[str, str] = {}
    if not company.name:
        faults["name"] = _("Write the company's name.")
    if company.industry_code and not company.industry_version:
        faults["industry_version"] = _("Say of which version the code is: DB07 or DB25.")
    if faults:
        raise InvalidFacts(faults)


def with_what_goes_along(names: Collection[str]) -> list[str]:
    """These columns and those that mean something only together with them."""
    wanted = set(names).union(*(group for group in TOGETHER if not group.isdisjoint(names)))
    return [name for name in FACTS if name in wanted]


def as_told(company: Company, name: str) -> str:
    """One of its facts as a table writes it; "" = not known."""
    value = getattr(company, name)
    if name == "municipality":
        return value.code if value else ""
    return str(FACTS[name].write(value))
