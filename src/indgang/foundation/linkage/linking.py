"""A table in, clusters out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import duckdb

from indgang.foundation.linkage import workbench
from indgang.foundation.linkage.rules.clusters import Contradiction, Decisions, Link, clustered
from indgang.foundation.linkage.rules.learning import expected_shares, with_shares
from indgang.foundation.linkage.rules.meanings import Column, Meaning
from indgang.foundation.linkage.rules.model import Model, Pattern, Shares, kinds
from indgang.foundation.linkage.rules.pairing import paired
from indgang.foundation.linkage.rules.succession import readable, succeeded
from indgang.foundation.linkage.training import likely_pairs, likely_patterns, trained

LINKED = 0.9  # a pair as likely as that is linked: of ten such pairs of the weakest kind, nine are doubles
APART = 0.9  # and a pair as likely twins or neighbours is kept apart, also where a third record would join them


class NothingToCompare(Exception):
    """No column means anything that records can be told by."""


@dataclass(frozen=True)
class Strongest:
    """The strongest link of a record: how likely, to which row, and the headers of the columns that agree."""

    probability: float
    place: int
    agreed: tuple[str, ...]


@dataclass(frozen=True)
class Linked:
    """What came out. Rows are meant by their place in the table, from 0."""

    model: Model
    clusters: list[str]
    strongest: dict[int, Strongest]
    heirs: dict[str, str | None] = field(default_factory=dict)

    @property
    def doubles(self) -> int:
        """How many records have a double."""
        sizes: dict[str, int] = defaultdict(int)
        for cluster in self.clusters:
            sizes[cluster] += 1
        return sum(size for size in sizes.values() if size > 1)


@dataclass(frozen=True)
class Known:
    """What is known of a table: what people decided about pairs of rows, the clusters that stood, and ids that ended earlier."""

    decisions: Decisions = field(default_factory=Decisions)
    clusters: Mapping[str, Collection[int]] = field(default_factory=dict)
    used: Collection[str] = ()


def link(
    headers: Sequence[str],
    rows: Iterable[Sequence[str | None]],
    columns: Sequence[Column],
    known: Known = Known(),
    *,
    memory: str = workbench.MEMORY,
    threads: int = workbench.THREADS,
) -> Linked:
    """Find the doubles of a table. With a column that means a source, and two sources in it: one-to-one between them.

    The same whatever order the rows are in. Raises NothingToCompare, NotTwoSources, and Contradiction (of two rows)
    where decisions cannot all hold.
    """
    source = next((column.header for column in columns if column.meaning is Meaning.SOURCE), None)
    compared = [column for column in columns if column.meaning not in (Meaning.SOURCE, Meaning.IGNORE)]
    if not compared:
        raise NothingToCompare
    with workbench.workbench(memory, threads) as connection:
        workbench.load(connection, headers, rows)
        untaught = Model.untaught(compared, Shares(0.1))
        records = workbench.clean(connection, untaught.cleaned, headers, source)
        sides = workbench.sizes_of_sources(connection)
        possible = sides[0] * sides[1] if sides else records * (records - 1) / 2
        expected = expected_shares(records, untaught.comparisons, sides)
        pairs = workbench.find_pairs(connection, untaught.keys)
        model = trained(connection, replace(untaught, shares=expected), pairs=pairs, possible=possible)
        likely_pairs(connection, model, records=records)
        model, found = with_shares(model, likely_patterns(connection, model), possible, expected)
        if sides:
            model = _between(model, found, sides)
        return _concluded(connection, model, known, bool(sides))


def _between(model: Model, found: float, sides: tuple[int, int]) -> Model:
    """In one-to-one, twins are taken for each other only where both lack their real partner, which is rare when most have one."""
    lonely = max(1 - found / sides[0], 0.0) * max(1 - found / sides[1], 0.0)
    shares = replace(model.shares, twins=model.shares.twins * lonely, neighbours=model.shares.neighbours * lonely)
    return replace(model, shares=shares)


def _concluded(connection: duckdb.DuckDBPyConnection, model: Model, known: Known, one_to_one: bool) -> Linked:
    place_of = workbench.places(connection)
    number_of = {place: number for number, place in place_of.items()}
    decisions = Decisions(*(_numbered(pairs, number_of) for pairs in (known.decisions.same, known.decisions.different)))
    links, patterns, apart = _links(connection, model)
    try:
        groups = paired(links, workbench.sides(connection), decisions) if one_to_one else clustered(links, decisions, apart)
    except Contradiction as contradiction:
        left, right = (place_of[number] for number in contradiction.pair)
        raise Contradiction((min(left, right), max(left, right))) from contradiction
    together = {number for group in groups for number in group}
    everybody = sorted([*groups, *([number] for number in place_of if number not in together)])
    before = {key: [number_of[place] for place in places if place in number_of] for key, places in known.clusters.items()}
    contents = workbench.contents(connection)
    succession = succeeded(everybody, before, known.used, lambda cluster, attempt: readable(contents[cluster[0]], attempt))
    clusters = [""] * len(place_of)
    for key, cluster in zip(succession.ids, everybody, strict=True):
        for number in cluster:
            clusters[place_of[number]] = key
    strongest = _strongest(model, links, patterns, clusters, place_of)
    return Linked(model, clusters, strongest, succession.heirs)


def _numbered(pairs: Iterable[tuple[int, int]], number_of: Mapping[int, int]) -> frozenset[tuple[int, int]]:
    return frozenset((min(one), max(one)) for one in ((number_of[left], number_of[right]) for left, right in pairs))


def _links(connection: duckdb.DuckDBPyConnection, model: Model) -> tuple[list[Link], list[Pattern], list[tuple[int, int]]]:
    """The pairs that are linked with their patterns, and those that are known to be apart, among records that have a link."""
    links: list[Link] = []
    patterns: list[Pattern] = []
    apart: list[tuple[int, int]] = []
    odds: dict[Pattern, tuple[float, bool]] = {}
    cursor = connection.execute("SELECT * FROM likely")
    while rows := cursor.fetchmany(workbench.BATCH):
        for left, right, *levels in rows:
            pattern = tuple(levels)
            if pattern not in odds:
                likely = kinds(model.weights(pattern), model.shares)
                odds[pattern] = (model.odds(pattern) if likely[0] >= LINKED else 0.0, likely[1] + likely[2] >= APART)
            strength, is_apart = odds[pattern]
            if strength:
                links.append(Link(left, right, strength))
                patterns.append(pattern)
            elif is_apart:
                apart.append((left, right))
    linked = {number for link in links for number in (link.left, link.right)}
    return links, patterns, [pair for pair in apart if pair[0] in linked and pair[1] in linked]


def _strongest(
    model: Model, links: Sequence[Link], patterns: Sequence[Pattern], clusters: Sequence[str], place_of: Mapping[int, int]
) -> dict[int, Strongest]:
    """For each record the strongest link inside its cluster; of equals the one to the first record."""
    best: dict[int, tuple[float, int, int]] = {}
    for position, one in enumerate(links):
        if clusters[place_of[one.left]] != clusters[place_of[one.right]]:
            continue
        for number, other in ((one.left, one.right), (one.right, one.left)):
            offer = (-one.strength, other, position)
            best[number] = min(best.get(number, offer), offer)
    shown: dict[Pattern, tuple[float, tuple[str, ...]]] = {}
    for pattern in set(patterns):
        shown[pattern] = (round(model.probability(pattern), 4), tuple(model.agreed(pattern)))
    return {
        place_of[number]: Strongest(shown[patterns[position]][0], place_of[other], shown[patterns[position]][1])
        for number, (_strength, other, position) in best.items()
    }
