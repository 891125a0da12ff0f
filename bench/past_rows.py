"""The rows of a long past: what each table has of a journey with two steps that a party came to, or did not.

Letters and keys of links are not among them: they are forgotten after some weeks, so they do not grow with the past.
"""

from __future__ import annotations

DESKS, SLOTS, MINUTES, OPENS = 20, 36, 10, 8  # six hours a day
A_DAY = DESKS * SLOTS // 2  # journeys; each has two steps
VISITS_A_PERSON = 10
AWAY, ANSWERS = 25, 10  # one journey in so many is not come to; one in so many answers the questions after the visit
# n: the number of a journey, k: its first or second step. Every desk is taken in every slot of the past, once.
DAY = f"(now_ - (n / {A_DAY} + 1) * interval '1 day')"
SLOT = f"(date_trunc('day', {DAY}) + interval '{OPENS} hours' + (n %% {A_DAY} / {DESKS} * 2 + {{k}}) * interval '{MINUTES} minutes')"
NOW = "(SELECT %(now)s::timestamptz AS now_) clock"
ALL = f"generate_series(0, %(journeys)s - 1) n CROSS JOIN {NOW}"
HOUSE_ID = "(SELECT min(house_id) FROM reception_desk)"
PEOPLE = "SELECT n FROM generate_series(0, %(people)s - 1) n"
JOURNEYS = f"SELECT n, {SLOT.format(k=0)} AS at, n %% {AWAY} = 0 AS away FROM {ALL}"
ANSWERED = f"SELECT n, {DAY}::date AS day FROM generate_series(0, %(journeys)s - 1, {ANSWERS}) n CROSS JOIN {NOW}"
OPEN_DAYS = f"""
    SELECT d.id AS desk, {DAY}::date AS day
    FROM generate_series(0, %(journeys)s - 1, {A_DAY}) n CROSS JOIN {NOW} CROSS JOIN reception_desk d
"""
STEPS = f"""
    SELECT n, k, {SLOT.format(k="k")} AS at, n %% {AWAY} = 0 AS away, d.id AS desk, d.house_id AS house,
           d.services[k %% array_length(d.services, 1) + 1] AS service, d.organisation_id AS authority
    FROM {ALL} CROSS JOIN generate_series(0, 1) k
    JOIN (SELECT d.id, d.house_id, d.organisation_id, row_number() OVER (ORDER BY d.id) - 1 AS place,
                 (SELECT array_agg(s.service_id ORDER BY s.service_id) FROM reception_desk_services s WHERE s.desk_id = d.id) AS services
          FROM reception_desk d) d ON d.place = (n + 7 * k) %% {DESKS}
"""
TOLD_OF_STEPS = f"""
    SELECT step.*, told.verb, told.place
    FROM ({STEPS}) step
    CROSS JOIN unnest(ARRAY['visit.called', 'visit.started', 'visit.finished']) WITH ORDINALITY told(verb, place)
    WHERE NOT step.away
"""
TOLD_OF_JOURNEYS = f"""
    SELECT journey.*, told.verb
    FROM ({JOURNEYS}) journey
    CROSS JOIN LATERAL unnest(ARRAY['journey.booked', CASE WHEN away THEN 'journey.no-show' ELSE 'journey.checked-in' END]) told(verb)
"""
ENDS = f"at + interval '{MINUTES} minutes'"
Rows = tuple[str, str, dict[str, str]]  # a model, where its rows come from, and their columns


def key(number: str) -> str:
    """A UUID that is made of a number."""
    return f"('10000000-0000-4000-8000-' || lpad(to_hex({number}), 12, '0'))::uuid"


JOURNEY = key("n")


def rows_of(visits: int, people: int) -> list[Rows]:
    """All of it, in the order of the keys. `visits`: the highest number that a step has."""
    visit, person = f"({visits} + 2 * n + k + 1)", key(f"(n %% {people})")
    return [*_parties(person), *_steps(visit), *_days(), *_journal(visit, person)]


def _parties(person: str) -> list[Rows]:
    came = {"date": "at::date", "number": f"n %% {A_DAY} + 1", "key_digest": "md5('ticket' || n)", "issued_at": "at"}
    booked = {"cancelled_at": "NULL", "created_at": "at - interval '9 days'", "email_confirmed_at": "at - interval '9 days'"}
    named = {"name": "'Past Person ' || n", "email": "'past' || n || '@example.org'"}
    contact = {"contact_id": person, "party_digest": "md5('past' || n)"}
    return [
        ("vault.Subject", PEOPLE, {"id": key("n")}),
        ("parties.Person", PEOPLE, {"id": key("n"), "subject_id": key("n"), **named}),
        ("reception.Journey", JOURNEYS, {"id": JOURNEY, "reference": "'PAST-' || n", "source": "'web'", **contact, **booked}),
        ("reception.Traveller", JOURNEYS, {"journey_id": JOURNEY, "person_id": person, "position": "0"}),
        ("reception.Ticket", JOURNEYS, {"journey_id": JOURNEY, "house_id": HOUSE_ID, **came}),
    ]


def _steps(visit: str) -> list[Rows]:
    times = {"arrived_at": "at - interval '5 minutes'", "called_at": "at", "started_at": "at + interval '1 minute'", "ended_at": ENDS}
    served = {"desk_id": "desk", "people": "1", **{name: f"CASE WHEN NOT away THEN {value} END" for name, value in times.items()}}
    empty = {"counts_from": "NULL", "parked_at": "NULL", "last_called_at": "NULL", "clerk_id": "NULL"}
    state = {"status": "CASE WHEN away THEN 'no-show' ELSE 'done' END", "outcome": "CASE WHEN away THEN '' ELSE 'done' END"}
    place = {"desk_id": "desk", "party": "1000000000000 + n", "period": f"tstzrange(at, {ENDS})", "freed_at": "NULL", "hold_id": "NULL"}
    missed = {"outcome": "CASE WHEN away THEN 'no-show' ELSE 'done' END", "booked_for": "CASE WHEN away THEN at END"}
    step = {"journey_id": JOURNEY, "service_id": "service"}
    return [
        ("reception.Visit", STEPS, {"id": visit, **step, "position": "k", **served, **empty, **state}),
        ("reception.Appointment", STEPS, {"visit_id": visit, **place}),
        ("reception.Turn", STEPS, {"visit_id": visit, **step, "authority_id": "authority", "persons": "ARRAY[n]", **served, **missed}),
    ]


def _days() -> list[Rows]:
    answer = {"services": "'{mitid}'", "language": "'en'", "choices": """'{"done": "yes", "wait": "4"}'""", "text": "''"}
    return [
        ("reception.OpenDay", OPEN_DAYS, {"desk_id": "desk", "date": "day", "minutes": str(SLOTS * MINUTES)}),
        ("reception.VisitAnswer", ANSWERED, {"id": "gen_random_uuid()", "house_id": HOUSE_ID, "day": "day", **answer}),
    ]


def _journal(visit: str, person: str) -> list[Rows]:
    entry = {"before": "'{}'", "after": "'{}'", "personal_text": "NULL", "vault_subject_id": "NULL", "circle": "'house'", "verb": "verb"}
    of_person, of_journey = f"'parties.person:' || {person}", f"'reception.journey:' || {JOURNEY}"
    step = {"at": "at + place * interval '1 minute'", "subject_type": "'reception.visit'", "subject_id": visit, "house_id": "house"}
    journey = {"at": "at", "subject_type": "'reception.journey'", "subject_id": JOURNEY, "house_id": HOUSE_ID}
    return [
        ("journal.Entry", TOLD_OF_JOURNEYS, {**journey, **entry, "about": f"ARRAY[{of_person}]"}),
        ("journal.Entry", TOLD_OF_STEPS, {**step, **entry, "about": f"ARRAY[{of_journey}, {of_person}]"}),
    ]
