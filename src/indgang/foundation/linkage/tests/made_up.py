"""Made-up tables with the truth beside them: companies and people as Danish registers and offices write them."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from random import Random

from indgang.foundation.linkage.linking import Known, Linked, link
from indgang.foundation.linkage.rules.meanings import recognised

GIVEN = [
    "Anne",
    "Mette",
    "Kirsten",
    "Hanne",
    "Lene",
    "Susanne",
    "Maria",
    "Camilla",
    "Louise",
    "Ida",
    "Freja",
    "Sofie",
    "Peter",
    "Jens",
    "Lars",
    "Michael",
    "Henrik",
    "Thomas",
    "Søren",
    "Jan",
    "Niels",
    "Martin",
    "Rasmus",
    "Emil",
    "William",
    "Noah",
    "Oscar",
    "Carl",
    "Alma",
    "Ella",
    "Clara",
    "Laura",
    "Mathilde",
    "Karen",
    "Bente",
    "Gitte",
    "Åse",
    "Ømer",
    "Ali",
    "Fatima",
    "Olena",
    "Andrij",
    "Piotr",
    "Agnieszka",
    "Ionut",
    "Elena",
    "Rajesh",
    "Priya",
    "Wei",
    "Mei",
    "João",
    "Inês",
    "Björn",
    "Astrid",
]
FAMILY = [
    "Nielsen",
    "Jensen",
    "Hansen",
    "Pedersen",
    "Andersen",
    "Christensen",
    "Larsen",
    "Sørensen",
    "Rasmussen",
    "Jørgensen",
    "Petersen",
    "Madsen",
    "Kristensen",
    "Olsen",
    "Thomsen",
    "Christiansen",
    "Poulsen",
    "Johansen",
    "Møller",
    "Mortensen",
    "Knudsen",
    "Østergaard",
    "Kjær",
    "Åberg",
    "Bjerregaard",
    "Nørgaard",
    "Kowalski",
    "Popescu",
    "Shevchenko",
    "Patel",
    "Wang",
    "Silva",
    "Yilmaz",
    "Haddad",
    "Lindqvist",
    "Vestergaard",
    "Dahl",
    "Lund",
    "Holm",
    "Schmidt",
    "Koch",
    "Friis",
    "Winther",
    "Bach",
    "Toft",
    "Iversen",
    "Lauridsen",
]
ROADS = [
    "Vester",
    "Øster",
    "Nørre",
    "Sønder",
    "Kirke",
    "Skole",
    "Mølle",
    "Strand",
    "Havne",
    "Bakke",
    "Birke",
    "Ege",
    "Lærke",
    "Rosen",
    "Industri",
    "Jernbane",
    "Bane",
    "Hoved",
    "Parallel",
]
TOWNS = [("9000", "Aalborg"), ("9800", "Hjørring"), ("9900", "Frederikshavn"), ("9700", "Brønderslev"), ("9500", "Hobro"), ("9240", "Nibe")]
TRADES = [
    "Tømrer",
    "Murer",
    "VVS",
    "El",
    "Maskin",
    "Auto",
    "Bogholderi",
    "Rengøring",
    "Arkitekt",
    "Smede",
    "Transport",
    "Café",
    "Fisk",
    "Mejeri",
    "Gartner",
    "Maler",
    "Fysioterapi",
]
ENDINGS = ["Service", "Firma", "Byg", "Teknik", "Huset", "Gruppen", "Centret", "Værksted", "Rådgivning", "Entreprise"]
FORMS = ["ApS", "A/S", "I/S", "K/S", "", "ApS", "IVS"]
LETTERS = "abdefghiklmnoprstuvy"

Row = list[str]


def slip(text: str, source: Random) -> str:
    """One letter wrong, missing, too many, or two changed about."""
    if len(text) < 3:
        return text
    at = source.randrange(1, len(text) - 1)
    changed = [
        text[:at] + text[at + 1 :],
        text[:at] + source.choice(LETTERS) + text[at:],
        text[:at] + text[at + 1] + text[at] + text[at + 2 :],
    ]
    return source.choice(changed)


def address(source: Random) -> list[str]:
    """Street with number, postcode, town."""
    return [f"{source.choice(ROADS)}{source.choice(['gade', 'vej', ' Allé'])} {source.randint(1, 180)}", *source.choice(TOWNS)]


COMPANY = ["CVR-nr.", "Navn", "Adresse", "Postnr", "By", "Telefon", "E-mail"]


def companies(count: int, seed: int) -> tuple[list[str], list[Row], list[int]]:
    """Headers, rows, and for each row which company it really is: a third stand there twice, as somebody else wrote them."""
    source = Random(seed)
    rows, truth = [], []
    for number in range(count):
        words = [source.choice(FAMILY), f"{source.choice(TRADES)}{source.choice(ENDINGS).lower()}"]
        if source.random() < 0.5:
            words.append(source.choice(["Nord", "Danmark", "& Søn", "Aalborg", "Limfjorden"]))
        cvr, phone = str(source.randint(10_000_000, 44_999_999)), str(source.randint(20_000_000, 99_999_999))
        mail = f"post@{words[0].lower()}{source.randint(1, 99)}.dk" if source.random() < 0.6 else ""
        place = address(source)
        rows.append([cvr, f"{' '.join(words)} {source.choice(FORMS)}".strip(), *place, phone, mail])
        truth.append(number)
        if number % 3 == 0:
            other = list(words)
            if source.random() < 0.4:
                other[source.randrange(2)] = slip(other[source.randrange(2)], source) if source.random() < 0.2 else slip(other[0], source)
                other = [slip(words[0], source), *words[1:]]
            if source.random() < 0.3:
                other = other[::-1]
            moved = source.random() < 0.2
            rows.append(
                [
                    cvr if source.random() < 0.7 else "",
                    f"{' '.join(other)} {source.choice(FORMS)}".strip().upper() if source.random() < 0.3 else " ".join(other),
                    *(address(source) if moved else place),
                    f"+45 {phone[:2]} {phone[2:4]} {phone[4:6]} {phone[6:]}" if source.random() < 0.7 else "",
                    mail if source.random() < 0.7 else "",
                ]
            )
            truth.append(number)
    return COMPANY, rows, truth


PERSON = ["Fornavn", "Efternavn", "Adresse", "Postnr.", "By", "Fødselsdato", "Mobil", "E-mail"]


def families(count: int, seed: int) -> tuple[list[str], list[Row], list[int]]:
    """Families of two to five at one address, every fourth with twins; every fifth person stands there twice."""
    source = Random(seed)
    rows: list[Row] = []
    truth: list[int] = []
    person = 0
    for _family in range(count):
        surname, place = source.choice(FAMILY), address(source)
        twins = dt.date(2000, 1, 1) + dt.timedelta(days=source.randrange(8000))
        with_twins = source.random() < 0.25
        for member, given in enumerate(source.sample(GIVEN, source.randint(2, 5))):
            born = twins if with_twins and member < 2 else dt.date(1950, 1, 1) + dt.timedelta(days=source.randrange(26_000))
            mobile = str(source.randint(20_000_000, 99_999_999)) if source.random() < 0.6 else ""
            mail = f"{given}.{surname}{source.randint(1, 999)}@example.org".lower() if source.random() < 0.5 else ""
            rows.append([given, surname, *place, f"{born:%d.%m.%Y}", mobile, mail])
            truth.append(person)
            if source.random() < 0.2:
                wrong = source.randrange(3)
                rows.append(
                    [
                        slip(given, source) if wrong == 0 else given,
                        slip(surname, source) if wrong == 1 else surname,
                        *(address(source) if source.random() < 0.15 else place),
                        born.isoformat(),
                        mobile if source.random() < 0.7 else "",
                        mail if source.random() < 0.7 else "",
                    ]
                )
                truth.append(person)
            person += 1
    return PERSON, rows, truth


def linked(headers: Sequence[str], rows: Sequence[Sequence[str]], known: Known | None = None) -> Linked:
    """Linked, with its columns recognised."""
    samples = {header: [row[place] for row in rows[:200]] for place, header in enumerate(headers)}
    return link(headers, rows, recognised(headers, samples), known or Known())


def precision_and_recall(found: Sequence[object], truth: Sequence[object]) -> tuple[float, float]:
    """Over pairs of rows: how many of those together belong together, and how many that belong together are."""
    both, one, other = _pairs(list(zip(found, truth, strict=True))), _pairs(found), _pairs(truth)
    return (both / one if one else 1.0), both / other


def _pairs(groups: Sequence[object]) -> int:
    sizes: dict[object, int] = defaultdict(int)
    for group in groups:
        sizes[group] += 1
    return sum(size * (size - 1) // 2 for size in sizes.values())
