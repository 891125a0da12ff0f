"""A region's folder of data files: finding it, reading its tables, and refusing what is wrong by file, table and field."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, TypeVar

import indgang
from indgang.foundation.database.console import Refused

SHIPPED = Path(indgang.__file__).parent / "regions"
LANGUAGES = ("da", "en")
Value = TypeVar("Value")

_KINDS = {
    str: "a text",
    bool: "true or false",
    int: "a whole number",
    list: "a list",
    dict: "a table",
    dt.date: "a date such as 2026-12-24",
}


class Table:
    """One table of a data file. Every field that is asked for is checked; `done` refuses fields that nobody asked for."""

    def __init__(self, file: str, name: str, raw: Mapping[str, Any]) -> None:
        self.file, self.name, self.raw = file, name, raw
        self._asked: set[str] = set()

    def refusal(self, field: str, message: str) -> Refused:
        """What to raise about a field of this table."""
        where = f"{self.file}, table [{self.name}], field {field}" if self.name else f"{self.file}, field {field}"
        return Refused(f"{where}: {message}")

    def text(self, field: str, default: str | None = None) -> str:
        """A text; without a default it must be there."""
        value = self._value(field, str, default)
        if default is None and not value.strip():
            raise self.refusal(field, "is missing")
        return value.strip()

    def key(self, field: str = "key") -> str:
        """A key: lower-case letters, digits and hyphens."""
        value = self.text(field)
        if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", value):
            raise self.refusal(field, f"“{value}” may have only lower-case letters a to z, digits and hyphens")
        return value

    def texts(self, field: str, *, required: bool = True) -> dict[str, str]:
        """`field_da`, `field_en` and further languages as {language: text}. Either complete or, unless required, absent."""
        named = {name.removeprefix(f"{field}_"): name for name in self.raw if re.fullmatch(rf"{field}_[a-z]{{2}}", name)}
        if not named and not required:
            return {}
        return {language: self.text(f"{field}_{language}") for language in dict.fromkeys((*LANGUAGES, *named))}

    def titles(self) -> dict[str, str]:
        """The columns of a thing with a name in Danish and English."""
        return {f"title_{language}": self.text(f"title_{language}") for language in LANGUAGES}

    def number(self, field: str, default: int | None = None, *, least: int = 0) -> int:
        """A whole number."""
        value = self._value(field, int, default)
        if value < least:
            raise self.refusal(field, f"must be at least {least}")
        return value

    def place(self, field: str) -> list[int] | None:
        """A column and a row of a grid, both from 0, such as [2, 0]; None where nothing is said."""
        self._asked.add(field)
        if field not in self.raw:
            return None
        value: list[Any] = self._value(field, list, None)
        if not (len(value) == 2 and all(type(one) is int and 0 <= one < 100 for one in value)):
            raise self.refusal(field, f"{value} is no place on the map: write column and row, such as [2, 0]")
        return value

    def flag(self, field: str) -> bool:
        """true or false; absent is false."""
        return self._value(field, bool, False)

    def day(self, field: str) -> dt.date | None:
        """A date, or None."""
        self.known(field)
        return self._value(field, dt.date, None) if field in self.raw else None

    def time(self, field: str) -> dt.time:
        """A time of day, written "9:00"."""
        value = self.text(field)
        found = re.fullmatch(r"(\d{1,2})[:.](\d{2})", value)
        if not found or int(found[1]) > 23 or int(found[2]) > 59:
            raise self.refusal(field, f"“{value}” is no time of day; write it as 9:00")
        return dt.time(int(found[1]), int(found[2]))

    def words(self, field: str, valid: Collection[str] | None = None, what: str = "value") -> list[str]:
        """A list of texts, each of them once and, if `valid` is given, one of those."""
        values = self._value(field, list, [])
        for value in values:
            if not isinstance(value, str) or not value:
                raise self.refusal(field, "must be a list of texts")
            if valid is not None and value not in valid:
                raise self.refusal(field, f"“{value}” is no {what}; there are {', '.join(sorted(valid))}")
        if len(set(values)) != len(values):
            raise self.refusal(field, "names something twice")
        return list(values)

    def one_of(self, field: str, things: Mapping[str, Value], what: str) -> Value:
        """The thing that a text names."""
        name = self.text(field)
        if name not in things:
            raise self.refusal(field, f"“{name}” is no {what}; there are {', '.join(sorted(things))}")
        return things[name]

    def tables(self, field: str) -> list[Table]:
        """The tables headed [[field]]."""
        values = self._value(field, list, [])
        if not all(isinstance(value, dict) for value in values):
            raise self.refusal(field, f"must be tables, each headed [[{field}]]")
        return [Table(self.file, f"{field} {number}", value) for number, value in enumerate(values, 1)]

    def facts(self, field: str) -> dict[str, Any]:
        """A table of free facts, in which `name_da` and `name_en` become `name: {"da": ..., "en": ...}`."""
        return self._facts(self._value(field, dict, {}), field)

    def known(self, *fields: str) -> None:
        """Fields that are right here, though another room reads them."""
        self._asked.update(fields)

    def done(self) -> None:
        """Refuse fields that nobody asked for: a misspelt field would silently do nothing."""
        for field in self.raw:
            if field not in self._asked:
                raise self.refusal(field, f"is not known; valid fields are {', '.join(sorted(self._asked))}")

    def _facts(self, raw: Mapping[str, Any], name: str) -> dict[str, Any]:
        inner = Table(self.file, f"{self.name}.{name}" if self.name else name, raw)
        found: dict[str, Any] = {}
        for field, value in raw.items():
            stem, _, language = field.rpartition("_")
            if stem and language in LANGUAGES:
                found[stem] = inner.texts(stem)
            elif isinstance(value, dict):
                found[field] = inner._facts(value, field)
            else:
                found[field] = value.isoformat() if isinstance(value, dt.date) else value
        return found

    def _value(self, field: str, kind: type[Value], default: Value | None) -> Value:
        self._asked.add(field)
        value = self.raw.get(field, default)
        if value is None:
            raise self.refusal(field, "is missing")
        if type(value) is not kind:
            raise self.refusal(field, f"must be {_KINDS[kind]}")
        return value


class RegionFolder:
    """A region's data files. Rooms ask for the files they know; `unread` names those that nobody asked for."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._read: set[str] = set()

    @classmethod
    def find(cls, name_or_folder: str) -> RegionFolder:
        """The region of that name that comes with the program (north-denmark or north_denmark), or the folder at that path."""
        shipped = sorted(file.parent for file in SHIPPED.glob("*/region.toml"))
        for folder in shipped:
            if name_or_folder.replace("-", "_") == folder.name:
                return cls(folder)
        path = Path(name_or_folder).expanduser()
        if (path / "region.toml").is_file():
            return cls(path)
        names = ", ".join(folder.name.replace("_", "-") for folder in shipped)
        raise Refused(f"“{name_or_folder}” is no region and no folder with a region.toml. Regions that come with the program: {names}")

    def file(self, name: str) -> Table:
        """A whole file as one table; a file that is not there is empty."""
        self._read.add(name)
        path = self.path / name
        if not path.is_file():
            return Table(name, "", {})
        try:
            return Table(name, "", tomllib.loads(path.read_text(encoding="utf-8")))
        except UnicodeDecodeError:
            raise Refused(f"{name}: is not written in UTF-8") from None
        except tomllib.TOMLDecodeError as error:
            raise Refused(f"{name}: cannot be read as TOML: {error}") from None

    def names(self, pattern: str) -> list[str]:
        """The files that match a pattern, in order."""
        return sorted(path.name for path in self.path.glob(pattern))

    def unread(self) -> list[str]:
        """Data files that no room asked for."""
        return [name for name in self.names("*.toml") if name not in self._read]
