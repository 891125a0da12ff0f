"""Screening visits: planned, filled in by two at once, held, and what others are told of them."""

from __future__ import annotations

import datetime as dt

import pytest

from indgang.foundation.access.actors import Actor, NotAllowed
from indgang.foundation.identity.models import Role
from indgang.foundation.journal.models import Entry
from indgang.foundation.mail.models import Letter
from indgang.foundation.places.models import Municipality, Region
from indgang.operations.guidance.actions import screenings as actions
from indgang.operations.guidance.actions.screening_answers import save_topic
from indgang.operations.guidance.actions.screening_requests import confirm_request, request_visit
from indgang.operations.guidance.errors import InvalidRequest, NotNow
from indgang.operations.guidance.models import Playbook, Screening, ScreeningState
from indgang.operations.guidance.queries.results import result_of, scores_of
from indgang.operations.guidance.queries.screenings import earlier_results, screenings_visible_to
from indgang.operations.guidance.screening_facts import VisitFacts
from indgang.operations.guidance.screening_retention import forget_requests, forget_words, unconfirmed_requests, visits_to_forget
from indgang.operations.guidance.tests import factories, screening_day
from indgang.operations.guidance.tests.screening_day import ENVIRONMENT, HUB, OFFICE, OTHER_OFFICE, TODAY, asked, held, planned, wanted
from indgang.registers.parties.models import Company, Tie

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(region: Region) -> Actor:
    """A consultant of Aalborg's business office."""
    screening_day.municipal(region)
    return screening_day.consultant(OFFICE)


def ties() -> list[tuple[object, ...]]:
    return list(Tie.objects.values_list("organisation__key", "kind", "started", "ended", "confidential"))


def test_a_visit_is_planned_held_and_taken_back_and_its_tie_follows(office: Actor, company: Company) -> None:
    visit = planned(office, company, contact_email="mette@pumper.example")
    assert ties() == [(OFFICE, "screening", TODAY, None, False)]
    assert visit.playbook == Playbook.objects.get() and visit.municipality == company.municipality
    assert [letter.subject for letter in Letter.objects.all()] == ["Jeres screeningsbesøg er 24. november 2026"]
    assert actions.hold_visit(actor=office, screening=visit).state == ScreeningState.HELD
    assert actions.hold_visit(actor=office, screening=visit).state == ScreeningState.HELD
    assert ties() == [(OFFICE, "screening", TODAY, TODAY, False)]
    actions.undo_hold(actor=office, screening=visit)
    actions.cancel_visit(actor=office, screening=visit)
    assert ties() == []
    assert actions.undo_cancel(actor=office, screening=visit).state == ScreeningState.PLANNED
    assert ties() == [(OFFICE, "screening", TODAY, None, False)]
    verbs = [entry.verb for entry in Entry.objects.filter(subject_type="guidance.screening").order_by("id")]
    assert verbs == [f"screening.{verb}" for verb in ("planned", "held", "hold-undone", "cancelled", "cancel-undone")]


def test_the_same_form_twice_is_one_visit(office: Actor, company: Company) -> None:
    assert planned(office, company).pk == planned(office, company).pk


def test_a_visit_that_is_still_to_come_is_not_held(office: Actor, company: Company) -> None:
    with pytest.raises(NotNow):
        actions.hold_visit(actor=office, screening=planned(office, company, TODAY + dt.timedelta(days=1)))


@pytest.mark.parametrize("facts", [{"date": dt.date(2036, 1, 1)}, {"date": TODAY, "contact_email": "nobody"}])
def test_a_plan_that_cannot_be_is_refused_by_field(office: Actor, company: Company, facts: dict[str, object]) -> None:
    with pytest.raises(InvalidRequest) as refusal:
        actions.plan_visit(actor=office, company=company, facts=VisitFacts(**facts))  # type: ignore[arg-type]
    assert set(refusal.value.fields) == {"contact_email"} if "contact_email" in facts else {"date"}
    assert not Screening.objects.exists()


@pytest.mark.parametrize(
    ("of", "role"), [(HUB, Role.CONSULTANT), (OFFICE, Role.READER), (OFFICE, Role.CLERK), (OFFICE, Role.EARLY_WARNING)]
)
def test_only_those_who_serve_companies_in_a_municipality_plan_visits(office: Actor, company: Company, of: str, role: str) -> None:
    with pytest.raises(NotAllowed):
        planned(factories.actor(role, of=of), company)


def test_who_sees_a_visit(office: Actor, company: Company) -> None:
    visit = planned(office, company, environment="Jens Vang", hub="Anne Lund")
    actors = {"leader": factories.actor(Role.LEADER, of=OFFICE), "reader": factories.actor(Role.READER, of=OFFICE)}
    actors |= {key: screening_day.consultant(key) for key in (ENVIRONMENT, HUB, OTHER_OFFICE)}
    actors["clerk"] = factories.actor(Role.CLERK, of=OFFICE)
    assert [name for name, actor in actors.items() if visit in screenings_visible_to(actor)] == ["leader", "reader", ENVIRONMENT]
    environment = actors[ENVIRONMENT]
    saved = save_topic(actor=environment, screening=visit, topic="co2", shown={}, mine={("co2-account", "score"): "2"})
    assert saved.standing["co2-account", "score"] == "2"
    for key in (HUB, OTHER_OFFICE, "reader"):
        with pytest.raises(NotAllowed):
            save_topic(actor=actors[key], screening=visit, topic="co2", shown={}, mine={})


# --- Filling in


def test_scores_are_of_what_was_answered_and_what_was_not_is_unknown(office: Actor, company: Company) -> None:
    visit = held(office, company, co2_account="3", co2_target="0", co2_asked="x", reuse_sorted="4")
    scores = scores_of(visit)
    assert (float(scores["co2"].value or -1), scores["co2"].answered, scores["co2"].asked) == (1.5, 2, 3)
    assert scores["reuse"].value == 4
    assert [key for key, score in scores.items() if score.value is None] == [
        "resources", "materials", "matchmaking", "eco-design", "certification", "value-chain", "greenwashing"
    ]  # fmt: skip


def test_two_who_fill_in_different_questions_disturb_nobody(office: Actor, company: Company) -> None:
    visit = planned(office, company)
    shown = {("co2-account", "score"): "", ("co2-target", "score"): ""}
    save_topic(actor=office, screening=visit, topic="co2", shown=shown, mine={**shown, ("co2-account", "score"): "1"})
    saved = save_topic(actor=office, screening=visit, topic="co2", shown=shown, mine={**shown, ("co2-target", "score"): "2"})
    assert not saved.conflicts
    assert (saved.standing["co2-account", "score"], saved.standing["co2-target", "score"]) == ("1", "2")


def test_two_who_answer_the_same_differently_are_asked(office: Actor, company: Company) -> None:
    visit = planned(office, company)
    key = ("co2-account", "score")
    save_topic(actor=office, screening=visit, topic="co2", shown={key: ""}, mine={key: "1"})
    saved = save_topic(actor=office, screening=visit, topic="co2", shown={key: ""}, mine={key: "3", ("", "note"): "Kept"})
    assert saved.conflicts == {key: ("3", "1")}
    assert (saved.standing[key], saved.standing["", "note"]) == ("1", "Kept")
    decided = save_topic(actor=office, screening=visit, topic="co2", shown={key: "1"}, mine={key: "3"})
    assert (decided.conflicts, decided.standing[key]) == ({}, "3")


def test_what_belongs_to_no_question_is_left_aside_and_no_score_is_refused(office: Actor, company: Company) -> None:
    visit = planned(office, company)
    saved = save_topic(actor=office, screening=visit, topic="co2", shown={}, mine={("resources-saved", "score"): "1", ("", "score"): "1"})
    assert saved.standing == {}
    for score in ("5", "-1", "٣", "1.5"):
        with pytest.raises(InvalidRequest):
            save_topic(actor=office, screening=visit, topic="co2", shown={}, mine={("co2-account", "score"): score})


def test_saving_as_it_goes_writes_one_entry_per_topic(office: Actor, company: Company) -> None:
    visit = planned(office, company)
    for score in "0123":
        screening_day.answered(office, visit, reuse_sorted="0")
        save_topic(
            actor=office, screening=visit, topic="co2", shown={}, mine={("co2-target", "note"): score, ("co2-account", "score"): score}
        )
    filled = Entry.objects.filter(verb="screening.filled-in").values_list("after__topic", flat=True)
    assert sorted(filled) == ["co2", "reuse"]


def test_a_visit_keeps_the_version_it_began_with(office: Actor, company: Company) -> None:
    visit = screening_day.answered(office, planned(office, company), co2_account="2")
    first = Playbook.objects.get()
    second = Playbook.objects.create(region=first.region, version=2, valid_from=dt.date(2026, 1, 1), content=first.content)
    facts = VisitFacts(date=TODAY, place="Lager")
    assert actions.plan_requested(actor=office, screening=visit, company=company, facts=facts).playbook == first
    assert planned(office, company, TODAY + dt.timedelta(days=3)).playbook == second


def test_a_visit_is_compared_with_an_earlier_one_at_the_same_company(office: Actor, company: Company) -> None:
    other = factories.company("10000017", "Vestas Vandpumper A/S")
    Company.objects.filter(pk=other.pk).update(same_as=company)
    before = held(office, other, dt.date(2025, 5, 6), co2_account="1")
    visit = held(office, company, TODAY, co2_account="3")
    assert earlier_results(office, visit) == [before]
    assert earlier_results(screening_day.consultant(OTHER_OFFICE), visit) == []
    topic = next(one for one in result_of(visit, before).topics if one.topic.key == "co2")
    assert (topic.before and topic.before.value, topic.score.value) == (1, 3)


def test_a_summary_that_a_colleague_changed_is_not_overwritten(office: Actor, company: Company) -> None:
    visit = held(office, company, co2_account="3")
    actions.write_summary(actor=office, screening=visit, text="First", seen="")
    with pytest.raises(NotNow):
        actions.write_summary(actor=office, screening=visit, text="Second", seen="")
    assert actions.write_summary(actor=office, screening=visit, text="Second", seen="First").summary == "Second"


# --- Asked for by a company


def test_a_request_reaches_the_office_of_its_municipality_once_it_is_confirmed(office: Actor) -> None:
    visit = request_visit(asked=wanted(), consent=True)
    assert visit.organisation.key == OFFICE
    assert not screenings_visible_to(office).exists()
    letter = Letter.objects.get()
    assert (letter.to, letter.language) == ("mette@pumper.example", "da")
    assert "/screening/asked/" in letter.text
    confirm_request(screening=visit)
    confirm_request(screening=visit)
    assert list(screenings_visible_to(office)) == [visit]
    assert not screenings_visible_to(screening_day.consultant(OTHER_OFFICE)).exists()
    assert Entry.objects.filter(verb="screening.confirmed").count() == 1


def test_a_request_with_a_known_cvr_number_has_its_company(office: Actor, company: Company) -> None:
    assert asked(cvr=f"DK {company.cvr}").company == company
    assert asked(cvr="10000017", company_name="Nobody ApS", email="b@pumper.example").company is None


def test_a_municipality_without_an_office_is_the_operators(office: Actor) -> None:
    assert asked(municipality=Municipality.objects.get(code="825")).organisation.is_operator


def test_a_second_click_writes_no_second_letter_and_no_second_request(office: Actor) -> None:
    first, second = request_visit(asked=wanted(), consent=True), request_visit(asked=wanted(), consent=True)
    assert (first.pk, Letter.objects.count()) == (second.pk, 1)


def test_nobodys_mailbox_is_filled(office: Actor) -> None:
    for number in range(3):
        request_visit(asked=wanted(company_name=f"Company {number}"), consent=True)
    with pytest.raises(NotNow):
        request_visit(asked=wanted(company_name="Company 4"), consent=True)
    assert (Screening.objects.count(), Letter.objects.count()) == (3, 3)


WRONG: dict[str, dict[str, object]] = {
    "company_name": {"company_name": " "},
    "cvr": {"cvr": "12345678"},
    "municipality": {"municipality": None},
    "email": {"email": "a@b"},
    "name": {"name": ""},
    "phone": {"phone": "call me"},
    "wish": {"wish": "x" * 2001},
}


@pytest.mark.parametrize("field", WRONG)
def test_a_request_is_refused_by_field(office: Actor, field: str) -> None:
    with pytest.raises(InvalidRequest) as refusal:
        request_visit(asked=wanted(**WRONG[field]), consent=True)
    assert set(refusal.value.fields) == {field}
    assert not Screening.objects.exists()


def test_without_consent_nothing_is_kept(office: Actor) -> None:
    with pytest.raises(InvalidRequest):
        request_visit(asked=wanted(), consent=False)
    assert not Screening.objects.exists()


def test_what_a_company_asked_for_is_planned_at_the_company_it_is(office: Actor, company: Company) -> None:
    visit = actions.plan_requested(actor=office, screening=asked(), company=company, facts=VisitFacts(date=TODAY))
    assert (visit.state, visit.company, visit.consultant) == (ScreeningState.PLANNED, company, office.user)


# --- Forgotten


def test_what_nobody_confirmed_is_forgotten_after_a_week_and_words_after_five_years(office: Actor, company: Company) -> None:
    request_visit(asked=wanted(), consent=True)
    Screening.objects.update(created_at=dt.datetime(2026, 11, 16, tzinfo=dt.UTC))
    forget_requests(unconfirmed_requests())
    assert not Screening.objects.exists()
    visit = held(office, company, co2_account="3")
    save_topic(actor=office, screening=visit, topic="co2", shown={}, mine={("", "note"): "Talked to Mette"})
    Screening.objects.update(date=dt.date(2021, 1, 1), contact_name="Mette")
    forget_words(visits_to_forget())
    assert not visits_to_forget().exists()
    visit.refresh_from_db()
    assert (visit.contact_name, visit.consultant, scores_of(visit)["co2"].value) == ("", None, 3)
    assert not visit.answers.exclude(note="").exists()
