"""`indgang statistics`: whether a house's figures are those that its journal tells."""

from __future__ import annotations

import datetime as dt

import pytest
from django.conf import LazySettings

from indgang.config import program
from indgang.foundation.access.actors import staff
from indgang.foundation.identity.models import Role
from indgang.operations.reception.actions import desk as desk_actions
from indgang.operations.reception.actions.tickets import Errands, take_ticket
from indgang.operations.reception.models import Turn, Visit
from indgang.operations.reception.tests import factories
from indgang.operations.reception.tests.staff_day import at

pytestmark = pytest.mark.django_db


@pytest.fixture
def served(settings: LazySettings) -> Visit:
    """Two people with a ticket, served."""
    at(settings, 9, 0)
    house, clerk = factories.small_house(), staff(factories.member(Role.CLERK, "skattestyrelsen"))
    take_ticket(actor=clerk, house=house, errands=Errands(["tax-card"], people=2))
    visit = desk_actions.call_next(actor=clerk, desk=factories.desk("tax-1"))
    assert visit is not None
    return desk_actions.finish_visit(actor=clerk, visit=visit, outcome="done")


def test_it_says_that_every_figure_is_what_the_journal_tells(served: Visit, capsys: pytest.CaptureFixture[str]) -> None:
    assert program.run(["statistics", "aalborg", "--from", "2026-12-01"]) == 0

    assert capsys.readouterr().out == (
        "aalborg, 2026-12-01 to 2026-12-08: 1 steps and 2 citizens served; every figure is what the journal tells, to the last digit.\n"
    )


def test_it_names_the_figures_that_differ_by_a_microsecond(served: Visit, capsys: pytest.CaptureFixture[str]) -> None:
    Turn.objects.update(called_at=served.called_at + dt.timedelta(microseconds=1))  # type: ignore[operator]

    assert program.run(["statistics", "aalborg"]) == 1

    names = [line.split(":")[0].strip() for line in capsys.readouterr().err.splitlines()[1:]]
    assert names == ["total", "by_hour", "by_weekday", "by_service", "by_desk"]


@pytest.mark.usefixtures("served")
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["statistics", "hobro"], "No house has the key 'hobro'. There are: aalborg.\n"),
        (
            ["statistics", "aalborg", "--from", "2026-12-02", "--until", "2026-12-01"],
            "The first day, 2026-12-02, is after the last, 2026-12-01.\n",
        ),
    ],
)
def test_what_cannot_be_compared_is_refused(arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert program.run(arguments) == 1
    assert capsys.readouterr().err == said
