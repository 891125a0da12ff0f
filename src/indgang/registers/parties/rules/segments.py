"""Which companies somebody asks for: a filter that can be kept, and told in an address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any, Self


@dataclass(frozen=True, kw_only=True)
class Criteria:
    """What companies of a segment have in common. Whatever is empty says nothing.

    `municipalities` are codes; `industry` the first digits of the industry code; `sizes` classes such as "5-9" (rules/sizes.py); `served`
    is "never", "last-year" (on one of the 365 days before today) or "not-last-year", by whom says `by`: "us" or "anybody"; `field` what
    they were guided about; `foreign` and `protected` are "yes" or "no".
    """

    municipalities: tuple[str, ...] = ()
    industry: str = ""
    sizes: tuple[str, ...] = ()
    served: str = ""
    by: str = "anybody"
    field: str = ""
    foreign: str = ""
    protected: str = ""

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> Self:
        """From what was kept; names that are not known any more say nothing."""
        known = {one.name for one in fields(cls)}
        said: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in kept.items() if name in known}
        return cls(**said)

    def kept(self) -> dict[str, Any]:
        """As it is kept: without what says nothing."""
        plain = Criteria()
        said = {name: value for name, value in asdict(self).items() if value != getattr(plain, name)}
        return {name: list(value) if isinstance(value, tuple) else value for name, value in said.items()}

    def address(self) -> Sequence[tuple[str, str]]:
        """As the parts of an address."""
        parts = []
        for name, value in self.kept().items():
            parts += [(name, one) for one in value] if isinstance(value, list) else [(name, value)]
        return parts

    @property
    def says_nothing(self) -> bool:
        """Whether it is every company."""
        return not self.kept().keys() - {"by"}
