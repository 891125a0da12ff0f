"""The shapes of what the API answers, as its OpenAPI description tells them. Times are ISO 8601 with the offset of the house."""

from __future__ import annotations

from ninja import Field, Schema
from pydantic import ConfigDict


class FieldProblem(Schema):
    """What is wrong with one field."""

    field: str
    message: str


class Problem(Schema):
    """RFC 9457 problem details. `errors` names the fields that cannot be used, each by its path in the request."""

    model_config = ConfigDict(extra="allow")
    type: str
    title: str
    status: int
    detail: str
    errors: list[FieldProblem] = Field(default_factory=list)


class House(Schema):
    """A house."""

    key: str
    name: str
    address: str


class Houses(Schema):
    """Every house."""

    houses: list[House]


class Service(Schema):
    """A service and how long it takes for one person."""

    key: str
    title: str
    authority: str
    minutes: int


class Services(Schema):
    """The services of a house."""

    services: list[Service]


class Slot(Schema):
    """A time at which a service can begin, and when it would end."""

    starts: str
    ends: str


class Slots(Schema):
    """Free times, ascending."""

    slots: list[Slot]


class Step(Schema):
    """A step, why, what to bring, the steps that come before it, and for how many people it is."""

    service: str
    title: str
    authority: str
    why: str
    bring: list[str]
    after: list[str]
    people: int


class PlannedAppointment(Schema):
    """A step at a desk, with the interpreter and the room that are taken with it, by key."""

    service: str
    desk: str
    starts: str
    ends: str
    interpreter: str | None
    room: str | None


class Itinerary(Schema):
    """A way through the steps, and the offer to book it with. `idle_minutes`: between the appointments, walking included."""

    starts: str
    ends: str
    idle_minutes: int
    appointments: list[PlannedAppointment]
    offer: str


class PlacesGone(Problem):
    """A conflict. When places were gone, `itineraries` holds up to three fresh ones."""

    itineraries: list[Itinerary] = Field(default_factory=list)


def problems(*statuses: int) -> dict[int, type[Schema]]:
    """The errors a call can answer, beside those of ours that any call can."""
    return dict.fromkeys(statuses, Problem)


class Elsewhere(Schema):
    """Something to do that no desk of the house does."""

    key: str
    title: str
    who: str
    why: str
    where: str
    link: str
    people: int


class Plan(Schema):
    """What the party must do, here and elsewhere. `split`: no single day holds all steps, so they are spread over the fewest."""

    steps: list[Step]
    itineraries: list[Itinerary]
    split: bool
    elsewhere: list[Elsewhere]
    notes: list[str]


class Held(Schema):
    """An offer that is kept."""

    offer: str
    held_until: str


class Visit(Schema):
    """A step of a journey: `starts` and `ends` are booked, the other times happened."""

    id: int
    reference: str
    service: str
    desk: str | None
    people: int
    status: str
    outcome: str | None
    missing: list[str]
    starts: str | None
    ends: str | None
    arrived: str | None
    called: str | None
    started: str | None
    ended: str | None
    interpreter: str | None
    room: str | None


class Journey(Schema):
    """A journey with its appointments in the order of time. `interpreter`: the language they need one for."""

    reference: str
    house: str
    status: str
    email_confirmed: bool
    people: int
    language: str
    interpreter: str | None
    sequence: int
    appointments: list[Visit]


class Booked(Journey):
    """A new journey: the links that open it, and the key in `manage_url`."""

    manage_url: str
    calendar_url: str
    key: str


class Wait(Schema):
    """Minutes from now until the call: the middle, and the range in which eight of ten waits lie."""

    minutes: int
    low: int
    high: int


class Ticket(Schema):
    """A ticket as it stands. `status`: waiting, aside, called, serving or ended. `wait` is null where it cannot be told.

    `closes`: when the last desk that does this closes today, or has closed; `in_time`: whether the party will most likely be called before
    that, null where the house does not know. `not_served`: it waited until the house closed. `interpreter`: the language they need one for;
    `interpreter_from`: since or from when one is free, null when none is today.
    """

    number: int
    house: str
    date: str
    status: str
    service: str | None
    people: int
    place: int | None
    ahead: int | None
    wait: Wait | None
    desk: str | None
    closes: str | None
    in_time: bool | None
    not_served: bool
    interpreter: str | None
    interpreter_from: str | None


class NewTicket(Ticket):
    """A ticket just taken: the key and the link that show it."""

    key: str
    url: str


class WaitingOffer(Schema):
    """A time that is held for a party until `until`."""

    id: str
    starts: str
    ends: str
    until: str


class Waiting(Schema):
    """A place on the waiting list.

    `status`: unconfirmed, waiting, offered, resting (three offers were not answered), or why it ended: booked, left, over, unconfirmed,
    removed. `journey`: what they took.
    """

    id: str
    house: str
    status: str
    earliest: str
    latest: str
    people: int
    offer: WaitingOffer | None
    journey: str | None
