"""What reception does by the clock."""

from __future__ import annotations

from indgang.foundation.jobs.work import periodic
from indgang.operations.reception.actions.after_visit import ask_about_yesterday
from indgang.operations.reception.actions.changes import release_unconfirmed
from indgang.operations.reception.actions.end_of_day import end_days
from indgang.operations.reception.actions.holds import release_expired_holds
from indgang.operations.reception.actions.open_days import keep_all_open_days
from indgang.operations.reception.actions.serving import look_again, look_at_everything
from indgang.operations.reception.reminders import write_reminders


@periodic("*/15 * * * *")
def remind_of_tomorrow() -> None:
    """From ten o'clock, house time, on the day before."""
    write_reminders()


@periodic("*/15 * * * *")
def ask_how_it_was() -> None:
    """From eight until noon, house time, on the day after."""
    ask_about_yesterday()


@periodic("* * * * *")
def tidy_holds() -> None:
    """Holds stop counting the moment they run out; this only removes their rows."""
    release_expired_holds()


@periodic("*/15 * * * *")
def give_back_unconfirmed_places() -> None:
    """Visits whose e-mail address nobody confirmed within a day."""
    release_unconfirmed()


@periodic("* * * * *")
def offer_what_is_left() -> None:
    """Places that became free while the worker was down, and offers that nobody answered."""
    look_again()


@periodic("*/15 * * * *")
def look_through_waiting_lists() -> None:
    """Hours change and days pass: end what is over, offer what fits."""
    look_at_everything()


@periodic("*/15 * * * *")
def end_what_was_left() -> None:
    """Who waited until the house closed, calls that were forgotten, and turns that nobody ended."""
    end_days()


@periodic("5 * * * *")
def keep_yesterdays_hours() -> None:
    """How long each desk was open, once the day is over where the house stands."""
    keep_all_open_days()
