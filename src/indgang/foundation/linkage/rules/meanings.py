"""What a column means, told by its header and by what stands in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Meaning(StrEnum):
    """What a column says of a record."""

    GIVEN_NAME = "given-name"
    SURNAME = "surname"
    WHOLE_NAME = "whole-name"
    ORGANISATION = "organisation"
    STREET = "street"  # with or without the number
    HOUSE_NUMBER = "house-number"
    LOCALITY = "locality"  # a second line of an address
    POSTCODE = "postcode"
    CITY = "city"
    AREA = "area"  # a municipality, a state
    DATE = "date"  # of birth, of foundation
    PHONE = "phone"
    EMAIL = "email"
    IDENTIFIER = "identifier"  # CVR, P-number, CPR and the like: one for each record of the world
    SOURCE = "source"  # where a record came from
    IGNORE = "ignore"


HEADERS: Mapping[Meaning, str] = {
    Meaning.GIVEN_NAME: "given name, givenname, first name, firstname, forename, given names, first names, fornavn, fornavne, kaldenavn",
    Meaning.SURNAME: "surname, last name, lastname, family name, familyname, efternavn, efternavne, slaegtsnavn",
    Meaning.WHOLE_NAME: "name, full name, fullname, person, person name, contact, contact name, contact person, navn, fulde "
    "navn, fuldt navn, personnavn, kontakt, kontaktperson, borger",
    Meaning.ORGANISATION: "company, company name, organisation, organization, organisation name, organization name, business, "
    "business name, firm, employer, virksomhed, virksomhedsnavn, virksomhedens navn, firma, firmanavn, "
    "selskab, selskabsnavn, arbejdsgiver, forening",
    Meaning.STREET: "street, street name, streetname, road, address, address 1, address1, address line 1, street "
    "address, vej, vejnavn, gade, gadenavn, adresse, adresse 1, adresse1, gadeadresse, vejadresse",
    Meaning.HOUSE_NUMBER: "house number, housenumber, street number, house no, street no, husnummer, husnr, hus nr, vejnummer, gadenummer",
    Meaning.LOCALITY: "address 2, address2, address line 2, locality, adresse 2, adresse2, stednavn, c o, co navn, lokalitet",
    Meaning.POSTCODE: "postcode, post code, postal code, postalcode, zip, zip code, zipcode, postnummer, postnr, post nr",
    Meaning.CITY: "city, town, suburb, post town, place, by, bynavn, postdistrikt, postby",
    Meaning.AREA: "state, province, county, municipality, municipality code, kommune, kommunekode, kommunenavn, landsdel, amt",
    Meaning.DATE: "date of birth, dob, birth date, birthdate, birthday, born, founded, date founded, founding date, "
    "foedselsdato, foedselsdag, foedt, stiftet, stiftelsesdato, startdato",
    Meaning.PHONE: "phone, phone number, telephone, telephone number, tel, mobile, mobile phone, cell phone, telefon, "
    "telefonnummer, telefonnr, tlf, tlf nr, tlfnr, mobil, mobilnummer, mobiltelefon",
    Meaning.EMAIL: "email, e mail, email address, e mail address, mail, emailadresse, e mailadresse, mailadresse, e mail adresse",
    Meaning.IDENTIFIER: "cvr, cvr number, cvr no, cvr nummer, cvrnummer, cvr nr, cvrnr, p number, p no, p nummer, pnummer, "
    "p nr, pnr, production unit, produktionsenhed, produktionsenhedsnummer, cpr, cpr number, cpr "
    "nummer, cprnummer, cpr nr, cprnr, personnummer, soc sec id, ssn, social security number, social "
    "security no, national id, national identity number, national insurance number, passport, passport "
    "number, pas, pasnummer, pasnr, vat, vat number, momsnummer, se nummer, senr, gln, ean, eannummer",
    Meaning.SOURCE: "source, kilde, source dataset",
}
KNOWN = {words.strip(): meaning for meaning, listed in HEADERS.items() for words in listed.split(",")}

LOOKED_AT = 200  # values of a column, to tell what stands in it
TELLS = 0.9  # so many of them must look like a meaning for it to be recognised without a header
REFUTES = 0.5  # and fewer than so many of them say that the header means something else
SHAPES: Mapping[Meaning, re.Pattern[str]] = {
    Meaning.EMAIL: re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+"),
    Meaning.PHONE: re.compile(r"(\+|00)?[\d\s().\-/]{6,24}"),
    Meaning.DATE: re.compile(r"\d{8}|\d{4}-\d{1,2}-\d{1,2}([ T].*)?|\d{1,2}[.\-/ ]\d{1,2}[.\-/ ](\d\d){1,2}"),
    Meaning.POSTCODE: re.compile(r"(DK-?)?[\dA-Z][\dA-Z \-]{1,9}", re.IGNORECASE),
    Meaning.IDENTIFIER: re.compile(r"(?=.*\d)[\w.\-/ ]{4,40}"),
}
CPR = re.compile(r"(0[1-9]|[12]\d|3[01])(0[1-9]|1[0-2])\d\d-\d{4}")
ABROAD = re.compile(r"(\+|00)\d[\d\s().\-]{6,20}")
ORGANISED = re.compile(
    r"\b(a/s|aps|i/s|k/s|p/s|ivs|amba|a\.m\.b\.a\.?|f\.m\.b\.a\.?|gmbh|ltd|limited|inc|ab|as|oy)\b\.?\s*$", re.IGNORECASE
)


@dataclass(frozen=True)
class Column:
    """A column of a table, by its header, with what it means."""

    header: str
    meaning: Meaning


def recognised(headers: Sequence[str], samples: Mapping[str, Iterable[str]], stated: Mapping[str, Meaning] | None = None) -> list[Column]:
    """What each column means: as stated, else by its header unless its values refute that, else by its values. In the table's order.

    `samples` gives some values of each column. A column that means nothing known is left out.
    """
    stated = stated or {}
    shown = {header: [value.strip() for value in samples.get(header, ()) if value.strip()][:LOOKED_AT] for header in headers}
    columns = {header: stated.get(header) or _meaning(header, shown[header]) for header in headers}
    if _about_organisations(columns, shown):
        names = [header for header, meaning in columns.items() if meaning is Meaning.WHOLE_NAME and _plain(header) in ("name", "navn")]
        columns |= {header: Meaning.ORGANISATION for header in names if header not in stated}
    return [Column(header, meaning) for header, meaning in columns.items() if meaning not in (None, Meaning.IGNORE)]


def _meaning(header: str, values: list[str]) -> Meaning | None:
    meaning = KNOWN.get(_plain(header))
    if meaning and (meaning not in SHAPES or not values or _share(SHAPES[meaning], values) >= REFUTES):
        return meaning
    if not values:
        return None
    for shape, shown in ((SHAPES[Meaning.EMAIL], Meaning.EMAIL), (CPR, Meaning.IDENTIFIER), (ABROAD, Meaning.PHONE)):
        if _share(shape, values) >= TELLS:
            return shown
    return None


def _about_organisations(columns: Mapping[str, Meaning | None], shown: Mapping[str, list[str]]) -> bool:
    """Whether a column headed "name" holds names of organisations: a number of companies stands beside it, or company forms in it."""
    meanings = set(columns.values())
    if Meaning.ORGANISATION in meanings or Meaning.SURNAME in meanings:
        return False
    if any(re.match(r"(cvr|p (number|no|nummer|nr)|pnr|pnummer|produktionsenhed|se n|senr|vat)", _plain(header)) for header in columns):
        return True
    names = [value for header, meaning in columns.items() if meaning is Meaning.WHOLE_NAME for value in shown[header]]
    return bool(names) and sum(bool(ORGANISED.search(name)) for name in names) / len(names) >= 0.3


def _plain(header: str) -> str:
    letters = header.strip().casefold().replace("æ", "ae").replace("ø", "oe").replace("å", "aa")
    return re.sub(r"[\W_]+", " ", letters).strip()


def _share(shape: re.Pattern[str], values: list[str]) -> float:
    return sum(bool(shape.fullmatch(value)) for value in values) / len(values)
