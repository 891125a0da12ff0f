"""Loads playbook*.toml and wheel*.toml, where a region has them: every file is a version, and versions are only added to."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from indgang.foundation.places.models import Region
from indgang.foundation.places.region import RegionFolder, Report, region_of
from indgang.foundation.places.region_files import LANGUAGES, Table
from indgang.operations.guidance.models import Playbook, Wheel
from indgang.operations.guidance.rules.screening import HIGHEST

SOURCES = {"agreement": "agreement", "ours": "ours"}  # whose words a dimension of the wheel is in


def load(folder: RegionFolder, report: Report) -> None:
    """Store every version. Raises Refused naming file, table and field; one that was used already cannot be changed."""
    region = region_of(folder)
    _versions(folder, report, region, Playbook, "playbook*.toml", _playbook, lambda one: one.screenings.exists())
    _versions(folder, report, region, Wheel, "wheel*.toml", _wheel, lambda one: one.uses.exists() or one.fillings.exists())


def _versions(
    folder: RegionFolder,
    report: Report,
    region: Region,
    model: type[Playbook] | type[Wheel],
    pattern: str,
    read: Callable[[Table], dict[str, Any]],
    used: Callable[[Any], bool],
) -> None:
    seen: dict[int, str] = {}
    for name in folder.names(pattern):
        file = folder.file(name)
        version, since = file.number("version", least=1), file.day("valid_from")
        if since is None:
            raise file.refusal("valid_from", "is missing")
        if version in seen:
            raise file.refusal("version", f"{seen[version]} has this version already")
        seen[version] = name
        content = read(file)
        file.done()
        standing = model._default_manager.filter(region=region, version=version).first()
        if standing and standing.content != content and used(standing):
            message = f"version {version} has been used and cannot be changed; copy the file and give it the next version"
            raise file.refusal("version", message)
        values = {"valid_from": since, "content": content}
        report.store(model, file, key={"region": region, "version": version}, values=values, name=f"version {version}")
    gone = model._default_manager.filter(region=region).exclude(version__in=seen)
    report.end_or_keep(gone, name=lambda one: f"version {one.version}")


def _playbook(file: Table) -> dict[str, Any]:
    scale = sorted(file.tables("scale"), key=lambda table: table.number("score"))
    if [table.number("score") for table in scale] != list(range(HIGHEST + 1)):
        raise file.refusal("scale", f"must have each score from 0 to {HIGHEST} once")
    words = [_said(table, "title") for table in scale]
    for table in scale:
        table.done()
    topics = _each_once(file, "topics")
    keys: set[str] = set()
    content = [_topic(table, keys) for table in topics]
    return {"scale": words, "topics": content}


def _topic(table: Table, keys: set[str]) -> dict[str, Any]:
    step = table.number("step", least=1)
    if step > 2:
        raise table.refusal("step", "is 1 (the municipality) or 2 (the business hub)")
    found = {"key": table.key(), "step": step, "title": _said(table, "title"), "lead": _said(table, "lead")}
    questions = []
    for question in table.tables("questions"):
        if question.key() in keys:
            raise question.refusal("key", f"“{question.key()}” stands in the file twice")
        keys.add(question.key())
        questions.append({"key": question.key(), "text": _said(question, "text"), "help": question.texts("help", required=False)})
        question.done()
    table.done()
    if not questions:
        raise table.refusal("questions", "is missing")
    return {**found, "questions": questions}


def _wheel(file: Table) -> dict[str, Any]:
    dimensions = []
    for table in _each_once(file, "dimensions"):
        source = table.one_of("source", SOURCES, "source")
        dimensions.append({"key": table.key(), "source": source, "title": _said(table, "title"), "text": _said(table, "text")})
        table.done()
    if len(dimensions) < 3:
        raise file.refusal("dimensions", "must be three at least: a wheel needs spokes")
    return {"dimensions": dimensions}


def _each_once(file: Table, field: str) -> Collection[Table]:
    tables, seen = file.tables(field), set()
    for table in tables:
        if table.key() in seen:
            raise table.refusal("key", f"“{table.key()}” stands in the file twice")
        seen.add(table.key())
    if not tables:
        raise file.refusal(field, "is missing")
    return tables


def _said(table: Table, field: str) -> dict[str, str]:
    return {language: table.text(f"{field}_{language}") for language in LANGUAGES}
