"""The tables of a region's journeys.toml, read and checked: who needs which step, what happens elsewhere, what must be said.

The format is described in regions/README.md. Reading refuses everything that would surprise a citizen later: a step that no authority
offers, steps that wait for each other in a circle, a text that one language lacks.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
from typing import Any

Texts = dict[str, str]

LANGUAGES = ("da", "en")
PURPOSES = ("work", "study", "job-seeking", "family", "self-employed", "unknown")
OTHER, UNKNOWN = "other", "unknown"
NO_SPONSOR = "none"
SERVED, ELSEWHERE = "served", "elsewhere"


class RulesError(ValueError):
    """The tables cannot be used. Names the table (such as `steps 3`) and the field."""

    def __init__(self, table: str, field: str, message: str) -> None:
        super().__init__(f"table [{table}], field {field}: {message}")
        self.table, self.field, self.message = table, field, message


@dataclass(frozen=True)
class Profile:
    """What the rules look at, for one person. `stay` in months, None = unknown; `municipality` a code or "unknown"."""

    group: str
    purpose: str
    child: bool
    sponsor: str
    stay: int | None
    municipality: str
    served: bool


@dataclass(frozen=True)
class Condition:
    """When a rule holds for a person. What is not mentioned does not matter; an unknown stay counts as a long one."""

    groups: frozenset[str] | None = None
    purposes: frozenset[str] | None = None
    sponsors: frozenset[str] | None = None
    municipalities: frozenset[str] | None = None
    child: bool | None = None
    stay_at_least: int | None = None
    stay_under: int | None = None
    stay_known: bool | None = None

    def holds(self, person: Profile) -> bool:
        """Whether the rule is about this person."""
        return (
            _among(self.groups, person.group)
            and _among(self.purposes, person.purpose)
            and _among(self.sponsors, person.sponsor)
            and (self.municipalities is None or not self.municipalities.isdisjoint(_municipality_words(person)))
            and self.child in (None, person.child)
            and self.stay_known in (None, person.stay is not None)
            and (self.stay_at_least is None or person.stay is None or person.stay >= self.stay_at_least)
            and (self.stay_under is None or (person.stay is not None and person.stay < self.stay_under))
        )


@dataclass(frozen=True)
class StepRule:
    """A step at a desk. Several rules may give the same service; a person gets the first that holds."""

    service: str
    when: Condition
    why: Texts
    bring: tuple[str, ...]


@dataclass(frozen=True)
class ElsewhereRule:
    """Something that must be done, but not in the house. Several rules may share a key; a person gets the first that holds."""

    key: str
    when: Condition
    title: Texts
    who: Texts
    why: Texts
    where: Texts
    link: str


@dataclass(frozen=True)
class NoteRule:
    """Something to be said when it holds for anyone in the party."""

    when: Condition
    text: Texts


@dataclass(frozen=True)
class RuleTables:
    """A region's journey rules. `before` says, for each service, which services come first, near or far."""

    groups: Mapping[str, str] = field(default_factory=dict)
    served: frozenset[str] = frozenset()
    documents: Mapping[str, Texts] = field(default_factory=dict)
    steps: tuple[StepRule, ...] = ()
    elsewhere: tuple[ElsewhereRule, ...] = ()
    notes: tuple[NoteRule, ...] = ()
    before: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @property
    def services(self) -> tuple[str, ...]:
        """Every service a step leads to, in the order of the file."""
        return tuple(dict.fromkeys(rule.service for rule in self.steps))

    def group_of(self, citizenship: str) -> str:
        """The group a citizenship (alpha-3, "" = unknown) belongs to."""
        return self.groups.get(citizenship, OTHER) if citizenship else UNKNOWN


def read_rules(content: Mapping[str, Any]) -> RuleTables:
    """Read the tables of one journeys.toml (as dictionaries, from TOML or JSON). Raises RulesError naming table and field."""
    _only(content, "journeys", {"valid_from", "served_municipalities", "groups", "documents", "steps", "elsewhere", "notes"})
    groups = _groups(_tables(content, "groups"))
    served = frozenset(_words(content, "journeys", "served_municipalities"))
    documents = {key: _document(raw, f"documents.{key}") for key, raw in _table(content, "journeys", "documents").items()}
    group_keys = {*groups.values(), OTHER, UNKNOWN}

    def condition(raw: Mapping[str, Any], table: str) -> Condition:
        return _condition(_table(raw, table, "when"), table, group_keys)

    steps: list[StepRule] = []
    after: dict[str, tuple[str, set[str]]] = {}
    for table, raw in _numbered(content, "steps"):
        _only(raw, table, {"service", "when", "bring", "after"}, texts=("why",))
        service = _word(raw, table, "service")
        bring = tuple(_words(raw, table, "bring"))
        _known(bring, documents, table, "bring", "document")
        steps.append(StepRule(service, condition(raw, table), _texts(raw, table, "why"), bring))
        after.setdefault(service, (table, set()))[1].update(_words(raw, table, "after"))
    elsewhere = []
    for table, raw in _numbered(content, "elsewhere"):
        _only(raw, table, {"key", "when", "link"}, texts=("title", "who", "why", "where"))
        title, who, why, where = (_texts(raw, table, name) for name in ("title", "who", "why", "where"))
        elsewhere.append(ElsewhereRule(_word(raw, table, "key"), condition(raw, table), title, who, why, where, _link(raw, table)))
    notes = []
    for table, raw in _numbered(content, "notes"):
        _only(raw, table, {"when"}, texts=("text",))
        notes.append(NoteRule(condition(raw, table), _texts(raw, table, "text")))
    return RuleTables(groups, served, documents, tuple(steps), tuple(elsewhere), tuple(notes), _before(after))


def _before(after: Mapping[str, tuple[str, set[str]]]) -> dict[str, frozenset[str]]:
    """For each service everything that comes before it, however far; refuses circles and services that no step gives."""
    for table, wanted in after.values():
        _known(wanted, after, table, "after", "service of a step")
    try:
        order = tuple(TopologicalSorter({service: wanted for service, (_table, wanted) in after.items()}).static_order())
    except CycleError as circle:
        first = circle.args[1][0]
        raise RulesError(after[first][0], "after", f"these steps wait for each other: {', '.join(circle.args[1])}") from None
    before: dict[str, frozenset[str]] = {}
    for service in order:
        wanted = after[service][1]
        before[service] = frozenset(wanted).union(*(before[one] for one in wanted))
    return before


def _groups(tables: list[Mapping[str, Any]]) -> dict[str, str]:
    """Citizenship -> group."""
    found: dict[str, str] = {}
    for number, raw in enumerate(tables, 1):
        table = f"groups {number}"
        _only(raw, table, {"key", "citizenships"})
        key = _word(raw, table, "key")
        if key in (OTHER, UNKNOWN, NO_SPONSOR):
            raise RulesError(table, "key", f"“{key}” has a meaning of its own")
        for code in _words(raw, table, "citizenships"):
            if len(code) != 3 or not (code.isascii() and code.isupper()):
                raise RulesError(table, "citizenships", f"“{code}” is no ISO 3166 code of three letters")
            if found.setdefault(code, key) != key:
                raise RulesError(table, "citizenships", f"{code} is in the group “{found[code]}” already")
    return found


def _document(raw: Mapping[str, Any], table: str) -> Texts:
    found = _texts(raw, table, "")
    _only(raw, table, {*LANGUAGES, *(language for language in raw if len(language) == 2)})
    return found


def _condition(raw: Mapping[str, Any], table: str, groups: Collection[str]) -> Condition:
    _only(raw, f"{table}.when", set(Condition.__dataclass_fields__))

    def among(name: str, valid: Collection[str] | None) -> frozenset[str] | None:
        if name not in raw:
            return None
        words = _words(raw, f"{table}.when", name)
        if valid is not None:
            _known(words, valid, f"{table}.when", name, "valid value")
        return frozenset(words)

    return Condition(
        groups=among("groups", groups),
        purposes=among("purposes", PURPOSES),
        sponsors=among("sponsors", {*groups, NO_SPONSOR}),
        municipalities=among("municipalities", None),
        **{name: _typed(raw, f"{table}.when", name, bool, None) for name in ("child", "stay_known")},
        **{name: _typed(raw, f"{table}.when", name, int, None) for name in ("stay_at_least", "stay_under")},
    )


def _among(wanted: frozenset[str] | None, value: str) -> bool:
    return wanted is None or value in wanted


def _municipality_words(person: Profile) -> set[str]:
    if person.municipality == UNKNOWN:
        return {UNKNOWN}
    return {person.municipality, SERVED if person.served else ELSEWHERE}


def _only(raw: Mapping[str, Any], table: str, names: set[str], texts: tuple[str, ...] = ()) -> None:
    """A misspelt field would silently change who is sent where: refuse what is not known."""
    for name in raw:
        if name not in names and name.rpartition("_")[0] not in texts:
            valid = ", ".join(sorted(names | {f"{text}_da" for text in texts} | {f"{text}_en" for text in texts}))
            raise RulesError(table, name, f"is not known; valid fields are {valid}")


def _known(words: Collection[str], valid: Collection[str], table: str, name: str, what: str) -> None:
    for word in words:
        if word not in valid:
            raise RulesError(table, name, f"“{word}” is no {what}; there are {', '.join(sorted(valid)) or 'none'}")


def _typed(raw: Mapping[str, Any], table: str, name: str, kind: type, default: Any) -> Any:
    value = raw.get(name, default)
    if value is not default and type(value) is not kind:
        words = {str: "a text", bool: "true or false", int: "a whole number", list: "a list", dict: "a table"}
        raise RulesError(table, name, f"must be {words[kind]}")
    return value


def _word(raw: Mapping[str, Any], table: str, name: str) -> str:
    value: str = _typed(raw, table, name, str, "")
    if not value.strip():
        raise RulesError(table, name, "is missing")
    return value


def _words(raw: Mapping[str, Any], table: str, name: str) -> list[str]:
    values: list[str] = _typed(raw, table, name, list, [])
    if not all(isinstance(value, str) and value for value in values):
        raise RulesError(table, name, "must be a list of texts")
    return values


def _table(raw: Mapping[str, Any], table: str, name: str) -> dict[str, Any]:
    value: dict[str, Any] = _typed(raw, table, name, dict, {})
    return value


def _tables(raw: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    values = _typed(raw, "journeys", name, list, [])
    if not all(isinstance(value, dict) for value in values):
        raise RulesError("journeys", name, f"must be tables, each headed [[{name}]]")
    return list(values)


def _numbered(content: Mapping[str, Any], name: str) -> list[tuple[str, Mapping[str, Any]]]:
    return [(f"{name} {number}", raw) for number, raw in enumerate(_tables(content, name), 1)]


def _texts(raw: Any, table: str, name: str) -> Texts:
    """`why_da`, `why_en`, ... (or `da`, `en`, ... where the table itself is the text), with no language missing."""
    if not isinstance(raw, dict):
        raise RulesError(table, name or "da", "must be a table of texts, one for each language")
    prefix = f"{name}_" if name else ""
    texts = {
        key.removeprefix(prefix): value for key, value in raw.items() if key.startswith(prefix) and "_" not in key.removeprefix(prefix)
    }
    for language in (*LANGUAGES, *texts):
        if not isinstance(texts.get(language), str) or not texts[language].strip():
            raise RulesError(table, f"{prefix}{language}", "is missing")
    return texts


def _link(raw: Mapping[str, Any], table: str) -> str:
    link: str = _typed(raw, table, "link", str, "")
    if link and not link.startswith("https://"):
        raise RulesError(table, "link", "must begin with https://")
    return link
