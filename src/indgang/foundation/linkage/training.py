"""A model for the table on the workbench, and the pairs it links, by Splink."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import duckdb
from splink import DuckDBAPI, Linker, SettingsCreator
from splink.internals.exceptions import EMTrainingException

from indgang.foundation.linkage import workbench
from indgang.foundation.linkage.rules import learning
from indgang.foundation.linkage.rules.keys import training_rules
from indgang.foundation.linkage.rules.model import Model, Pattern, Shares, pattern_sql, splink_settings

SAMPLED_PAIRS = 150_000  # to count the doubles before there is a model
TRAINING_PAIRS = 200_000
PROBED_RECORDS = 100_000  # to count how many pairs there are to train on
LEAST_BITS = -10.0  # pairs below this, with as many doubles as a table can have, are no doubles and are not kept


def trained(connection: duckdb.DuckDBPyConnection, model: Model, *, pairs: int, possible: float) -> Model:
    """The model with the weights of this table. `possible` is the number of all pairs, `pairs` that of those in the table `pairs`."""
    expected = model.shares
    model = learning.with_random_pairs(model, workbench.random_patterns(connection, model))
    scale = max(pairs // SAMPLED_PAIRS, 1)
    some = (
        f"(SELECT * FROM pairs WHERE hash(join_key_l, join_key_r) % {scale} = 0) p "
        "JOIN records l ON l.id = p.join_key_l JOIN records r ON r.id = p.join_key_r"
    )
    _, doubles = learning.with_shares(model, workbench.patterns(connection, model, some), possible, expected, scale)
    if doubles < learning.ENOUGH_DOUBLES:
        return model
    return learning.with_matches(model, _expectation_maximisation(connection, model), doubles)


def _expectation_maximisation(connection: duckdb.DuckDBPyConnection, model: Model) -> list[list[float] | None]:
    """The m of each comparison, the mean of the trainings that reached it; None where none did."""
    seen: dict[str, list[list[float]]] = {one.name: [] for one in model.comparisons}
    between = workbench.between_sources(connection)
    probed = min(1.0, PROBED_RECORDS / workbench.count(connection, "records"))
    for rule in training_rules({name for one in model.comparisons for name in one.columns}):
        with _splink(connection, model) as linker:
            try:
                session = linker.training.estimate_parameters_using_expectation_maximisation(
                    f"{rule} AND {between}",
                    estimate_without_term_frequencies=True,
                    max_pairs=TRAINING_PAIRS,
                    record_sample_proportion=probed,
                )
            except (
                EMTrainingException,
                ValueError,
            ):  # nobody agrees on these columns; or all who do are alike, and a level came to nothing
                continue
            for one in session.core_model_settings.comparisons:
                seen[one.output_column_name].append([_observed(level) for level in one.comparison_levels if not level.is_null_level])
    return [[sum(level) / len(found) for level in zip(*found, strict=True)] if found else None for found in seen.values()]


def _observed(level: Any) -> float:
    """What was estimated for a level; nothing for one on which no pair was."""
    return level.m_probability if isinstance(level.m_probability, float) else 0.0


def likely_pairs(connection: duckdb.DuckDBPyConnection, model: Model, *, records: int) -> None:
    """The table `likely`: pairs that may be doubles (l, r, and their pattern p0, p1 ...)."""
    most = replace(model, shares=Shares(min(0.5, max(model.shares.doubles, 4 / max(records, 1)))))
    with _splink(connection, most) as linker:
        table = linker._db_api.register("pairs")
        linker.table_management.register_blocked_pairs_for_predict(table)
        found = linker.inference.predict(threshold_match_weight=LEAST_BITS, warning_mode="never")
        levels = ", ".join(f"{pattern_sql(one)} AS p{number}" for number, one in enumerate(model.comparisons))
        connection.execute(
            f"CREATE TABLE likely AS SELECT l.id AS l, r.id AS r, {levels} FROM {found.physical_name} p "
            "JOIN records l ON l.id = p.id_l JOIN records r ON r.id = p.id_r"
        )
        found.drop_table_from_database_and_remove_from_cache()


def likely_patterns(connection: duckdb.DuckDBPyConnection, model: Model) -> dict[Pattern, int]:
    """How often each pattern stands among them."""
    names = ", ".join(f"p{number}" for number in range(len(model.comparisons)))
    rows = connection.execute(f"SELECT {names}, count(*) FROM likely GROUP BY ALL").fetchall()
    return {tuple(row[:-1]): int(row[-1]) for row in rows}


@contextmanager
def _splink(connection: duckdb.DuckDBPyConnection, model: Model) -> Iterator[Any]:
    """A linker over `records`, without a word: what it would say is for people who tune a model by hand."""
    logger = logging.getLogger("splink")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        settings = SettingsCreator.from_path_or_dict(splink_settings(model, unique_id="id"))
        yield Linker(DuckDBAPI(connection).register("records"), settings, log_level=None)
    finally:
        logger.setLevel(level)
