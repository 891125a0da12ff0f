"""Industries in words: the sections of Danish Industrial Classification, in our own short wording."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from indgang.registers.parties.models import Company
from indgang.registers.parties.rules.industries import section_of

SECTIONS = {
    "A": _("Farming, forestry and fishing"),
    "B": _("Mining and quarrying"),
    "C": _("Manufacturing"),
    "D": _("Power, gas and district heating"),
    "E": _("Water, sewage and waste"),
    "F": _("Construction"),
    "G": _("Trade"),
    "H": _("Transport and storage"),
    "I": _("Hotels and restaurants"),
    "J": _("Information and communication"),
    "K": _("Finance and insurance"),
    "L": _("Real estate"),
    "M": _("Advice, research and technical services"),
    "N": _("Business services and travel"),
    "O": _("Public administration and defence"),
    "P": _("Teaching"),
    "Q": _("Health and social care"),
    "R": _("Culture, sport and leisure"),
    "S": _("Associations and personal services"),
    "T": _("Households with staff"),
    "U": _("International organisations and embassies"),
}


def industry_in_words(company: Company) -> str:
    """Such as "62.01.00 · Information and communication (DB07)"; the code alone where it is of no section."""
    return _with_version(company, " · ".join(filter(None, (_pointed(company.industry_code), _name(company)))))


def industry_in_line(company: Company) -> str:
    """Such as "62.01.00 Information and communication", among other facts that stand in a line."""
    return " ".join(filter(None, (_pointed(company.industry_code), _name(company))))


def _name(company: Company) -> str:
    section = section_of(company.industry_code)
    return str(SECTIONS[section]) if section else ""


def _pointed(code: str) -> str:
    return f"{code[:2]}.{code[2:4]}.{code[4:]}" if len(code) == 6 else code


def _with_version(company: Company, words: str) -> str:
    return f"{words} ({company.industry_version})" if words and company.industry_version else words
