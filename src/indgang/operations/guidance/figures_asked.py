"""Which figures somebody asks for."""

from __future__ import annotations

from dataclasses import dataclass

from indgang.foundation.measures.declared import RegionScope
from indgang.operations.guidance.rules.figures import Level


@dataclass(frozen=True)
class Asked:
    """What figures are asked for: of which scope, what counts as one, and of which category, field or municipality alone ("" = all)."""

    scope: RegionScope
    level: Level = Level.COMPANY
    category: str = ""
    field: str = ""
    municipality: str = ""

    @property
    def address(self) -> dict[str, str]:
        """The same as the parts of an address, without those that say nothing."""
        organisation = self.scope.organisation
        parts = {
            "first": self.scope.first.isoformat(),
            "last": self.scope.last.isoformat(),
            "organisation": organisation.key if organisation else "",
            "level": "" if self.level == Level.COMPANY else str(self.level),
            "category": self.category,
            "field": self.field,
            "municipality": self.municipality,
        }
        return {name: value for name, value in parts.items() if value}
