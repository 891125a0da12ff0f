"""A kind of the tests' own: the municipalities of one region, by code."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from zoneinfo import ZoneInfo

import openpyxl

from indgang.foundation.access.actors import Actor
from indgang.foundation.imports.columns import Cell, Code, Column, Text, Whole
from indgang.foundation.imports.kinds import Fault, Key, Kind, Row, Stored, Work
from indgang.foundation.places.models import Municipality, Region

ZONE = ZoneInfo("Europe/Copenhagen")
COLUMNS: tuple[Column, ...] = (
    Whole(name="code", also=("kode",), key=True, minimum=100, maximum=999),
    Text(name="name", also=("navn",)),
    Text(name="english", also=("engelsk_navn",)),
    Code(name="key", also=("nøgle",)),
)


class MunicipalitiesWork(Work):
    def __init__(self, actor: Actor) -> None:
        self.region = actor.organisation.region if actor.organisation else Region.objects.get()

    def existing(self, keys: Sequence[Key]) -> Mapping[Key, Stored]:
        found = Municipality.objects.filter(code__in=[code for (code,) in keys])
        return {(m.code,): self._stored(m) for m in found}

    def zone_of(self, row: Row) -> ZoneInfo:
        return ZONE

    def check(self, row: Row) -> Iterable[Fault]:
        return [] if row.values["name"] else [Fault("name", "A municipality has a name.")]

    def create(self, rows: Sequence[Row]) -> Sequence[str]:
        made = Municipality.objects.bulk_create(Municipality(region=self.region, **self._fields(row)) for row in rows)
        return [str(municipality.pk) for municipality in made]

    def update(self, rows: Sequence[Row]) -> None:
        for row in rows:
            assert row.stored is not None
            Municipality.objects.filter(pk=row.stored.id).update(**self._fields(row))

    def remove(self, records: Sequence[Stored]) -> Mapping[str, str]:
        in_use = {record.id: "Somebody lives there." for record in records if record.values["english"] == "Inhabited"}
        Municipality.objects.filter(pk__in=[record.id for record in records if record.id not in in_use]).delete()
        return in_use

    def everything(self) -> Iterator[Stored]:
        yield from map(self._stored, Municipality.objects.order_by("code"))

    @staticmethod
    def _fields(row: Row) -> dict[str, str]:
        values = row.values
        return {
            "code": str(values["code"]),
            "title_da": values["name"] or "",
            "title_en": values["english"] or "",
            "key": values["key"] or "",
        }

    @staticmethod
    def _stored(m: Municipality) -> Stored:
        return Stored(
            str(m.pk), {"code": int(m.code), "name": m.title_da or None, "english": m.title_en or None, "key": m.key or None}, ZONE
        )


MUNICIPALITIES = Kind(key="municipalities", title="Municipalities", columns=COLUMNS, work=MunicipalitiesWork)


def csv(text: str, encoding: str = "utf-8") -> io.BytesIO:
    """The file as a stream."""
    return io.BytesIO(text.encode(encoding))


def xlsx(*rows: Sequence[Cell], sheets: Sequence[str] = ("Ark1",)) -> io.BytesIO:
    """An Excel file whose first sheet has these rows."""
    book = openpyxl.Workbook()
    book.active.title = sheets[0]
    for title in sheets[1:]:
        book.create_sheet(title)
    for row in rows:
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    stream.seek(0)
    return stream
