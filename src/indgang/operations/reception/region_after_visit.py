"""Loads after_visit.toml, where a region has one: which houses ask after a visit, and what."""

from __future__ import annotations

from collections.abc import Mapping

from indgang.foundation.places.models import House
from indgang.foundation.places.region import RegionFolder, Report
from indgang.operations.reception.models import AfterVisit, Question
from indgang.operations.reception.models.after_visit import Kind


def load_after_visit(folder: RegionFolder, houses: Mapping[str, House], report: Report) -> None:
    """Make the questions those of the file; a house that it does not name asks nothing."""
    asking, questions = [], []
    for name in folder.names("after_visit.toml"):
        file = folder.file(name)
        for table in file.tables("houses"):
            house = table.one_of("house", houses, "house of houses.toml")
            values = {"mail": table.flag("mail")}
            table.done()
            asking.append(report.store(AfterVisit, table, key={"house": house}, values=values, name=f"questions of {house.key}").pk)
        texts: set[str] = set()
        for position, table in enumerate(file.tables("questions"), start=1):
            house = table.one_of("house", houses, "house of houses.toml")
            kind = table.one_of("kind", {str(value): str(value) for value in Kind.values}, "kind of question")
            if kind == Kind.TEXT and house.key in texts:
                raise table.refusal("kind", "a house has one question that is answered in words")
            texts |= {house.key} if kind == Kind.TEXT else set()
            key = {"house": house, "key": table.key()}
            facts: dict[str, object] = {**table.titles(), "kind": kind, "position": position}
            table.done()
            questions.append(report.store(Question, table, key=key, values=facts, name=f"{house.key}/{key['key']}").pk)
        file.done()
    here = list(houses.values())
    for gone in AfterVisit.objects.filter(house__in=here).exclude(pk__in=asking).select_related("house"):
        report.end(gone, f"questions of {gone.house.key}")
    report.end_or_keep(Question.objects.filter(house__in=here).exclude(pk__in=questions))
