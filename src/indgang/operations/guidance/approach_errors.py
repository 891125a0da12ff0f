"""What cannot be done about who approaches whom, said to whoever tried."""

from __future__ import annotations

from indgang.operations.guidance.errors import GuidanceError


class ApproachError(GuidanceError):
    """It cannot be done; `message` says why and what to do."""
