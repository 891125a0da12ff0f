"""The tables of courses and of deliveries in and out: one row per reference.

Courses of Early Warning come in by the command line on the server, or by a member of their team; no export has them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from indgang.foundation.imports.kinds import Fault, Kind, Row
from indgang.operations.guidance.actions.told import tie_of_course, tie_of_delivery
from indgang.operations.guidance.faults import in_words
from indgang.operations.guidance.import_columns import COURSE_COLUMNS, DELIVERY_COLUMNS
from indgang.operations.guidance.import_rows import RecordsWork
from indgang.operations.guidance.models import Category, Course, Delivery
from indgang.operations.guidance.rules import courses as rules
from indgang.registers.parties.models import Tie


class CoursesWork(RecordsWork):
    """One pass over the table of courses."""

    model, columns, first_day = Course, COURSE_COLUMNS, "started"
    own = ("category", "fields", "started", "ended", "hours", "consultant")
    also_written = ("user",)
    empty = {"fields": [], "consultant": ""}

    def check_own(self, row: Row) -> Iterable[Fault]:
        """A course has a category and a first day, and ends then or later; one of Early Warning is its team's to bring in."""
        values = row.values
        for name in ("category", "started"):
            if values[name] is None:
                yield Fault(name, _("This must be filled in."))
        if values["started"] and (fault := rules.fault_of_days(values["started"], values["ended"])):
            yield Fault("ended" if "ended" in row.given or row.stored is None else "started", in_words(fault))
        else:
            yield from self.check_days(row, "started", "ended")
        if values["category"] == Category.EARLY_WARNING and not self._undoing and not self.may_be_confidential(row):
            yield Fault("category", _("Courses of Early Warning are brought in by their team alone."))

    def tie_of(self, record: Any) -> Tie:
        """A course's tie."""
        return tie_of_course(record)

    def wrote(self, record: Any, changed: Iterable[str]) -> None:
        """A table names a consultant by name, so it is nobody's account any more."""
        if "consultant" in changed:
            record.user_id = None

    def in_use(self, ids: set[int]) -> set[int]:
        """Those, too, of which somebody has written the purpose or the result."""
        written = Course.objects.filter(pk__in=ids).exclude(purpose="", result="").values_list("pk", flat=True)
        return super().in_use(ids) | set(written)

    def exported(self, standing: QuerySet[Any]) -> QuerySet[Any]:
        """No course of Early Warning leaves in a table that is not its team's."""
        return standing.exclude(category=Category.EARLY_WARNING)


class DeliveriesWork(RecordsWork):
    """One pass over the table of deliveries."""

    model, columns, first_day = Delivery, DELIVERY_COLUMNS, "date"
    own = ("kind", "topic", "date")
    empty = {"topic": ""}

    def check_own(self, row: Row) -> Iterable[Fault]:
        """A delivery is of a kind, and was on a day."""
        for name in ("kind", "date"):
            if row.values[name] is None:
                yield Fault(name, _("This must be filled in."))
        yield from self.check_days(row, "date")

    def tie_of(self, record: Any) -> Tie:
        """A delivery's tie."""
        return tie_of_delivery(record)

    def wrote(self, record: Any, changed: Iterable[str]) -> None:
        """Nothing goes with it."""
        return


COURSES = Kind(
    key="courses",
    title=gettext_lazy("Guidance courses"),
    columns=COURSE_COLUMNS,
    work=CoursesWork,
    left_out=gettext_lazy(
        "Courses of Early Warning are not in this table: their team takes them out on the page of its courses. "
        "Courses of companies without a CVR number are not in it either."
    ),
)
DELIVERIES = Kind(
    key="deliveries",
    title=gettext_lazy("Information and service"),
    columns=DELIVERY_COLUMNS,
    work=DeliveriesWork,
    left_out=gettext_lazy("What was given to companies without a CVR number is not in this table."),
)
