"""What `indgang` says at the start when pages would be half in one language and half in another."""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Error

from indgang.config import translations


def check_translations(**_options: Any) -> list[CheckMessage]:
    """Every catalog is compiled as it is now."""
    languages = ", ".join(path.parent.parent.name for path in translations.not_compiled())
    if not languages:
        return []
    return [
        Error(f"The translations are not compiled ({languages}).", hint="Run `make setup` as whoever owns the program.", id="roof.E001")
    ]
