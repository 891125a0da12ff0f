"""Clusters, pairs and ids keep what people decided, whatever order things come in."""

from __future__ import annotations

from itertools import combinations, permutations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from indgang.foundation.linkage.rules.clusters import Contradiction, Decisions, Link, clustered
from indgang.foundation.linkage.rules.pairing import paired
from indgang.foundation.linkage.rules.succession import readable, succeeded

RECORDS = range(9)
PAIR = st.tuples(st.sampled_from(RECORDS), st.sampled_from(RECORDS)).filter(lambda pair: pair[0] != pair[1])
PAIRS = st.frozensets(PAIR, max_size=5)
LINKS = st.dictionaries(PAIR.map(lambda pair: (min(pair), max(pair))), st.integers(1, 4), max_size=14).map(
    lambda found: [Link(*pair, strength) for pair, strength in found.items()]
)


def together(groups: list[list[int]]) -> set[frozenset[int]]:
    return {frozenset(pair) for group in groups for pair in combinations(group, 2)}


@settings(max_examples=300, deadline=None)
@given(LINKS, PAIRS, PAIRS, st.randoms())
def test_what_people_decided_holds_in_every_cluster(links: list[Link], same: frozenset, different: frozenset, shuffled) -> None:
    decisions = Decisions(same, different)
    try:
        groups = clustered(links, decisions)
    except Contradiction as contradiction:
        by_same = together(clustered([], Decisions(same)))
        assert frozenset(contradiction.pair) in by_same & {frozenset(pair) for pair in different}
        return
    assert {frozenset(pair) for pair in same} - together(groups) == set()
    assert {frozenset(pair) for pair in different} & together(groups) == set()
    other = list(links)
    shuffled.shuffle(other)
    turned = [Link(link.right, link.left, link.strength) for link in other]
    assert clustered(turned, decisions) == groups


@settings(max_examples=200, deadline=None)
@given(LINKS)
def test_without_decisions_a_cluster_is_everything_that_hangs_together(links: list[Link]) -> None:
    reach = {record: {record} for record in RECORDS}
    for _round in RECORDS:
        for link in links:
            both = reach[link.left] | reach[link.right]
            for record in both:
                reach[record] = reach[record] | both
    groups = {tuple(sorted(group)) for group in reach.values() if len(group) > 1}
    assert clustered(links) == sorted(map(list, groups))


def test_a_pair_that_is_not_the_same_is_not_joined_through_a_third() -> None:
    links = [Link(1, 2, 9.0), Link(2, 3, 8.0)]
    assert clustered(links, Decisions(different=frozenset({(1, 3)}))) == [[1, 2]]


def test_twins_are_not_joined_through_a_third_unless_a_person_says_so() -> None:
    links = [Link(1, 2, 9.0), Link(2, 3, 8.0)]
    assert clustered(links, apart=[(1, 3)]) == [[1, 2]]
    assert clustered(links, Decisions(same=frozenset({(1, 3)})), apart=[(1, 3)]) == [[1, 2, 3]]


def test_both_the_same_and_not_is_refused_and_named() -> None:
    with pytest.raises(Contradiction) as told:
        clustered([], Decisions(frozenset({(1, 2), (2, 3)}), frozenset({(1, 3)})))
    assert told.value.pair == (1, 3)


SIDES = {record: "a" if record < 4 else "b" for record in RECORDS}
ACROSS = st.dictionaries(st.tuples(st.integers(0, 3), st.integers(4, 8)), st.integers(1, 9), max_size=12)


def best_total(links: dict[tuple[int, int], int]) -> int:
    """The strongest matching, by trying all."""
    totals = [0]
    for rights in permutations([4, 5, 6, 7, 8], 4):
        totals.append(sum(links.get((left, right), 0) for left, right in enumerate(rights)))
    return max(totals)


@settings(max_examples=200, deadline=None)
@given(ACROSS, st.randoms())
def test_one_to_one_is_the_best_of_all_matchings(strengths: dict[tuple[int, int], int], shuffled) -> None:
    links = [Link(*pair, strength) for pair, strength in strengths.items()]
    pairs = paired(links, SIDES)
    used = [record for pair in pairs for record in pair]
    assert len(used) == len(set(used))
    assert sum(strengths[left, right] for left, right in pairs) == best_total(strengths)
    shuffled.shuffle(links)
    assert paired([Link(link.right, link.left, link.strength) for link in links], SIDES) == pairs


@settings(max_examples=200, deadline=None)
@given(
    ACROSS, st.sets(st.tuples(st.integers(0, 3), st.integers(4, 8)), max_size=3), st.sets(st.tuples(st.integers(0, 3), st.integers(4, 8)))
)
def test_one_to_one_keeps_what_people_decided(strengths: dict, same: set, different: set) -> None:
    assume(len({left for left, _ in same}) == len(same) == len({right for _, right in same}) and not same & different)
    links = [Link(*pair, strength) for pair, strength in strengths.items()]
    pairs = {tuple(pair) for pair in paired(links, SIDES, Decisions(frozenset(same), frozenset(different)))}
    assert same - pairs == set()
    assert different & pairs == set()


@pytest.mark.parametrize("same", [{(0, 4), (0, 5)}, {(0, 1)}, {(0, 4), (1, 4)}])
def test_two_partners_or_two_of_one_source_are_refused(same: set[tuple[int, int]]) -> None:
    with pytest.raises(Contradiction):
        paired([], SIDES, Decisions(frozenset(same)))


def partition(numbers: list[int]) -> list[list[int]]:
    groups: dict[int, list[int]] = {}
    for record, group in enumerate(numbers):
        groups.setdefault(group, []).append(record)
    return sorted(groups.values())


PARTITIONS = st.lists(st.integers(0, 5), min_size=9, max_size=9).map(partition)


def name(cluster: list[int], attempt: int) -> str:
    return readable(bytes(5) + bytes([cluster[0]]), attempt)  # all propose the same first, so that they must go on


@settings(max_examples=300, deadline=None)
@given(PARTITIONS, PARTITIONS, PARTITIONS)
def test_ids_are_kept_and_never_given_to_others(first: list[list[int]], second: list[list[int]], third: list[list[int]]) -> None:
    one = succeeded(first, {}, (), name)
    before = dict(zip(one.ids, first, strict=True))
    two = succeeded(second, before, (), name)
    assert len(set(two.ids)) == len(second)
    after = dict(zip(two.ids, second, strict=True))
    for key, records in before.items():
        holder = two.heirs.get(key, key)
        shares = [len({*records} & {*cluster}) for cluster in second]
        assert len({*records} & {*after[holder]}) == max(shares)
        assert (key in after) == (key not in two.heirs)
    ended = set(before) - set(after)
    three = succeeded(third, after, ended, name)
    assert ended & set(three.ids) == set()


@settings(max_examples=100, deadline=None)
@given(PARTITIONS)
def test_the_same_clusters_keep_their_ids(clusters: list[list[int]]) -> None:
    ids = succeeded(clusters, {}, (), name).ids
    again = succeeded(clusters, dict(zip(ids, clusters, strict=True)), (), name)
    assert (again.ids, again.heirs) == (ids, {})


def test_a_cluster_that_grows_keeps_its_id_and_one_that_splits_leaves_it_to_its_larger_part() -> None:
    before = {"C-A": [1, 2, 3]}
    assert succeeded([[1, 2, 3, 4]], before, (), name).ids == ["C-A"]
    split = succeeded([[1], [2, 3]], before, (), name)
    assert split.ids[1] == "C-A"
    merged = succeeded([[1, 2, 3, 4]], {"C-A": [1, 2], "C-B": [3, 4]}, (), name)
    assert (merged.ids, merged.heirs) == (["C-A"], {"C-B": "C-A"})
    assert succeeded([], before, (), name).heirs == {"C-A": None}
