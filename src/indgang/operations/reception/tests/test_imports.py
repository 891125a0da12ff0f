"""The visits table: what people hand in becomes journeys and steps, and comes out again as it went in."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from indgang.foundation.access.actors import staff, system
from indgang.foundation.identity.models import Organisation
from indgang.foundation.imports.actions import apply_import, preview_import, undo_batch
from indgang.foundation.imports.exports import export_table
from indgang.foundation.imports.reports import Problem, Report
from indgang.foundation.places.models import House, Region
from indgang.operations.reception.imports import VISITS
from indgang.operations.reception.models import Journey, Note, Visit
from indgang.operations.reception.tests import factories
from indgang.operations.reception.tests.visits_table import HEADER, PAIR, apply, done, operator, refused

pytestmark = pytest.mark.django_db
COPENHAGEN = ZoneInfo("Europe/Copenhagen")


@pytest.fixture(autouse=True)
def house(settings: Any, tmp_path: Path) -> House:
    settings.HOME = tmp_path
    return factories.small_house()


def exported(form: str = "csv") -> bytes:
    stream = io.BytesIO()
    export_table(actor=operator(), kind=VISITS, form=form, stream=stream)
    return stream.getvalue()


def counts(report: Report) -> tuple[int, int, int, list[Problem]]:
    return report.created, report.updated, report.unchanged, report.refused


def local(hour: int, minute: int = 0) -> dt.datetime:
    return dt.datetime(2024, 3, 5, hour, minute, tzinfo=COPENHAGEN)


class TestImport:
    def test_rows_become_a_journey_and_its_steps(self, house: House) -> None:
        done(PAIR)

        journey = Journey.objects.get()
        assert (journey.reference, journey.house, journey.source, journey.citizenship) == ("J-1", house, "import", "DEU")
        assert (journey.municipality and journey.municipality.code, journey.people, journey.created_at) == ("851", 2, local(9))
        steps = journey.visits.values_list(
            "service__key", "position", "people", "status", "arrived_at", "started_at", "ended_at", "outcome"
        )
        assert list(steps) == [
            ("siri-residence", 0, 2, "done", local(9), local(9, 10), local(9, 40), "done"),
            ("cpr-registration", 1, 2, "done", local(9, 40), local(9, 50), local(10, 10), "documents-missing"),
        ]

    def test_danish_headers_words_times_and_codes(self) -> None:
        done(
            "Referencenummer;Hus;Ydelse;Kommunekode;Statsborgerskab;Antal personer;Ankommet;Påbegyndt;Afsluttet;Udfald\n"
            "J-1;Aalborg;siri-residence;0851;deu;2;5.3.2024 9.00;5.3.2024 kl. 9.10;5.3.2024 09.40;Færdig\n"
            "J-1;aalborg;cpr-registration;851;DEU;2;05.03.2024 9.40;2024-03-05T08:50Z;2024-03-05T10:10+01:00;mangler dokumenter\n"
        )

        assert exported().decode() == (
            HEADER
            + "J-1,aalborg,siri-residence,851,DEU,2,2024-03-05T09:00:00+01:00,2024-03-05T09:10:00+01:00,2024-03-05T09:40:00+01:00,done\n"
            + "J-1,aalborg,cpr-registration,851,DEU,2,2024-03-05T09:40:00+01:00,2024-03-05T09:50:00+01:00,2024-03-05T10:10:00+01:00,"
            + "documents-missing\n"
        )

    def test_only_the_key_and_the_house_of_a_new_journey_must_be_there(self) -> None:
        done("reference,house,service\nJ-1,aalborg,mitid\n")

        visit = Visit.objects.select_related("journey__municipality").get()
        assert (visit.people, visit.status, visit.outcome, visit.journey.municipality, visit.journey.citizenship) == (
            1,
            "planned",
            "",
            None,
            "",
        )

    def test_what_one_row_says_of_the_journey_holds_for_its_others(self) -> None:
        done("reference,house,service,municipality\nJ-1,aalborg,mitid,\nJ-1,,tax-card,851\nJ-1,,cpr-registration,\n")

        journey = Journey.objects.get()
        assert (journey.visits.count(), journey.municipality and journey.municipality.code) == (3, "851")

    def test_a_step_still_running_is_finished_by_a_later_file(self) -> None:
        done("reference,house,service,arrived,started,ended\nJ-1,aalborg,mitid,2024-03-05 9:00,2024-03-05 9:05,\n")
        assert Visit.objects.get().status == "serving"

        _batch, report = apply("reference,service,ended,outcome\nJ-1,mitid,2024-03-05 9:20,done\n")
        assert counts(report) == (0, 1, 0, [])
        visit = Visit.objects.get()
        assert (visit.status, visit.outcome, visit.arrived_at, visit.ended_at) == ("done", "done", local(9), local(9, 20))

    def test_a_changed_journey_is_an_update_of_each_of_its_rows(self) -> None:
        done(PAIR)
        _batch, report = apply(PAIR.replace("851", "787"))

        assert counts(report) == (0, 2, 0, [])
        assert Journey.objects.get(municipality__code="787").visits.count() == 2
        assert counts(apply(PAIR.replace("851", "787"))[1]) == (0, 0, 2, [])

    def test_a_new_step_joins_its_journey(self) -> None:
        done(PAIR)
        _batch, report = apply(PAIR + "J-1,aalborg,mitid,,,3,2024-03-05 11:00,,,\n")

        assert counts(report) == (1, 0, 2, [])
        assert list(Visit.objects.values_list("service__key", "position")) == [("siri-residence", 0), ("cpr-registration", 1), ("mitid", 2)]
        assert Journey.objects.get().people == 3

    def test_a_hundred_rows_take_as_many_questions_as_one(self, django_assert_max_num_queries: Any) -> None:
        text = "reference,house,service\n" + "".join(f"J-{number},aalborg,mitid\n" for number in range(100))
        actor = operator()

        with django_assert_max_num_queries(6):  # houses, services, municipalities, participations, journeys, steps
            preview_import(actor=actor, kind=VISITS, stream=io.BytesIO(text.encode()))

    def test_codes_and_numbers_may_be_written_as_programs_write_a_column_with_gaps(self) -> None:
        done('reference,house,service,municipality,people\nJ-1,aalborg,mitid,851.0,"2,0"\n')
        visit = Visit.objects.select_related("journey__municipality").get()
        assert (visit.people, visit.journey.municipality and visit.journey.municipality.code) == (2, "851")


class TestOrganisations:
    def test_an_authority_writes_its_own_steps(self) -> None:
        own = "".join(PAIR.splitlines(keepends=True)[:2])
        batch, report = apply(own, system(factories.organisation("siri")))

        assert counts(report) == (1, 0, 0, [])
        assert batch is not None
        assert batch.organisation == factories.organisation("siri")

    def test_and_no_other_authoritys(self) -> None:
        expected = [(3, "service", "SIRI does not do this service.")]
        assert refused(PAIR, system(factories.organisation("siri"))) == expected

    def test_others_do_not(self) -> None:
        region = Region.objects.get()
        stranger = Organisation.objects.create(region=region, key="ucn", kind="school", title_da="UCN")
        expected = [(row, "house", "UCN does not work in this house.") for row in (2, 3)]
        assert refused(PAIR, system(stranger)) == expected

        done(PAIR)
        assert refused(PAIR, system(stranger)) == expected

    def test_an_operator_writes_for_its_own_region_only(self) -> None:
        elsewhere = Region.objects.create(key="midtjylland", title_da="Midtjylland")
        operator = Organisation.objects.create(region=elsewhere, key="oss", kind="house", title_da="One Stop Shop", is_operator=True)

        assert [column for _row, column, _message in refused(PAIR, system(operator))] == ["house", "house"]

    def test_without_an_organisation_the_program_writes_for_all(self) -> None:
        assert counts(apply(PAIR, system())[1]) == (2, 0, 0, [])

    def test_an_export_holds_the_houses_of_the_actors_region(self) -> None:
        done(PAIR)
        elsewhere = Region.objects.create(key="midtjylland", title_da="Midtjylland")
        other = Organisation.objects.create(region=elsewhere, key="oss", kind="house", title_da="One Stop Shop", is_operator=True)
        stream = io.BytesIO()

        assert export_table(actor=staff(factories.member("leader", other)), kind=VISITS, form="csv", stream=stream) == 0
        assert export_table(actor=staff(factories.member("leader", "ihnd")), kind=VISITS, form="csv", stream=stream) == 2


class TestLiveJourneys:
    def test_they_are_exported_and_say_unchanged_when_they_come_back(self, house: House) -> None:
        booking = factories.book(house, adults=2)
        Visit.objects.filter(journey=booking.journey).update(arrived_at=local(9) + dt.timedelta(microseconds=123_456))
        first = Visit.objects.filter(journey=booking.journey).first()
        assert first is not None
        Visit.objects.filter(pk=first.pk).update(status="no-show")
        done(PAIR)
        number = Visit.objects.count()

        for form in ("csv", "xlsx"):
            batch, report = apply_import(actor=operator(), kind=VISITS, stream=io.BytesIO(exported(form)), name=f"out.{form}")
            assert batch is None
            assert counts(report) == (0, 0, number, [])

    def test_a_table_does_not_change_them(self, house: House) -> None:
        booking = factories.book(house)
        reference, service = booking.journey.reference, booking.journey.visits.all()[0].service.key
        text = f"reference,service,outcome\n{reference},{service},done\n{reference},pd-u2,\n"

        assert refused(text.replace("pd-u2", "unknown"))[1] == (3, "service", "The region has no service with this key.")
        message = "The journey was registered here and is changed here, not by a table."
        assert refused(text.partition(f"{reference},pd-u2")[0]) == [(2, "reference", message)]


class TestUndo:
    def test_an_import_is_taken_back_with_its_journeys(self) -> None:
        batch = done(PAIR + "J-2,aalborg,mitid,,,,,,,\n")
        undone = undo_batch(actor=operator(), batch=batch)

        assert (undone.removed, undone.restored, undone.kept) == (3, 0, [])
        assert (Journey.objects.count(), Visit.objects.count()) == (0, 0)

    def test_an_update_is_restored(self) -> None:
        done(PAIR)
        before = exported()
        batch = done(PAIR.replace("851", "787").replace("documents-missing", "refused").replace("DEU", "POL"))
        assert exported() != before
        undone = undo_batch(actor=operator(), batch=batch)

        assert (undone.removed, undone.restored, undone.kept) == (0, 2, [])
        assert exported() == before

    def test_an_unknown_municipality_that_a_later_row_made_known_is_no_change_of_people(self) -> None:
        batch = done("reference,house,service,municipality\nJ-1,aalborg,mitid,\nJ-1,aalborg,tax-card,851\n")

        assert undo_batch(actor=operator(), batch=batch).kept == []

    def test_what_people_did_since_is_kept_and_named(self) -> None:
        batch = done(PAIR + "J-2,aalborg,mitid,,,,2024-03-05 9:00,,,\n")
        noted = Visit.objects.get(service__key="siri-residence")
        Note.objects.create(visit=noted, organisation=factories.organisation("siri"), text="Kommer igen torsdag.")
        Visit.objects.filter(service__key="mitid").update(status="done", outcome="done", ended_at=local(9, 30))
        undone = undo_batch(actor=operator(), batch=batch)

        assert undone.kept == [
            Problem(2, "reference", "J-1", "Somebody has worked on this step since the import."),
            Problem(4, "ended", "2024-03-05T08:30:00+00:00", "Changed since the import, where it was “”."),
            Problem(4, "outcome", "done", "Changed since the import, where it was “”."),
        ]
        assert undone.removed == 1
        assert set(Visit.objects.values_list("service__key", flat=True)) == {"siri-residence", "mitid"}


SERVICE_KEYS = [key for key, *_rest in factories.SERVICES]
TIMES = st.lists(st.datetimes(dt.datetime(2023, 1, 1), dt.datetime(2024, 12, 31), timezones=st.just(dt.UTC)), min_size=0, max_size=3)  # noqa: DTZ001


@st.composite
def tables(draw: st.DrawFn) -> str:
    """Any table that can be true."""
    lines = []
    for number in range(draw(st.integers(1, 4))):
        municipality, citizenship = draw(st.sampled_from(["", "851", "787"])), draw(st.sampled_from(["", "DEU", "IND"]))
        for service in draw(st.lists(st.sampled_from(SERVICE_KEYS), min_size=1, max_size=4, unique=True)):
            times = [moment.isoformat() for moment in sorted(draw(TIMES))]
            arrived, started, ended = (*times, "", "", "")[:3]
            if started and not ended:
                started = ""  # two steps at a desk at once cannot be true
            words = ["", "done", "documents-missing", "refused"] if ended else ["", "no-show", "cancelled"]
            outcome = draw(st.sampled_from(words))
            cells = [
                f"R{number}",
                "aalborg",
                service,
                municipality,
                citizenship,
                str(draw(st.integers(1, 9))),
                arrived,
                started,
                ended,
                outcome,
            ]
            lines.append(",".join(cells))
    return HEADER + "\n".join(draw(st.permutations(lines))) + "\n"


@examples(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=tables(), form=st.sampled_from(["csv", "xlsx"]))
def test_whatever_is_imported_is_exported_and_imported_unchanged_and_undone_to_nothing(text: str, form: str) -> None:
    batch = done(text)
    number = text.count("\n") - 1
    table = exported(form)
    assert Visit.objects.count() == number

    again, report = apply_import(actor=operator(), kind=VISITS, stream=io.BytesIO(table), name=f"visits.{form}")
    assert again is None
    assert counts(report) == (0, 0, number, [])
    assert counts(apply(text)[1]) == (0, 0, number, [])

    undone = undo_batch(actor=operator(), batch=batch)
    assert (undone.removed, undone.kept) == (number, [])
    assert not Journey.objects.exists()
