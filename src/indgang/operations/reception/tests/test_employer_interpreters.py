"""An employee who needs an interpreter: asked for in the form and in the spreadsheet, and booked with the visit."""

from __future__ import annotations

import io

import pytest
from django.conf import LazySettings
from django.utils import translation

from indgang.foundation.places.models import House
from indgang.operations.reception.employer_tables import as_csv, example_row, read_group, template_lines
from indgang.operations.reception.models import EmployerBooking, Resource
from indgang.operations.reception.tests.employer_day import booked, group, letters, person, proposed
from indgang.operations.reception.tests.resource_day import beside, interpreter
from indgang.operations.reception.tests.staff_day import at
from indgang.operations.reception.tests.test_employer_pages import at_page, opened, people, words
from indgang.operations.reception.tests.waiting_day import house_open

pytestmark = pytest.mark.django_db


@pytest.fixture
def house(settings: LazySettings) -> House:
    at(settings, 8)
    return house_open(60)


def needs(booking: EmployerBooking) -> list[tuple[str, str]]:
    return list(booking.employees.order_by("position").values_list("name", "interpreter"))


def read(booking: EmployerBooking, *cells: str, default: str = "") -> tuple[list[str], list[str]]:
    """Who needs which interpreter, and the faults, of a file with one row for each cell."""
    lines = ["Navn;Tolk", *(f"Person {number};{cell}" for number, cell in enumerate(cells, start=1))]
    found = read_group(io.BytesIO("\r\n".join(lines).encode()), booking=booking, defaults={"language": "en", "interpreter": default})
    return [one.interpreter for one in found.people], [str(problem) for problem in found.problems]


def test_two_who_need_the_one_interpreter_are_given_different_times_and_the_interpreter_is_booked(house: House) -> None:
    interpreter(house)
    rows = booked(group(house, "Anna Nowak", "Bo Lind", interpreter="ar"))
    assert [row.state for row in rows] == ["booked", "booked"]
    assert beside() == [("tax-card", "amina", "")] * 2
    first, second = sorted(row.times[0] for row in rows)
    assert first[1] <= second[0]


def test_an_employee_who_has_no_address_is_told_of_the_interpreter_in_the_letter_to_hand_on(house: House) -> None:
    interpreter(house)
    booked(group(house, "Anna Nowak", interpreter="ar", emails=False))
    [letter] = letters("employer-hand-on")
    assert "With interpreter: Amina (Arabic)" in letter.text


def test_where_no_interpreter_is_there_the_page_says_that_this_is_why(house: House) -> None:
    amina = interpreter(house)
    booking = group(house, "Anna Nowak", interpreter="ar")
    Resource.objects.filter(pk=amina.pk).update(languages=["uk"])
    [row] = proposed(booking)
    assert row.state == "no-time"
    told = words(opened(booking).get(at_page(booking, "preview")))
    assert "No time is free within your wishes at which there is an interpreter for Arabic too." in told


def test_the_form_asks_for_everybody_and_for_one_person(house: House) -> None:
    interpreter(house, "amina", "ar", "dsl")
    client = opened(booking := group(house))
    form = people("Anna Nowak", "Bo Lind", "Cy Dahl") | {"all-interpreter": "ar", "p2-interpreter": "none"}
    client.post(at_page(booking, "people"), form)
    client.post(at_page(booking, "people"), people("Di Holm") | {"p1-interpreter": "dsl"})
    assert needs(booking) == [("Anna Nowak", "ar"), ("Bo Lind", ""), ("Cy Dahl", "ar"), ("Di Holm", "dsl")]
    assert words(client.get(at_page(booking))).count("Needs an interpreter: Arabic") == 2
    page = at_page(booking, f"people/{person(booking, 'Anna Nowak').pk}")
    answer = client.get(page)
    assert ("As for everybody" in words(answer), answer.context["form"]["interpreter"].value()) == (False, "ar")


def test_a_house_without_interpreters_asks_nobody_and_its_template_has_no_column(house: House) -> None:
    client = opened(booking := group(house))
    assert "Interpreter" not in words(client.get(at_page(booking, "people")))
    assert "Interpreter" not in template_lines(house)[0]
    interpreter(house)
    assert "Interpreter" in words(client.get(at_page(booking, "people")))


@pytest.mark.parametrize("language", ["en", "da"])
def test_the_example_of_the_template_with_interpreters_can_be_written_in_it(house: House, language: str) -> None:
    interpreter(house)
    with translation.override(language):
        lines = zip(*example_row(house), strict=True)
    found = read_group(io.BytesIO(as_csv(list(lines))), booking=group(house), defaults={})
    assert (found.problems, [one.interpreter for one in found.people]) == ([], [""])


def test_the_column_is_read_by_code_and_by_name_and_empty_is_as_for_everybody(house: House) -> None:
    interpreter(house, "amina", "ar", "dsl")
    booking = group(house)
    cells = ("ar", "Arabic", "arabisk", "العربية", "nej", "no", "ingen", "", "Danish sign language", "dansk tegnsprog")
    assert read(booking, *cells, default="ar") == (["ar"] * 4 + [""] * 3 + ["ar"] + ["dsl"] * 2, [])


def test_a_language_nobody_interprets_is_told_with_its_row_and_what_can_be_written(house: House) -> None:
    interpreter(house, "amina", "ar", "uk")
    booking = group(house)
    english = "Row 3, Interpreter “Klingon”: There is no interpreter for this language. Write one of: Arabic, Ukrainian; or no."
    assert read(booking, "ar", "Klingon") == ([], [english])
    with translation.override("da"):
        assert read(booking, "ar", "Klingon")[1] == [
            "Række 3, Tolk “Klingon”: Der er ingen tolk til dette sprog. Skriv et af disse: arabisk, ukrainsk; eller nej."
        ]
