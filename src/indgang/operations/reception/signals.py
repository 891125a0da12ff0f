"""What reception tells the rooms above it.

`asked_after_visit` is sent with `journey`, inside the transaction in which the house asks a party how its visit was. A room of surveys may
ask more, or something else.
"""

from __future__ import annotations

from django.dispatch import Signal

asked_after_visit = Signal()
