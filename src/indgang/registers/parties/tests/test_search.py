"""Finding a company by whatever somebody remembers of it, and never through a person whom they may not know there."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from indgang.foundation.access.actors import ANONYMOUS, Actor
from indgang.foundation.identity.models import Role
from indgang.registers.parties.models import Company, Contact, Establishment, Sharing
from indgang.registers.parties.queries.search import FOUND_AT_MOST, companies_found
from indgang.registers.parties.rules.words import folded
from indgang.registers.parties.tests import factories
from indgang.registers.parties.tests.factories import CVRS, colleague, company, organisation

pytestmark = pytest.mark.django_db
HUB, OFFICE = "erhvervshus-nordjylland", "erhvervskontor-aalborg"


def met(one: Company, name: str, *, of: str = HUB, sharing: str = Sharing.ORGANISATION, **facts: Any) -> Contact:
    """Somebody at a company, as an organisation knows them."""
    return Contact.objects.create(company=one, organisation=organisation(of), sharing=sharing, name=name, **facts)


def names(text: str, actor: Actor | None = None) -> list[str]:
    """What is found, the likeliest first."""
    return [one.name for one in companies_found(text, actor=actor)]


@pytest.fixture
def bakery() -> Company:
    """One that has everything, among others."""
    company("Limfjordens Bådebyggeri", CVRS[1], "825", address="Skippergade 3", postcode="9940", city="Læsø")
    company("Nordjysk Tømrer & Snedker A/S", CVRS[2], phone="+4598112255")
    one = company(
        "Ærøs Fjordbageri ApS", CVRS[0], phone="+4598112233", email="Post@fjord.example", address="Østre Havnegade 1", city="Aalborg"
    )
    Establishment.objects.create(p_number="1000000001", company=one)
    return one


@pytest.mark.parametrize(
    "text",
    [
        "Ærøs Fjordbageri ApS",
        "fjordbageri",
        "FJORDBAG",
        "bageri",
        "aeros",
        "aroes fjord",
        "fjordbagreri",
        "fjorbageri",
        "fjordbgaeri aps",
        "bageri aalborg",
        "bageri Ålborg",
        "havnegade",
        "ostre havnegade fjord",
        "30000005",
        "3000 0005",
        "DK30000005",
        "DK-3000 0005",
        "98112233",
        "98 11 22 33",
        "+45 98112233",
        "0045 98 11 22 33",
        "1000000001",
        "10000000-01",
        "post@fjord.example",
        "POST@FJORD",
    ],
)
def test_a_company_is_found_alone_by_whatever_names_it(bakery: Company, text: str) -> None:
    assert companies_found(text) == [bakery]


@pytest.mark.parametrize(
    "text", ["", " ", "bageri odense", "fjordbagxyz", "30000006", "99999999", "other@fjord.example", "…", "' OR 1=1 --", "%"]
)
def test_what_names_nobody_finds_nobody(bakery: Company, text: str) -> None:
    assert companies_found(text) == []


def test_the_same_word_comes_before_its_beginning_a_part_a_slip_and_a_place() -> None:
    for name, city in ("Havn", ""), ("Havnekro", ""), ("Lystbådehavnen", ""), ("Hawnen Fisk", ""), ("Kro", "Havn"):
        company(name, city=city)
    assert names("havn")[:3] == ["Havn", "Havnekro", "Lystbådehavnen"]
    assert names("havn")[-1] == "Kro"


def test_nobody_gets_more_than_one_page_and_the_same_company_fills_one_line() -> None:
    for number in range(FOUND_AT_MOST + 5):
        company(f"Holm Nr {number}")
    first = Company.objects.order_by("pk")[0]
    Company.objects.exclude(pk=first.pk).filter(name__endswith="1").update(same_as=first)
    found = companies_found("holm")
    assert len(found) == FOUND_AT_MOST
    roots = [one.same_as_id or one.pk for one in found]
    assert len(set(roots)) == FOUND_AT_MOST


def test_those_judged_the_same_are_one_by_number_and_telephone_too() -> None:
    one = company("Holm", CVRS[0], phone="+4598112233")
    other = company("Holm Byg", phone="+4598112233", same_as=one)
    assert [companies_found(text) for text in ("98112233", "holm")] == [[one], [one]]
    assert companies_found("holm byg") == [other]


def test_a_company_is_found_by_somebody_who_works_there(bakery: Company) -> None:
    met(bakery, "Iben Sørensen-Krogh", email="iben@sk.example", phone="+4520304050")
    actor = colleague()
    for text in "iben", "Sorensen", "iben krog", "søernsen", "krogh fjordbageri", "iben@sk", "20 30 40 50", "+4520304050":
        assert companies_found(text, actor=actor) == [bakery], text
        assert companies_found(text) == []
    assert companies_found("iben hansen", actor=actor) == []


def test_a_full_name_is_not_lost_among_its_namesakes(bakery: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("indgang.registers.parties.queries.people.MET_AT_MOST", 5)
    for number in range(8):
        met(company(f"A{number}"), f"Iben Lund {number}")
        met(company(f"B{number}"), f"Maren Krogh {number}")
    met(bakery, "Iben Krogh")
    assert companies_found("iben krogh", actor=colleague()) == [bakery]


WHO = {
    "hub": (Role.CONSULTANT, HUB),
    "hub leader": (Role.LEADER, HUB),
    "hub team": (Role.EARLY_WARNING, HUB),
    "office": (Role.CONSULTANT, OFFICE),
    "office team": (Role.EARLY_WARNING, OFFICE),
    "reader": (Role.READER, "region"),
    "clerk": (Role.CLERK, HUB),
    "administrator": (Role.ADMINISTRATOR, "ihnd"),
}
SEEN = {
    Sharing.ORGANISATION: {"hub", "hub leader", "hub team"},
    Sharing.COMPANIES: {"hub", "hub leader", "hub team", "office", "office team", "reader"},
    Sharing.TEAM: {"hub team"},
}


@pytest.mark.parametrize("sharing", SEEN)
@pytest.mark.parametrize("removed", [False, True])
def test_a_person_leads_to_a_company_for_those_who_may_know_them(bakery: Company, sharing: str, removed: bool) -> None:
    made = met(bakery, "Quirina Zabłocka", sharing=sharing, email="q@z.example", phone="+4520304050")
    if removed:
        Contact.objects.filter(pk=made.pk).update(removed_at=made.created_at)
    for text in "quirina", "zablocka fjordbageri", "q@z.example", "20304050":
        found = {who for who, (role, of) in WHO.items() if companies_found(text, actor=colleague(role, of))}
        assert found == (set() if removed else SEEN[Sharing(sharing)]), text
    assert not companies_found("quirina", actor=ANONYMOUS)


def test_a_person_whom_somebody_may_not_know_changes_nothing_of_what_they_find(bakery: Company) -> None:
    actor, texts = colleague(of=OFFICE), ("fjord", "quirina", "fjord quirina", "post@", "98112233", "bageri")
    before = [companies_found(text, actor=actor) for text in texts]
    for number, one in enumerate(Company.objects.all()):
        met(one, f"Quirina Fjord {number}", sharing=Sharing.TEAM, email="post@fjord.example", phone="+4598112233")
    assert [companies_found(text, actor=actor) for text in texts] == before


def test_a_name_that_changed_is_found_by_what_it_is_now(bakery: Company) -> None:
    made = met(bakery, "Quirina Holm")
    made.name = "Quirina Lund"
    made.save(update_fields=["name"])
    assert (names("lund", colleague()), names("holm", colleague())) == ([bakery.name], [])


@pytest.mark.parametrize("text", ["holm byg", "98112233", "post@", "iben holm"])
def test_as_many_queries_for_many_as_for_few(text: str) -> None:
    actor, counted = colleague(), []
    for many in (2, 25):
        for number in range(many):
            one = company(f"Holm Byg {many} {number}", phone="+4598112233", email="post@holm.example")
            met(one, "Iben Holm", phone="+4598112233", email="post@iben.example")
        with CaptureQueriesContext(connection) as queries:
            assert companies_found(text, actor=actor)
        counted.append(len(queries))
    assert counted[0] == counted[1]


class EveryWord(TestCase):
    """Whatever a company is called, each of its words finds it, whole, in part and however the letters are written."""

    @examples(max_examples=40)
    @given(st.lists(st.text("abdefghiklmnoprstuvyæøå", min_size=3, max_size=12), min_size=1, max_size=4), st.data())
    def test_every_word_of_a_name_finds_its_company(self, said: list[str], data: Any) -> None:
        """Among others with words of the same letters."""
        factories.region()
        one = company(" ".join(said))
        company("Abe Dag Grø")
        word = data.draw(st.sampled_from(said))
        for text in (word, word.upper(), word.replace("ø", "oe").replace("å", "aa").replace("æ", "ae")):
            assert one in companies_found(text)
        begins = word[: max(3, len(word) - 2)]
        if folded(word).startswith(folded(begins)):  # not where it ends between two letters that stand for one
            assert one in companies_found(begins)
        assert one in companies_found(" ".join(said))
