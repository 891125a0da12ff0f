"""The whole way from a table to clusters: independent of the order of rows, true to decisions, steady in its ids."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indgang.foundation.linkage.linking import Known, NothingToCompare, link
from indgang.foundation.linkage.rules.clusters import Contradiction, Decisions
from indgang.foundation.linkage.rules.model import Model
from indgang.foundation.linkage.scoring import Scorer
from indgang.foundation.linkage.tests.made_up import PERSON, Row, companies, families, linked
from indgang.foundation.linkage.workbench import NotTwoSources


def clusters_by_row(rows: list[Row], clusters: list[str]) -> dict[tuple[str, ...], str]:
    return {tuple(row): cluster for row, cluster in zip(rows, clusters, strict=True)}


@settings(max_examples=6, deadline=None)
@given(st.integers(0, 1_000_000))
def test_the_order_of_rows_changes_nothing(seed: int) -> None:
    headers, rows, _truth = families(30, seed=seed % 7)
    other = list(rows)
    Random(seed).shuffle(other)
    first, second = linked(headers, rows), linked(headers, other)
    assert second.model == first.model
    assert clusters_by_row(other, second.clusters) == clusters_by_row(rows, first.clusters)
    assert {tuple(other[place]): best.probability for place, best in second.strongest.items()} == {
        tuple(rows[place]): best.probability for place, best in first.strongest.items()
    }


def test_the_order_of_rows_changes_nothing_where_weights_are_learnt() -> None:
    headers, rows, _truth = companies(400, seed=3)
    first, second = linked(headers, rows), linked(headers, rows[::-1])
    assert second.model == first.model
    assert second.clusters[::-1] == first.clusters
    untaught = Model.untaught(first.model.columns, first.model.shares)
    assert [level.m for level in first.model.comparisons[0].levels] != [level.m for level in untaught.comparisons[0].levels]


ANNA = ["Anna", "Lund", "Vestergade 3", "9000", "Aalborg", "1.2.1990", "98123456", "anna.lund1@example.org"]
PIOTR = ["Piotr", "Kowalski", "Havnegade 9", "9800", "Hjørring", "7.7.1977", "", ""]
NOT_QUITE_ANNA = ["Anna", "Lundt", "Vestergade 3", "9000", "Aalborg", "1.2.1990", "", ""]


def test_decisions_stand_above_what_the_table_says() -> None:
    rows = [ANNA, NOT_QUITE_ANNA, PIOTR]
    assert linked(PERSON, rows).doubles == 2
    decisions = Decisions(same=frozenset({(2, 0)}), different=frozenset({(1, 0)}))
    found = linked(PERSON, rows, Known(decisions)).clusters
    assert (found[0] == found[2], found[0] == found[1]) == (True, False)
    assert found[1] != found[2]


def test_not_the_same_holds_through_a_third_row() -> None:
    rows = [ANNA, NOT_QUITE_ANNA, list(ANNA)]
    found = linked(PERSON, rows, Known(Decisions(different=frozenset({(0, 2)})))).clusters
    assert found[0] != found[2]
    assert len(set(found)) == 2


def test_decisions_that_cannot_all_hold_are_named_by_row() -> None:
    decisions = Decisions(same=frozenset({(0, 1), (1, 2)}), different=frozenset({(2, 0)}))
    with pytest.raises(Contradiction) as told:
        linked(PERSON, [ANNA, NOT_QUITE_ANNA, PIOTR], Known(decisions))
    assert told.value.pair == (0, 2)


def test_three_sources_are_refused() -> None:
    with pytest.raises(NotTwoSources):
        linked([*PERSON, "kilde"], [[*ANNA, "a"], [*ANNA, "b"], [*ANNA, "c"]])


def test_ids_stay_when_rows_come() -> None:
    headers, rows, _truth = families(12, seed=4)
    first = linked(headers, rows[:-8])
    before: dict[str, list[int]] = {}
    for place, cluster in enumerate(first.clusters):
        before.setdefault(cluster, []).append(place)
    second = linked(headers, rows, Known(clusters=before))
    assert second.clusters[: len(first.clusters)] == first.clusters


def test_two_sources_are_linked_one_to_one() -> None:
    headers = [*PERSON, "kilde"]
    rows = [[*ANNA, "borgerservice"], [*NOT_QUITE_ANNA, "siri"], [*ANNA, "siri"], [*PIOTR, "siri"]]
    found = linked(headers, rows).clusters
    assert found[0] == found[2]
    assert len(set(found)) == 3


def test_the_strongest_link_names_the_columns_that_agree() -> None:
    best = linked(PERSON, [ANNA, NOT_QUITE_ANNA, PIOTR]).strongest
    assert {place: link.place for place, link in best.items()} == {0: 1, 1: 0}
    assert best[0].agreed == ("Fornavn", "Efternavn", "Adresse", "Postnr.", "By", "Fødselsdato")
    assert best[0].probability >= 0.9


def test_a_table_without_a_known_column_is_refused() -> None:
    with pytest.raises(NothingToCompare):
        link(["colour"], [["blue"], ["red"]], [])


def test_one_record_is_scored_as_the_table_scored_it() -> None:
    headers, rows, _truth = families(200, seed=6)
    result = linked(headers, rows)
    kept = Model.from_json(result.model.as_json())
    assert kept == result.model
    scorer = Scorer(kept)
    said = [dict(zip(headers, row, strict=True)) for row in rows]
    asked = sorted(result.strongest)[:40]
    for place in asked:
        best = result.strongest[place]
        score = scorer.scores(said[place], [said[best.place]])[0]
        assert (score.probability, score.agreed) == (best.probability, best.agreed)
    keys = scorer.keys(said)
    assert [place for place in asked if not {*keys[place]} & {*keys[result.strongest[place].place]}] == []
    assert scorer.scores(said[0], []) == []
    scorer.close()


def test_keys_are_texts_that_a_caller_can_keep() -> None:
    scorer = Scorer(linked(PERSON, [ANNA, PIOTR]).model)
    keys = scorer.keys([dict(zip(PERSON, ANNA, strict=True)), {}])
    assert keys[0][:3] == ["email:anna.lund1@example.org", "phone:98123456", "names:anna|lund"]
    assert keys[1] == []
    scorer.close()
