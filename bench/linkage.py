"""Finding doubles: a million made-up people at once, and one new person against a million."""

from __future__ import annotations

import datetime as dt
import json
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import islice
from random import Random

import pyarrow as pa
from django.db import connection
from psycopg.types.json import Jsonb

from bench.table import Check, Measure
from indgang.foundation.linkage.linking import link
from indgang.foundation.linkage.rules.meanings import Column, Meaning
from indgang.foundation.linkage.rules.model import Model
from indgang.foundation.linkage.scoring import Scorer
from indgang.foundation.linkage.tests.made_up import precision_and_recall

RECORDS = 1_000_000
SECONDS, BYTES = 60, 2_000_000_000
HEADERS = ["given_name", "surname", "street", "house_number", "postcode", "city", "date_of_birth", "phone", "email"]
MEANINGS = ["given-name", "surname", "street", "house-number", "postcode", "city", "date", "phone", "email"]
COLUMNS = [Column(header, Meaning(meaning)) for header, meaning in zip(HEADERS, MEANINGS, strict=True)]
SYLLABLES = [consonant + vowel for consonant in "bdfghjklmnprstv" for vowel in "aeio"]
BEGINS = dt.date(1930, 1, 1)
ASKED = 300
DOUBLES = 0.2


def _words(source: Random, count: int, least: int, most: int) -> list[str]:
    return ["".join(source.choices(SYLLABLES, k=source.randint(least, most))) for _word in range(count)]


def people(count: int, seed: int = 1) -> Iterator[tuple[int, list[str]]]:
    """Made-up people, each with who it really is: four in five are somebody new, the fifth is one of the hundred before, with slips."""
    source = Random(seed)
    given, family = _words(source, 2_000, 2, 3), _words(source, 20_000, 2, 4)
    streets, towns = _words(source, 8_000, 3, 5), _words(source, 600, 2, 4)
    common = [1 / (rank + 10) for rank in range(2_000)]
    named = iter(source.choices(given, common, k=count))
    surnamed = iter(source.choices(family, [1 / (rank + 20) for rank in range(20_000)], k=count))
    last: list[tuple[int, list[str]]] = []
    for number in range(count):
        if last and source.random() < DOUBLES:
            who, row = source.choice(last)
            yield who, _slipped(row, source)
            continue
        town = source.randrange(600)
        first, surname = next(named), next(surnamed)
        row = [
            first,
            surname,
            f"{source.choice(streets)}vej",
            str(source.randint(1, 200)),
            str(1000 + town * 15),
            towns[town],
            (BEGINS + dt.timedelta(days=source.randrange(30_000))).isoformat(),
            str(20_000_000 + source.randrange(79_999_999)) if source.random() < 0.7 else "",
            f"{first}.{surname}{number % 997}@example.org" if source.random() < 0.5 else "",
        ]
        last = [*last[-99:], (number, row)]
        yield number, row


def _slipped(row: list[str], source: Random) -> list[str]:
    """The same person as somebody else wrote them down: some letters wrong, some values missing, moved now and then."""
    other = list(row)
    for place in source.sample(range(len(other)), source.randint(0, 3)):
        text = other[place]
        at = source.randrange(max(len(text), 1))
        other[place] = source.choice([text[:at] + text[at + 1 :], text[:at] + source.choice("abdegilmnorst") + text[at:], "", text])
    if source.random() < 0.1:
        other[2:4] = [f"{source.choice(SYLLABLES)}{source.choice(SYLLABLES)}gade", str(source.randint(1, 99))]
    return other


def million() -> list[Measure | Check]:
    """A process of its own links the table, so that its memory is its own."""
    command = [sys.executable, "-m", "bench.linkage"]
    told = json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)
    fast, small = told["seconds"] <= SECONDS, told["bytes"] <= BYTES
    seen = f"{told['seconds']:.1f} s, {told['bytes'] / 1e9:.2f} GB; precision {told['right'][0]:.4f}, recall {told['right'][1]:.4f}"
    rows: list[Measure | Check] = [Check(f"linking {RECORDS:,} records", "<= 60 s, <= 2 GB", seen, fast and small)]
    return [*rows, _one_new(Model.from_json(told["model"]))]


def _one_new(model: Model) -> Measure:
    """Keys, look-up and scores for a person who comes in, against a table in PostgreSQL."""
    scorer = Scorer(model)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_people (id integer, said jsonb, keys text[])")
        numbered = enumerate(people(RECORDS))
        while batch := list(islice(numbered, 20_000)):
            said = [dict(zip(HEADERS, row, strict=True)) for _number, (_who, row) in batch]
            rows = [(number, Jsonb(one), keys) for (number, _said), one, keys in zip(batch, said, scorer.keys(said), strict=True)]
            with cursor.copy("COPY bench_people FROM STDIN") as copy:
                copy.set_types(["int4", "jsonb", "text[]"])
                for row in rows:
                    copy.write_row(row)
        cursor.execute("CREATE INDEX ON bench_people USING gin (keys)")
        cursor.execute("ANALYZE bench_people")
        measure = Measure("one new person against a million", 0.300)
        for number, (_who, row) in enumerate(islice(people(ASKED * 7, seed=2), ASKED + 20)):
            said_now = dict(zip(HEADERS, row, strict=True))
            began = time.perf_counter()
            keys = scorer.keys([said_now])[0]
            cursor.execute("SELECT id, said FROM bench_people WHERE keys && %s ORDER BY id LIMIT 1000", [keys])
            found = [json.loads(one) for _id, one in cursor.fetchall()]
            scorer.scores(said_now, found)
            measure.add(time.perf_counter() - began, counts=number >= 20)
        cursor.execute("DROP TABLE bench_people")
    scorer.close()
    return measure


def main() -> None:
    """Link the table once and tell how long, how much memory, and the model."""
    names = pa.schema([(header, pa.string()) for header in HEADERS])
    truth: list[int] = []
    table = list(_packed(names, truth))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began, spent = time.perf_counter(), time.process_time()
    linked = link(HEADERS, (list(row.values()) for batch in table for row in batch.to_pylist()), COLUMNS)
    seconds = time.perf_counter() - began
    told = {
        "seconds": seconds,
        "before": before * 1024,
        "bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
        "processor": time.process_time() - spent,
        "right": precision_and_recall(linked.clusters, truth),
        "model": linked.model.as_json(),
    }
    sys.stdout.write(json.dumps(told))


def _packed(names: pa.Schema, truth: list[int]) -> Iterator[pa.RecordBatch]:
    rows = people(RECORDS)
    while batch := list(islice(rows, 10_000)):
        truth += [who for who, _row in batch]
        columns = zip(*(row for _who, row in batch), strict=True)
        yield pa.RecordBatch.from_arrays([pa.array(column, pa.string()) for column in columns], schema=names)


if __name__ == "__main__":
    main()
