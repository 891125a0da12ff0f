"""Records that are one company are linked as people judge, and exactly as before where they take it back."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from indgang.foundation.access.actors import NotAllowed
from indgang.foundation.identity.models import Role
from indgang.foundation.jobs.work import run_due_jobs
from indgang.foundation.journal.models import Entry
from indgang.foundation.journal.queries import entries_about, entries_visible_to
from indgang.registers.parties.actions.doubles import judge, mark, take_back
from indgang.registers.parties.actions.finding_doubles import find_doubles
from indgang.registers.parties.errors import NotTogether
from indgang.registers.parties.models import Company, Double, Judgement
from indgang.registers.parties.queries.doubles import judged_lately, left_to_judge, same_companies
from indgang.registers.parties.rules.doubles import Groups, Judged, Pair, open_pairs, roots
from indgang.registers.parties.tests import factories
from indgang.registers.parties.tests.companies_table import HEADER, done
from indgang.registers.parties.tests.factories import CVRS, colleague, company

pytestmark = pytest.mark.django_db
SAME, DIFFERENT, PROBABLE = Judgement.SAME, Judgement.DIFFERENT, Judgement.PROBABLE
PAIRS = list(combinations(range(6), 2))
JUDGED = st.dictionaries(st.sampled_from(PAIRS), st.sampled_from(["same", "different"]), max_size=8)
NUMBERS = st.dictionaries(st.integers(0, 5), st.sampled_from("xyz"), max_size=3)


def together(same: list[Pair], one: int, other: int) -> bool:
    """Whether a way leads from one to the other, step by step."""
    reached = {one}
    for _step in range(6):
        reached |= {record for pair in same for record in pair if reached & set(pair)}
    return other in reached


@given(st.sets(st.sampled_from(PAIRS)))
def test_a_group_is_named_by_its_lowest_record(same: set[Pair]) -> None:
    found = roots(same)
    assert found.keys() == {record for pair in same for record in pair}
    for record, root in found.items():
        assert root == min(other for other in range(6) if together(list(same), record, other))


@given(JUDGED, NUMBERS, st.sampled_from(PAIRS))
def test_nothing_is_asked_that_is_answered_or_cannot_be(judged: dict[Pair, str], numbers: dict[int, str], pair: Pair) -> None:
    same = [one for one, word in judged.items() if word == "same"]
    different = [one for one, word in judged.items() if word == "different"]
    if any(together(same, *one) for one in different):
        return  # nobody can judge so
    all_same = [*same, pair]
    breaks = any(together(all_same, *one) for one in different)
    groups = Groups(Judged(same, different, numbers))
    sets = [{number for record, number in numbers.items() if together(same, record, one)} for one in pair]
    if any(len(one) > 1 for one in sets):
        return
    two_numbers = len(sets[0] | sets[1]) > 1
    assert groups.is_open(pair) == (not together(same, *pair) and not breaks and not two_numbers)


@given(JUDGED, st.lists(st.sampled_from(PAIRS), unique=True))
def test_no_question_is_asked_twice(judged: dict[Pair, str], pairs: list[Pair]) -> None:
    known = Judged([one for one, word in judged.items() if word == "same"], [])
    groups = Groups(known)
    asked = [frozenset(map(groups.of, pair)) for pair in open_pairs(pairs, known)]
    assert len(asked) == len(set(asked))
    assert set(asked) == {frozenset(map(groups.of, pair)) for pair in pairs if groups.of(pair[0]) != groups.of(pair[1])}


def same_as() -> dict[int, int | None]:
    """How every record stands."""
    return dict(Company.objects.order_by("pk").values_list("pk", "same_as"))


def rows() -> list[tuple[object, ...]]:
    """Every pair, as it is kept."""
    return list(Double.objects.order_by("pk").values_list())


class Judging(TestCase):
    """People judge pairs of six records, in any order, and take some of it back."""

    @examples(max_examples=40)
    @given(st.lists(st.tuples(st.sampled_from(PAIRS), st.sampled_from([SAME, DIFFERENT, PROBABLE])), max_size=10))
    def test_groups_follow_what_stands_and_never_break_it(self, steps: list[tuple[Pair, Judgement]]) -> None:
        """Two of the six have numbers, which are different."""
        actor = colleague()
        cast = [company(f"C{number}", CVRS[number] if number < 2 else None) for number in range(6)]
        pairs = {pair: Double.objects.create(one=cast[pair[0]], other=cast[pair[1]], probability=0.9) for pair in PAIRS}
        for pair, judgement in steps:
            before = (same_as(), rows())
            try:
                if judgement == PROBABLE:
                    take_back(actor=actor, double=pairs[pair])
                else:
                    judge(actor=actor, double=pairs[pair], judgement=judgement)
            except NotTogether:
                assert (same_as(), rows()) == before
                continue
            stands = {known: Double.objects.get(pk=double.pk).judgement for known, double in pairs.items()}
            same = [known for known, word in stands.items() if word == SAME]
            assert not any(together(same, *known) for known, word in stands.items() if word == DIFFERENT)
            assert not together(same, 0, 1)
            expected = [min(other for other in range(6) if together(same, one, other)) for one in range(6)]
            assert list(same_as().values()) == [None if root == one else cast[root].pk for one, root in enumerate(expected)]
            if judgement != PROBABLE and before[1] != rows() and _was(before[1], pairs[pair].pk) == PROBABLE:
                take_back(actor=actor, double=pairs[pair])
                assert (same_as(), rows()) == before
                judge(actor=actor, double=pairs[pair], judgement=judgement)


def _was(before: list[tuple[object, ...]], number: int) -> object:
    """What was thought of a pair."""
    names = [field.attname for field in Double._meta.concrete_fields]
    return next(row[names.index("judgement")] for row in before if row[0] == number)


def trio() -> tuple[list[Company], list[Double]]:
    """Three records, and each two of them."""
    cast = [company(f"Holm {name}") for name in ("Byg", "Bygge", "Byggeri")]
    return cast, [Double.objects.create(one=one, other=other, probability=0.95) for one, other in combinations(cast, 2)]


def test_different_holds_through_a_third_and_says_why() -> None:
    actor, (_cast, (first, second, third)) = colleague(), trio()
    judge(actor=actor, double=first, judgement=SAME)
    judge(actor=actor, double=second, judgement=DIFFERENT)
    with pytest.raises(NotTogether, match="somebody has judged that two of the companies linked with them are not"):
        judge(actor=actor, double=third, judgement=SAME)
    take_back(actor=actor, double=second)
    judge(actor=actor, double=third, judgement=SAME)
    with pytest.raises(NotTogether, match="Take one of those links back"):
        judge(actor=actor, double=second, judgement=DIFFERENT)


def test_what_is_judged_is_told_once_and_asked_no_more() -> None:
    actor, (cast, (first, second, third)) = colleague(), trio()
    assert left_to_judge(actor) == [first.pk, second.pk, third.pk]
    for _twice in range(2):
        judge(actor=actor, double=first, judgement=SAME)
    assert left_to_judge(actor) == [second.pk]
    judge(actor=actor, double=second, judgement=DIFFERENT)
    assert left_to_judge(actor) == []
    assert judged_lately(actor, 5) == [second, first]
    entries = entries_about(cast[0]).values_list("verb", "circle", "before__judgement", "after__judgement")
    assert list(entries) == [
        ("double.judged", "companies", "probable", "different"),
        ("double.judged", "companies", "probable", "same"),
    ]
    for _twice in range(2):
        take_back(actor=actor, double=second)
    assert left_to_judge(actor) == [second.pk]
    assert Entry.objects.filter(verb="double.taken-back").count() == 1


def test_two_that_nobody_proposed_are_linked_and_leave_nothing_when_that_is_taken_back() -> None:
    actor, one, other = colleague(), company("Holm"), company("Lund")
    double = mark(actor=actor, one=other, other=one, judgement=SAME)
    assert same_companies([one.pk, other.pk]) == {one.pk: {one.pk, other.pk}, other.pk: {one.pk, other.pk}}
    take_back(actor=actor, double=double)
    assert (rows(), same_as()) == ([], {one.pk: None, other.pk: None})
    with pytest.raises(NotTogether):
        mark(actor=actor, one=one, other=one, judgement=SAME)


@pytest.mark.parametrize("role", [Role.READER, Role.CLERK, Role.ADMINISTRATOR])
def test_who_does_not_serve_companies_judges_nothing(role: str) -> None:
    first = trio()[1][0]
    for deed in (lambda who: judge(actor=who, double=first, judgement=SAME), lambda who: take_back(actor=who, double=first)):
        with pytest.raises(NotAllowed):
            deed(colleague(role))
    assert bool(left_to_judge(colleague(role))) == (role == Role.READER)


def test_what_an_early_warning_colleague_judges_names_them_to_their_team_alone() -> None:
    cast, (first, _second, _third) = trio()
    judge(actor=colleague(Role.EARLY_WARNING), double=first, judgement=SAME)
    seen = {who: entries_visible_to(colleague(who), entries_about(cast[0])).count() for who in (Role.CONSULTANT, Role.EARLY_WARNING)}
    assert seen == {Role.CONSULTANT: 0, Role.EARLY_WARNING: 1}


def test_as_many_queries_for_many_as_for_few() -> None:
    actor, counted = colleague(), []
    for _more in range(2):
        for _each in range(4):
            judge(actor=actor, double=trio()[1][0], judgement=SAME)
        with CaptureQueriesContext(connection) as queries:
            left_to_judge(actor)
        counted.append(len(queries))
    assert counted[0] == counted[1]


def new_ones() -> list[Company]:
    """Written down by hand beside the register: two that are in it already under another name, and one that is not."""
    where = {"address": "Østre Havnegade 12", "postcode": "9000", "city": "Aalborg"}
    return [
        company("Fjordens Bageri", phone="+4598112233", **where),
        company("fjordens bageri v/ Iben Holm", phone="+4598112233", email="post@fjord.example", **where),
        company("Thy Tømrerne", code="787", address="Torvet 3", postcode="7700", city="Thisted"),
    ]


REGISTER = [
    HEADER,
    "30000005,Fjordens Bageri ApS,851,,,,,,post@fjord.example,+4598112233,Østre Havnegade 12,9000,Aalborg\n",
    "30000013,Fjordens Bageri Holding ApS,851,,,,,,holding@fjord.example,+4598112233,Østre Havnegade 12,9000,Aalborg\n",
    "30000021,Limfjordens Skibsværft A/S,825,,,,,,,+4596101010,Havnen 1,9940,Læsø\n",
    "30000048,Hals Vinduespolering,851,,,,,,,+4520202020,Skolegade 7,9370,Hals\n",
]


@pytest.fixture
def home(settings: LazySettings, tmp_path: Path) -> None:
    settings.HOME = tmp_path
    factories.region()


def proposed() -> set[tuple[str, str]]:
    """The names in each pair that somebody still has to judge."""
    left = left_to_judge(colleague())
    return {(double.one.name, double.other.name) for double in Double.objects.filter(pk__in=left).select_related("one", "other")}


def test_a_table_brings_proposals_and_never_of_two_numbers(home: None) -> None:
    bakery, other, _carpenters = new_ones()
    done("".join(REGISTER))
    run_due_jobs()

    pairs = list(Double.objects.select_related("one", "other"))
    assert all(not (double.one.cvr and double.other.cvr) for double in pairs)
    assert {record.name for double in pairs for record in (double.one, double.other)} <= {
        bakery.name, other.name, "Fjordens Bageri ApS", "Fjordens Bageri Holding ApS"
    }  # fmt: skip
    assert ("Fjordens Bageri", "Fjordens Bageri ApS") in {(double.one.name, double.other.name) for double in pairs} or len(pairs) >= 2


def test_ids_stay_when_new_records_come_and_what_was_judged_is_never_overruled(home: None) -> None:
    bakery, other, _carpenters = new_ones()
    done("".join(REGISTER))
    find_doubles()
    actor = colleague()
    first = Double.objects.get(pk=left_to_judge(actor)[0])
    judge(actor=actor, double=first, judgement=DIFFERENT)
    before = rows()
    for more in range(3):
        company(f"Skagen Fisk {more}", code=None, address=f"Havnevej {more}", city="Skagen")
        find_doubles()
        kept = {row[0]: row for row in rows()}
        assert kept[first.pk][:5] == next(row for row in before if row[0] == first.pk)[:5]
        assert first.pk not in left_to_judge(actor)
    judge(actor=actor, double=first, judgement=SAME)
    find_doubles()
    assert Double.objects.get(pk=first.pk).judgement == SAME
    assert {bakery.pk, other.pk} & set(Company.objects.exclude(same_as=None).values_list("pk", flat=True)) or first.one.same_as_id is None


def test_looking_again_proposes_the_same_pairs_with_the_same_ids(home: None) -> None:
    new_ones()
    done("".join(REGISTER))
    count = find_doubles()
    before = rows()
    assert count == len(before) > 0
    assert find_doubles() == count
    assert rows() == before


def test_what_no_longer_looks_the_same_is_not_asked_any_more(home: None) -> None:
    for one in new_ones()[:2]:
        Company.objects.filter(pk=one.pk).update(cvr=None)
    done("".join(REGISTER))
    assert find_doubles() > 0
    for number, one in enumerate(Company.objects.filter(cvr=None)):
        Company.objects.filter(pk=one.pk).update(
            name=f"Andet {number}", phone=f"+452000000{number}", email="", address=f"Vej {number}", city=""
        )
    find_doubles()
    assert proposed() == set()


def test_where_every_company_has_its_number_nothing_is_looked_for(home: None, monkeypatch: pytest.MonkeyPatch) -> None:
    done("".join(REGISTER))
    monkeypatch.setattr("indgang.registers.parties.actions.finding_doubles.LINKING", "nowhere")
    assert find_doubles() == 0
