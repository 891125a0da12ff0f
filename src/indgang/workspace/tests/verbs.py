"""The verbs that reception writes in the journal, read from its actions."""

from __future__ import annotations

import re
from pathlib import Path

from indgang.operations.reception import actions

VERB = re.compile(r'"((?:journey|visits?|note|ticket|waiting|employer)\.[a-z-]+)"')


def verbs_of_reception() -> set[str]:
    """Every verb named in reception's actions."""
    return {verb for file in Path(actions.__file__).parent.glob("*.py") for verb in VERB.findall(file.read_text())}
