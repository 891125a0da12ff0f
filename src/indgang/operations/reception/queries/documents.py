"""What a region's papers are called. A finished step keeps their keys, so that everybody reads them in their own language."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from indgang.foundation.database.bilingual import in_language
from indgang.operations.reception.models import RuleSet, Visit
from indgang.operations.reception.rules.journey_tables import Texts


class Documents:
    """The papers that a region's journey rules name, read once for a page, when they are first asked for."""

    def __init__(self, region_id: int) -> None:
        self.region_id = region_id

    @cached_property
    def titles(self) -> dict[str, Texts]:
        """By key. Papers that only older rules name are among them: steps of that time keep their keys."""
        tables = RuleSet.objects.filter(region=self.region_id).order_by("valid_from").values_list("content__documents", flat=True)
        return {key: texts for table in tables for key, texts in (table or {}).items()}

    def named(self, keys: Iterable[str], language: str | None = None) -> list[str]:
        """The papers in that language, or in the page's. A key that no rules name any more is told by its own words."""
        return [in_language(self.titles.get(key, {}), language) or key.replace("-", " ") for key in keys]

    def missing_at(self, visit: Visit, language: str | None = None) -> list[str]:
        """What was missing at a step: the papers, then what the clerk wrote, as it was written."""
        return [*(self.named(visit.missing, language) if visit.missing else []), *visit.missing_other]

    def told_apart(self, named: Iterable[str]) -> tuple[list[str], list[str]]:
        """The keys of the papers meant by a key or by a title in any language, and the words that mean none of them. Each once."""
        meaning = {title.casefold(): key for key, texts in self.titles.items() for title in texts.values()}
        keys: dict[str, None] = {}
        others: dict[str, None] = {}
        for words in named:
            key = words if words in self.titles else meaning.get(words.casefold())
            if key:
                keys[key] = None
            else:
                others[words] = None
        return list(keys), list(others)
