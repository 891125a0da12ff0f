"""Times and numbers in templates. Where the page is about a house pass its zone: `{{ start|clock:house.zone }}`."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from django import template

from indgang.foundation.database.bilingual import in_language
from indgang.foundation.ui import words

register = template.Library()
register.filter("text", in_language)
register.filter("day", words.day_in_words)
register.filter("clock", words.time_in_words)
register.filter("countdown", words.countdown_in_words)
register.filter("minutes", words.minutes_in_words)
register.filter("number", words.number_in_words)
register.filter("hours", words.hours_in_words)
register.filter("signed", words.signed_in_words)
register.filter("share", words.share_in_words)


@register.filter
def phone_link(number: str) -> str:
    """A telephone number as a link's address takes it."""
    return "".join(sign for sign in number if sign.isdigit() or sign == "+")


@register.simple_tag
def period(starts: dt.datetime, ends: dt.datetime | None = None, zone: ZoneInfo | None = None) -> str:
    """`{% period start end zone=house.zone %}`: "Tuesday 8 December, 9.30-11.40"."""
    return words.period_in_words(starts, ends, zone)
