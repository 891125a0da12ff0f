"""Times and numbers in words, in the language of the page."""

from __future__ import annotations

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from indgang.foundation.database import clock

Moment = dt.date | dt.datetime
NEAR = dt.timedelta(days=150)


def local(moment: dt.datetime, zone: ZoneInfo | None = None) -> dt.datetime:
    """The moment on the clock of the house (default: the active time zone)."""
    return timezone.localtime(moment, zone)


def _date_of(moment: Moment, zone: ZoneInfo | None) -> dt.date:
    return local(moment, zone).date() if isinstance(moment, dt.datetime) else moment


def _far(day: dt.date) -> bool:
    """Whether the year has to be said: it is another, or the day is far off."""
    today = clock.today()
    return day.year != today.year or abs(day - today) > NEAR


def day_in_words(moment: Moment, zone: ZoneInfo | None = None) -> str:
    """ "Tuesday 8 December"; with the year when it is another or more than five months off."""
    day = _date_of(moment, zone)
    return date_format(day, "WEEKDAY_YEAR_FORMAT" if _far(day) else "WEEKDAY_FORMAT")


def short_day(moment: Moment, zone: ZoneInfo | None = None) -> str:
    """ "1 Feb 2026" ("1.2.2026"), for tables."""
    return date_format(_date_of(moment, zone), "SHORT_DATE_FORMAT")


def time_in_words(moment: dt.datetime | dt.time, zone: ZoneInfo | None = None) -> str:
    """ "9.30"."""
    return date_format(local(moment, zone) if isinstance(moment, dt.datetime) else dt.datetime.combine(dt.date.min, moment), "TIME_FORMAT")


def period_in_words(starts: dt.datetime, ends: dt.datetime | None = None, zone: ZoneInfo | None = None) -> str:
    """ "Tuesday 8 December, 9.30-11.40" ("tirsdag den 8. december kl. 9.30-11.40")."""
    first = local(starts, zone)
    text = date_format(first, "WEEKDAY_YEAR_TIME_FORMAT" if _far(first.date()) else "WEEKDAY_TIME_FORMAT")
    if ends is None:
        return text
    last = local(ends, zone)
    if last.date() == first.date():
        return f"{text}-{time_in_words(ends, zone)}"
    return f"{text} - {period_in_words(ends, None, zone)}"


def minutes_in_words(minutes: float) -> str:
    """ "25 minutes", "1 hour 10 minutes"."""
    hours, rest = divmod(round(minutes), 60)
    in_hours = ngettext("%(hours)d hour", "%(hours)d hours", hours) % {"hours": hours}
    in_minutes = ngettext("%(minutes)d minute", "%(minutes)d minutes", rest) % {"minutes": rest}
    if not hours:
        return in_minutes
    if not rest:
        return in_hours
    return _("%(hours)s %(minutes)s") % {"hours": in_hours, "minutes": in_minutes}


def countdown_in_words(moment: dt.datetime, zone: ZoneInfo | None = None) -> str:
    """ "in 25 minutes", "tomorrow", "in 2 days", "now", "10 minutes ago", "yesterday"."""
    now = clock.now()
    days = (local(moment, zone).date() - local(now, zone).date()).days
    minutes = int((moment - now).total_seconds() // 60)
    if days == 1 and minutes > 12 * 60:
        return _("tomorrow")
    if days > 1:
        return ngettext("in %(days)d day", "in %(days)d days", days) % {"days": days}
    if minutes > 0:
        return _("in %(time)s") % {"time": minutes_in_words(minutes)}
    if minutes in (0, -1):
        return _("now")
    if days == 0 or minutes > -12 * 60:
        return _("%(time)s ago") % {"time": minutes_in_words(-minutes - 1)}
    if days == -1:
        return _("yesterday")
    return ngettext("%(days)d day ago", "%(days)d days ago", -days) % {"days": -days}


def number_in_words(value: float | None, decimals: int | None = None) -> str:
    """ "12,345" or "12.345", by the language, rounded to so many decimals, halves up; "-" where there is no number."""
    if value is None:
        return "-"
    if decimals is not None:  # Django would cut the rest off
        return number_format(Decimal(repr(value)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP), decimals, force_grouping=True)
    return number_format(value, force_grouping=True)


def hours_in_words(hours: Decimal) -> str:
    """ "30 min." under an hour, else "1.5 h" ("1,5 t."): a number is never longer than what it says."""
    if 0 < hours < 1:
        return _("%(minutes)s min.") % {"minutes": number_in_words(float(hours * 60), 0)}
    whole = hours == hours.to_integral_value()
    return _("%(hours)s h") % {"hours": number_in_words(int(hours)) if whole else number_format(hours.normalize(), force_grouping=True)}


def signed_in_words(value: float | None, decimals: int | None = None) -> str:
    """A difference shows its sign, with a true minus; no difference is "0"."""
    if value is None:
        return "-"
    size = number_in_words(abs(value), decimals)
    return f"+{size}" if value > 0 else f"−{size}" if value < 0 else size


def share_in_words(value: float | None, decimals: int = 0) -> str:
    """A number between 0 and 1 as "67 %"."""
    return "-" if value is None else f"{number_in_words(value * 100, decimals)} %"
