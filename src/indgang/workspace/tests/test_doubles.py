"""The page on which people judge whether two records are the same company."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from indgang.operations.guidance.models import Category, Course
from indgang.registers.parties.actions.doubles import judge
from indgang.registers.parties.models import Company, Double, Judgement, Tie
from indgang.registers.parties.tests.factories import colleague, company, organisation
from indgang.registers.parties.tests.region import HUB, member
from indgang.workspace.tests.company_day import browser

pytestmark = pytest.mark.django_db
PAGE = "/companies/doubles/"


def a_pair(name: str = "Fjord", likely: float = 0.95) -> Double:
    """Two records that look alike."""
    one = company(f"{name} Bageri ApS", phone="+4598112233", email="post@fjord.example", city="Aalborg")
    return Double.objects.create(one=one, other=company(f"{name} Bageri", phone="+4598112233", city="Nibe"), probability=likely)


def client_of(role: str = "consultant", of: str = HUB) -> Client:
    """A browser of a colleague."""
    return browser(member(of, role))


def text_of(answer: object) -> str:
    return " ".join(answer.content.decode().split())  # type: ignore[attr-defined]


def test_the_likeliest_pair_stands_first_side_by_side_with_what_agrees_and_what_differs() -> None:
    a_pair("Havn", 0.91)
    pair = a_pair(likely=0.99)
    answer = client_of().get(PAGE)
    assert answer.context["pair"] == pair
    assert [(row["label"], row["one"], row["other"], str(row["said"])) for row in answer.context["rows"]] == [
        ("Telephone", "+4598112233", "+4598112233", "agrees"),
        ("E-mail", "post@fjord.example", "", "unknown"),
        ("City", "Aalborg", "Nibe", "differs"),
        ("Municipality", "Aalborg", "Aalborg", "agrees"),
    ]
    assert "2 pairs are left." in text_of(answer)


def test_a_pair_is_judged_told_and_taken_back() -> None:
    pair, client = a_pair(), client_of()
    answer = client.post(f"{PAGE}{pair.pk}/", {"judgement": "same"}, follow=True)
    assert "Fjord Bageri ApS and Fjord Bageri are linked: they count as one company." in text_of(answer)
    assert "No two records look alike" in text_of(answer)
    assert Company.objects.exclude(same_as=None).get() == pair.other
    again = client.post(f"{PAGE}{pair.pk}/", {"judgement": "different"}, follow=True)
    assert "A colleague has judged this pair meanwhile: The same. Nothing was changed." in text_of(again)
    for _twice in range(2):
        answer = client.post(f"{PAGE}{pair.pk}/take-back/", follow=True)
    assert answer.context["pair"] == pair
    assert not Company.objects.exclude(same_as=None).exists()


def test_what_cannot_hold_is_refused_with_its_reason() -> None:
    pair, actor = a_pair(), colleague()
    third = company("Fjord")
    judge(actor=actor, double=pair, judgement=Judgement.SAME)
    judge(actor=actor, double=Double.objects.create(one=pair.one, other=third), judgement=Judgement.DIFFERENT)
    late = Double.objects.create(one=pair.other, other=third, probability=0.9)
    answer = client_of().post(f"{PAGE}{late.pk}/", {"judgement": "same"}, follow=True)
    assert "They cannot be the same" in text_of(answer)


def test_a_pair_is_put_off_and_comes_again_after_the_last() -> None:
    pairs, client = [a_pair("Havn", 0.99), a_pair("Fjord", 0.95)], client_of()
    shown = [client.get(PAGE, {"after": pair.pk}).context["pair"] for pair in pairs]
    assert shown == [pairs[1], pairs[0]]
    assert client.get(PAGE, {"after": "x"}).context["pair"] == pairs[0]


def test_who_only_reads_sees_and_judges_nothing_and_others_see_no_page() -> None:
    pair = a_pair()
    reader = client_of("reader")
    assert reader.get(PAGE).context["pair"] == pair
    assert "data-key" not in reader.get(PAGE).content.decode()
    for address in (f"{PAGE}{pair.pk}/", f"{PAGE}{pair.pk}/take-back/"):
        assert reader.post(address, {"judgement": "same"}).status_code == 404
    for role in ("clerk", "administrator", "floorwalker"):
        assert client_of(role).get(PAGE).status_code == 404
    assert client_of().post(f"{PAGE}{pair.pk}/", {"judgement": "probable"}).status_code == 404
    pair.refresh_from_db()
    assert pair.judgement == Judgement.PROBABLE


def test_a_pair_that_is_gone_is_told_so() -> None:
    pair, client = a_pair(), client_of()
    Double.objects.all().delete()
    for address, data in ((f"{PAGE}{pair.pk}/", {"judgement": "same"}), (f"{PAGE}{pair.pk}/take-back/", {})):
        assert "Nothing was changed." in text_of(client.post(address, data, follow=True))


def test_early_warning_is_known_by_nobody_else_here_either() -> None:
    pair = a_pair()
    started = dt.date(2026, 1, 5)
    course = Course.objects.create(
        reference="EW-1", company=pair.one, organisation=organisation(), category=Category.EARLY_WARNING, started=started
    )
    Tie.objects.create(
        company=pair.one,
        organisation=organisation(),
        kind="course",
        started=started,
        confidential=True,
        source=f"guidance.course:{course.pk}",
    )
    seen = {who: "Known by" in client_of(who).get(PAGE).content.decode() for who in ("consultant", "leader", "reader", "early-warning")}
    assert seen == {"consultant": False, "leader": False, "reader": False, "early-warning": True}


def test_as_many_queries_for_many_as_for_few() -> None:
    client, counted = client_of(), []
    for many in (2, 12):
        for _each in range(many):
            judge(actor=colleague(), double=a_pair(), judgement=Judgement.SAME)
            a_pair()
        client.get(PAGE)
        with CaptureQueriesContext(connection) as queries:
            client.get(PAGE)
        counted.append(len(queries))
    assert counted[0] == counted[1]
