"""Content in more than one language: one column per language, read with a fallback order."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import get_language


def in_language(values: dict[str, str], language: str | None = None) -> str:
    """The text in `language` (the active one by default), else in English, else in Danish, else whatever there is."""
    wanted = (language or get_language() or "en")[:2]
    for code in (wanted, "en", "da"):
        if values.get(code):
            return values[code]
    return next((text for text in values.values() if text), "")


class Titled(models.Model):
    """A thing with a name in Danish and English."""

    title_da = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """The name in the language of the page."""
        return self.title_in(None)

    def title_in(self, language: str | None) -> str:
        """The name in `language`, with the fallback order of `in_language`."""
        return in_language({"da": self.title_da, "en": self.title_en}, language)


def texts(raw: dict[str, Any], name: str) -> dict[str, str]:
    """The `name_da`, `name_en`, ... entries of a data file's table as {language: text}."""
    return {key.removeprefix(f"{name}_"): value for key, value in raw.items() if key.startswith(f"{name}_")}
