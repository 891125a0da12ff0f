"""Every way to change when, where and with whom a house receives people, with what stands in its way. A table for test_every_change.py."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from indgang.foundation.identity.models import Role
from indgang.foundation.journal.models import Entry
from indgang.foundation.places.models import House
from indgang.operations.reception.models import Absence, Closure, Desk, Session, Sitting
from indgang.operations.reception.opening_changes import VERBS
from indgang.operations.reception.tests import factories
from indgang.operations.reception.tests.opening_day import closure, leader, saved, session
from indgang.operations.reception.tests.resource_day import interpreter, room
from indgang.operations.reception.tests.staff_day import DATE, logged_in

PAGE = "/hours/aalborg/"
TOMORROW, YESTERDAY = DATE + dt.timedelta(days=1), DATE - dt.timedelta(days=1)
TAX: Mapping[str, Any] = {"services": ("tax-card",)}
ARABIC: Mapping[str, Any] = {**TAX, "interpreter": "ar"}
MITID: Mapping[str, Any] = {"services": ("mitid",)}
POLISH: Mapping[str, Any] = {**MITID, "language": "pl"}
EVENING: Mapping[str, Any] = {**TAX, "between": (16 * 60, 18 * 60)}
TWO: Mapping[str, Any] = {"services": ("siri-residence", "mitid")}


def nothing(house: House) -> None:
    """The house as it is."""


@dataclass(frozen=True)
class Case:
    """A change at the page of that name (`do` answers what the page answered), and the wish of those whom it meets.

    `before` readies the house. `told`: what the list says of them, where their place stands only in part.
    """

    name: str
    page: str
    do: Callable[[Client], Any]
    wish: Mapping[str, Any] = field(default_factory=lambda: TAX)
    before: Callable[[House], object] = nothing
    told: str = ""
    later: bool = True  # there is another time

    def __str__(self) -> str:
        return self.name


def shown(client: Client, path: str) -> dict[str, Any]:
    """What the form at that address would send if nobody touched it."""
    form = client.get(f"{PAGE}{path}").context["form"]
    values = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in values.items() if value not in (None, "", False)}


def form(path: str, **changes: Any) -> Callable[[Client], Any]:
    """The form at that address, sent with these fields otherwise ("": empty)."""
    return lambda client: client.post(f"{PAGE}{path}", {**shown(client, path), **changes})


def press(path: str, **fields: Any) -> Callable[[Client], Any]:
    """One click."""
    return lambda client: client.post(f"{PAGE}{path}", fields)


def close(what: str, **times: str) -> Callable[[Client], Any]:
    """Closed on the day, whole or in part."""
    return form("close/", desk=what, title_da="Kursus", title_en="Training", **times)


def of_session(path: str, **changes: Any) -> Callable[[Client], Any]:
    """The same with the only session there is."""

    def do(client: Client) -> Any:
        address = path.replace("<session>", str(Session.objects.get().pk))
        return (form if path.endswith("<session>/") else press)(address, **changes)(client)

    return do


def undo_last(client: Client) -> Any:
    """Take the latest change of the hours back."""
    entry = Entry.objects.filter(verb__in=set(VERBS.values())).order_by("-pk").first()
    assert entry is not None
    return client.post(f"{PAGE}undo/{entry.pk}/")


def after(change: Callable[[Client], Any]) -> Callable[[House], object]:
    """The house once a leader has made that change: for undoing it."""

    def then(house: House) -> None:
        page = change(leader_at_work())
        assert page.status_code == 302, "it was saved"

    return then


def leader_at_work() -> Client:
    """The host's leader, logged in."""
    return logged_in(factories.member(Role.LEADER, "ihnd"))


def ready(*steps: Callable[[House], object]) -> Callable[[House], None]:
    """One after the other."""

    def all_of(house: House) -> None:
        for step in steps:
            step(house)

    return all_of


def tax_desk_without_tax(house: House) -> None:
    """The tax desk does something else."""
    factories.desk("tax-1").services.set([factories.service("mitid")])


def spare(house: House) -> None:
    """Another tax desk, and another interpreter for Arabic: they come after the first."""
    made = Desk.objects.create(
        house=house,
        key="tax-2",
        organisation=factories.organisation("skattestyrelsen"),
        zone="first-floor",
        languages=["da", "en"],
        title_da="Skranke 6",
    )
    made.services.set([factories.service("tax-card")])
    interpreter(house)
    interpreter(house, "bahar")


def evening(house: House) -> None:
    """An evening at the tax desk and another, every Tuesday."""
    saved(leader(), session("tax-1", "siri-1"))


def holiday_file(client: Client) -> Any:
    """A calendar file with the day, and all that it finds chosen."""
    day = f"{DATE:%Y%m%d}"
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//a//b//EN", "BEGIN:VEVENT", "UID:1", f"DTSTART;VALUE=DATE:{day}", "SUMMARY:Byfest"]
    content = "\r\n".join([*lines, "END:VEVENT", "END:VCALENDAR", ""]).encode()
    page = client.post(f"{PAGE}holidays/", {"file": SimpleUploadedFile("byfest.ics", content)})
    return client.post(f"{PAGE}holidays/", {"found": page.context["found"], "days": ["0"]})


def nobody_sits(house: House) -> None:
    """Who sits at the tax desk is away."""
    officer = factories.member(Role.CLERK, "skattestyrelsen")
    desk = factories.desk("tax-1")
    Sitting.objects.create(desk=desk, officer=officer, weekdays=[0, 1, 2, 3, 4], valid_from=DATE)
    Absence.objects.create(officer=officer, organisation=desk.organisation, first_day=DATE, last_day=DATE)


def close_unstaffed(client: Client) -> Any:
    """The first desk that has nobody."""
    [row] = client.get(f"{PAGE}nobody/").context["rows"]
    return client.post(f"{PAGE}nobody/close/", {"gap": row["key"]})


def languages(**of_desks: str) -> Callable[[House], object]:
    """Desks that speak other languages than in the small house."""

    def then(house: House) -> None:
        for key, codes in of_desks.items():
            Desk.objects.filter(key=key.replace("_", "-")).update(languages=codes.split())

    return then


def lifted(house: House) -> None:
    """The house was closed that day, and then was not."""
    saved(leader(), closure())
    leader_at_work().post(f"{PAGE}closures/{Closure.objects.get().pk}/lift/")


CASES = [
    Case("the hours of the house", "house-hours", form("times/", opens_1_1="10:00")),
    Case("the hours of a desk", "desk-hours", form("desks/tax-1/times/", as_house="", opens_1_1="10:00")),
    Case(
        "the hours of an interpreter",
        "resource-hours",
        form("resources/amina/times/", as_house="", opens_1_1="13:00", closes_1_1="15:00", opens_1_2="", closes_1_2=""),
        ARABIC,
        interpreter,
    ),
    Case(
        "the hours of a room",
        "resource-hours",
        form("resources/talk-room/times/", as_house="", opens_1_1="10:00"),
        MITID,
        lambda house: room(house, "mitid"),
    ),
    Case("the first day of the house", "house-time", form("period/", active_from=TOMORROW.isoformat())),
    Case("the last day of the house", "house-time", form("period/", active_until=YESTERDAY.isoformat()), later=False),
    Case("the house closed", "hours-close", close("")),
    Case("the house closed for a part of the day", "hours-close", close("", until_time="10:00")),
    Case("a desk closed", "hours-close", close("tax-1")),
    Case("a desk closed for a part of the day", "hours-close", close("tax-1", from_time="09:00", until_time="10:30")),
    Case("an interpreter closed", "hours-close", close("resource:amina"), ARABIC, interpreter),
    Case("a room closed", "hours-close", close("resource:talk-room"), MITID, lambda house: room(house, "mitid")),
    Case("a desk closed in one click", "close-desk", lambda client: client.post("/desks/aalborg/tax-1/close/")),
    Case("a desk without anybody closed", "unstaffed-close", close_unstaffed, before=nobody_sits),
    Case("holidays from a file", "holidays", holiday_file),
    Case("the times of a session", "session", of_session("sessions/<session>/", opens="17:00"), EVENING, evening),
    Case("the day of a session", "session", of_session("sessions/<session>/", weekday="3"), EVENING, evening),
    Case("how often a session is held", "session", of_session("sessions/<session>/", often="month-1"), EVENING, evening),
    Case("the first day of a session", "session", of_session("sessions/<session>/", first_day=TOMORROW.isoformat()), EVENING, evening),
    Case("the desks of a session", "session", of_session("sessions/<session>/", desks=["siri-1"]), EVENING, evening),
    Case(
        "one date of a session", "session-date", of_session("sessions/<session>/date/", date=DATE.isoformat(), held="no"), EVENING, evening
    ),
    Case("a session ended", "session-end", of_session("sessions/<session>/end/"), EVENING, evening),
    Case("the services of a desk", "desk-change", form("desks/tax-1/", services=["mitid"]), before=spare),
    Case("the first day of a desk", "desk-change", form("desks/tax-1/", active_from=TOMORROW.isoformat())),
    Case("the last day of a desk", "desk-change", form("desks/tax-1/", active_until=YESTERDAY.isoformat()), before=spare),
    Case("a desk only in sessions", "desk-change", form("desks/tax-1/", only_in_sessions="on"), before=spare),
    Case(
        "a language that another desk speaks too",
        "desk-change",
        form("desks/citizen-1/", languages="da, en"),
        POLISH,
        languages(citizen_1="da en pl", citizen_2="da en pl"),
        told="They speak Polish, and Desk 3 would not any more.",
    ),
    Case(
        "a language that was spoken instead of interpreted",
        "desk-change",
        form("desks/tax-1/", languages="da, en"),
        ARABIC,
        ready(languages(tax_1="da en ar"), interpreter),
    ),
    Case(
        "the place of a desk in the house",
        "desk-change",
        form("desks/citizen-1/", zone="first-floor"),
        TWO,
        lambda house: Desk.objects.filter(key="citizen-2").update(active_from=TOMORROW),
        told="There would be too little time for the way to Desk 3.",
    ),
    Case("the languages of an interpreter", "resource-change", form("resources/amina/", languages="uk"), ARABIC, spare),
    Case(
        "the first day of an interpreter",
        "resource-change",
        form("resources/amina/", active_from=TOMORROW.isoformat()),
        ARABIC,
        interpreter,
    ),
    Case("the last day of an interpreter", "resource-change", form("resources/amina/", active_until=YESTERDAY.isoformat()), ARABIC, spare),
    Case(
        "the services of a room",
        "resource-change",
        form("resources/talk-room/", services=["tax-card"]),
        MITID,
        lambda house: room(house, "mitid"),
    ),
    Case(
        "the place of a room in the house",
        "resource-change",
        form("resources/talk-room/", zone="first-floor"),
        TWO,
        lambda house: room(house, "mitid"),
        told="There would be too little time for the way to Desk 3.",
    ),
    Case("undo of longer hours", "hours-undo", undo_last, {**TAX, "between": (480, 540)}, after(form("times/", opens_1_1="08:30"))),
    Case("undo of a new session", "hours-undo", undo_last, EVENING, evening),
    Case(
        "undo of a later last day of the house",
        "hours-undo",
        undo_last,
        before=ready(lambda _house: House.objects.update(active_until=YESTERDAY), after(form("period/", active_until=""))),
        later=False,
    ),
    Case("undo of a lifted closure", "hours-undo", undo_last, before=lifted),
    Case(
        "undo of a further service",
        "hours-undo",
        undo_last,
        before=ready(spare, tax_desk_without_tax, after(form("desks/tax-1/", services=["tax-card"]))),
    ),
    Case(
        "undo of a further language of an interpreter",
        "hours-undo",
        undo_last,
        ARABIC,
        ready(
            lambda house: interpreter(house, "amina", "uk"),
            lambda house: interpreter(house, "bahar", "ar", "fa", "ru"),
            after(form("resources/amina/", languages="ar, uk")),
        ),
    ),
    Case(
        "undo of a session's date held after all",
        "hours-undo",
        undo_last,
        EVENING,
        ready(evening, *[after(of_session("sessions/<session>/date/", date=DATE.isoformat(), held=held)) for held in ("no", "yes")]),
    ),
    Case(
        "undo of holidays taken back",
        "hours-undo",
        undo_last,
        before=ready(after(holiday_file), after(undo_last)),
    ),
]
# What leaves everybody their time, and is still to be seen before it is saved: `told` says what is worse.
KEPT = [
    Case(
        "a language that no desk speaks any more",
        "desk-change",
        form("desks/citizen-2/", languages="da, en"),
        POLISH,
        told="They speak Polish, and Desk 4 would not any more.",
    ),
    Case(
        "whose desk it is",
        "desk-change",
        form("desks/tax-1/", organisation="siri"),
        told="They booked with Skattestyrelsen, and SIRI would receive them at Desk 5.",
    ),
    Case(
        "undo of whose desk it is",
        "hours-undo",
        undo_last,
        before=ready(
            lambda _house: Desk.objects.filter(key="tax-1").update(organisation=factories.organisation("siri")),
            after(form("desks/tax-1/", organisation="skattestyrelsen")),
        ),
        told="They booked with Skattestyrelsen, and SIRI would receive them at Desk 5.",
    ),
]
