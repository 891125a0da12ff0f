"""Your plan: what to do, and times to choose from."""

from __future__ import annotations

import datetime as dt

import pytest
from django.conf import LazySettings

from indgang.foundation.places.models import House
from indgang.operations.reception.models import Closure, Hours, RuleSet
from indgang.operations.reception.offers import read_offer
from indgang.operations.reception.tests import factories
from indgang.operations.reception.tests.newcomer_day import ALONE, FAMILY, everything, newcomer, offers_on, plan_of, text_of
from indgang.operations.reception.tests.staff_day import at

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def house(settings: LazySettings) -> House:
    at(settings, 8)
    return factories.small_house()


def test_one_visit_as_a_sentence_with_two_more_times() -> None:
    response = plan_of(newcomer())
    text = text_of(response)
    assert "You can do it all in one visit" in text
    assert (
        "Tuesday 8 December, 9.00-10.15, Rantzausgade 4. Four desks, no waiting." in text
        or "Rantzausgade 4. Three desks, no waiting." in text
    )
    offers = [read_offer(offer) for offer in offers_on(response)]
    assert len(offers) == 3
    starts = [offer.starts.astimezone(factories.House.objects.get().zone) for offer in offers]
    assert [start.date() for start in starts] == [dt.date(2026, 12, 8), dt.date(2026, 12, 8), dt.date(2026, 12, 9)]
    assert starts[1] - starts[0] >= dt.timedelta(minutes=150)


def test_every_step_says_why_who_and_where_and_every_paper_stands_once() -> None:
    text = text_of(plan_of(newcomer()))
    for words in ("You need a residence document.", "SIRI, Rantzausgade 4", "Tax card", "Skattestyrelsen", "With MitID you log in."):
        assert words in text
    papers = plan_of(newcomer()).content.decode()
    assert papers.count('id="bring-') == 3
    assert "Passport or identity card EU residence document, Register your address (CPR) and MitID" in text


def test_the_steps_stand_in_the_order_of_the_first_time_everywhere() -> None:
    """Tax is on the floor above, so it comes last although the rules name it before MitID."""
    response = plan_of(newcomer())
    first = read_offer(offers_on(response)[0])
    assert [stop.service for stop in first.stops] == ["siri-residence", "cpr-registration", "mitid", "tax-card"]
    titles = ["EU residence document", "Register your address (CPR)", "MitID", "Tax card"]
    assert [step["title"] for step in response.context["steps"]] == titles
    assert [block["title"] for block in response.context["best"].days[0]] == titles


def test_a_mixed_family_sees_whom_each_step_is_for() -> None:
    response = plan_of(newcomer(), FAMILY)
    assert "For you and adult 2" in text_of(response)
    (best, *_others) = offers_on(response)
    steps = {stop.service: stop.travellers for stop in read_offer(best).stops}
    assert steps == {"siri-residence": (0, 1, 2), "cpr-registration": (0, 1, 2), "mitid": (0, 1), "tax-card": (0,)}


def test_what_happens_elsewhere_is_said_with_who_and_where() -> None:
    text = text_of(plan_of(newcomer(), {**ALONE, "municipality": "787"}))
    assert "What you do somewhere else Register your address (CPR) Your municipality does this itself. The citizen service of" in text


def test_notes_are_told() -> None:
    assert "We assume a long stay." in text_of(plan_of(newcomer(), {**ALONE, "stay": "unknown"}))


def test_somebody_who_need_not_come_is_told_so() -> None:
    response = plan_of(newcomer(), {**ALONE, "citizenship": "SWE", "purpose": "study", "municipality": "787"})
    text = text_of(response)
    assert "you need not come to our house" in text
    assert "Register your address (CPR)" in text
    assert offers_on(response) == []


def test_when_no_day_holds_it_the_steps_are_spread_over_the_fewest_days(house: House) -> None:
    for row in Hours.objects.filter(desk=None):
        row.delete()
    for day in range(5):
        Hours.objects.create(house=house, weekday=day, opens=dt.time(9), closes=dt.time(9, 40))
    response = plan_of(newcomer())
    text = text_of(response)
    assert "You need more than one visit" in text
    assert "No single day in the next 6 weeks holds all your steps" in text
    assert "Tuesday 8 December, 9.00-9.40 and Wednesday 9 December, 9.00" in text


def test_when_there_is_no_time_at_all_the_page_says_what_to_do(house: House) -> None:
    Closure.objects.create(house=house, first_day=dt.date(2026, 12, 1), last_day=dt.date(2027, 3, 1), title_da="Lukket")
    response = plan_of(newcomer())
    text = text_of(response)
    assert "We have no free time for you yet" in text
    assert "6 weeks" in text
    for words in ("house@example.org", "+4599820000", "Show times from", "A week later"):
        assert words in text
    assert offers_on(response) == []


def test_times_more_than_three_weeks_ahead_are_found_by_themselves(house: House) -> None:
    Closure.objects.create(house=house, first_day=dt.date(2026, 12, 1), last_day=dt.date(2027, 1, 11), title_da="Lukket")
    assert "Tuesday 12 January" in text_of(plan_of(newcomer()))


def test_another_first_day_is_taken_from_the_field_and_the_links() -> None:
    response = plan_of(newcomer(), look="2026-12-14")
    assert "Monday 14 December, 9.00" in text_of(response)
    body = response.content.decode()
    assert "look=2026-12-21" in body
    assert "A week earlier" not in body
    assert "look=2026-12-14" in plan_of(newcomer(), look="2026-12-21").content.decode()


@pytest.mark.parametrize(
    ("look", "message"),
    [
        ("2026-12-01", "This date has passed"),
        ("sometime", "Write the date like"),
        ("2029-01-01", "more than a year ahead"),
        ("", "Write a date"),
    ],
)
def test_a_first_day_that_cannot_be_is_said_and_the_plan_stays(look: str, message: str) -> None:
    response = plan_of(newcomer(), look=look)
    assert message in text_of(response)
    assert len(offers_on(response)) == 3


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        ({"citizenship": "XYZ"}, "We do not know the country “XYZ”"),
        ({"municipality": "999"}, "We do not know municipality “999”"),
        ({"date": "2026-11-01"}, "This date has passed"),
        ({"adults": "40"}, "at most 12 people"),
        ({"stay": "-5"}, "Choose how long"),
    ],
)
def test_an_address_with_an_answer_that_cannot_be_leads_to_its_question(answers: dict[str, str], message: str) -> None:
    client = newcomer()
    response = plan_of(client, {**ALONE, **answers})
    assert response.status_code == 302
    shown = client.get(response["Location"])
    assert message in text_of(shown)
    for name, value in ALONE.items():
        if name not in answers and name not in ("date", "language", "adults", "children"):
            assert f'name="{name}" value="{value}"' in shown.content.decode()


def test_a_language_that_nobody_speaks_is_said() -> None:
    text = text_of(plan_of(newcomer(), {**ALONE, "language": "uk"}))
    assert "Nobody at these desks speaks your language, so the conversation will be in English or Danish" in text
    assert "Nobody at these desks" not in text_of(plan_of(newcomer()))


def test_the_plan_is_in_danish_for_those_who_prefer_it() -> None:
    body = plan_of(newcomer("da")).content.decode()
    assert '<html lang="da">' in body
    for words in ("Registrer din adresse (CPR)", "Skattekort", "Du skal have et opholdsdokument.", "Pas eller id-kort"):
        assert words in body


def test_looking_at_a_plan_changes_nothing() -> None:
    before = everything()
    for method in ("get", "head"):
        client = newcomer()
        getattr(client, method)("/arrive/")
        plan_of(client)
        getattr(client, method)("/arrive/book?citizenship=POL")
    assert everything() == before


def test_a_region_without_rules_or_house_is_no_error() -> None:
    RuleSet.objects.all().delete()
    assert plan_of(newcomer()).status_code == 200


def test_a_region_without_a_house_has_no_plan() -> None:
    Hours.objects.all().delete()
    House.objects.update(region=factories.Region.objects.create(key="elsewhere", title_da="Andetsteds"))
    assert newcomer().get("/arrive/").status_code == 404


def test_the_plan_takes_few_queries_and_one_more_for_each_further_week_it_reads(house: House, django_assert_max_num_queries) -> None:
    with django_assert_max_num_queries(19):
        assert len(offers_on(plan_of(newcomer()))) == 3
    Closure.objects.create(house=house, first_day=dt.date(2026, 12, 1), last_day=dt.date(2027, 3, 1), title_da="Lukket")
    with django_assert_max_num_queries(25):
        assert offers_on(plan_of(newcomer(), FAMILY)) == []
