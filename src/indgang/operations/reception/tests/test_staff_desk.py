"""The desk: call, start, finish, hand over, undo; stale pages; and twenty clerks who press "next" at once."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.conf import LazySettings
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from indgang.foundation.access.actors import staff
from indgang.foundation.identity.models import Role, User
from indgang.foundation.journal.models import Entry
from indgang.foundation.mail.models import Letter
from indgang.foundation.places.models import House
from indgang.operations.reception.actions import floor
from indgang.operations.reception.actions.desk import call_next
from indgang.operations.reception.models import Desk, Journey, Note, RuleSet, Visit
from indgang.operations.reception.models.journey import Outcome, Status
from indgang.operations.reception.queries.arrivals import arrival
from indgang.operations.reception.queries.documents import Documents
from indgang.operations.reception.tests import factories
from indgang.operations.reception.tests.staff_day import at, clerk, logged_in, party, said

pytestmark = pytest.mark.django_db
SIRI, TAX = "/desks/aalborg/siri-1/", "/desks/aalborg/tax-1/"


@pytest.fixture
def house(settings: LazySettings) -> House:
    at(settings, 8, 30)
    return factories.small_house()


def here(house: House, name: str, **wish: object) -> Journey:
    """A party that is checked in."""
    journey = party(house, name=name, **wish)
    floor.check_in_journey(actor=staff(User.objects.filter(memberships__role=Role.FLOORWALKER).first() or walker()), journey=journey)
    return journey


def walker() -> User:
    return factories.member(Role.FLOORWALKER, "ihnd")


def step(journey: Journey, service: str = "siri-residence") -> Visit:
    return journey.visits.get(service__key=service)


def test_one_desk_opens_at_once_and_the_last_one_is_remembered(house: House) -> None:
    tax, siri = clerk("skattestyrelsen"), clerk("siri")
    assert tax.get("/desks/").url == TAX
    assert [choice.desk.key for choice in siri.get("/desks/").context["choices"]] == ["siri-1", "siri-2"]
    siri.get("/desks/aalborg/siri-2/")
    assert siri.get("/desks/").url == "/desks/aalborg/siri-2/"
    assert siri.get("/desks/?choose=1").status_code == 200


def test_call_start_finish_with_a_way_back_at_every_turn(house: House) -> None:
    journey = here(house, "Ana Silva", adults=2)
    siri = clerk()
    page = siri.post(f"{SIRI}next/", follow=True)
    number = step(journey).pk
    assert (page.context["name"], page.context["step"].visit.status) == ("Ana Silva", Status.CALLED)
    assert said(page) == ["Called: Ana Silva, 2 people."]
    assert f'action="{SIRI}put-back/{number}/?undo=1"' in page.content.decode()
    page = siri.post(f"{SIRI}start/{number}/", follow=True)
    assert page.context["bring"] == ["Passport or identity card", "Employment contract"]
    page = siri.post(f"{SIRI}finish/{number}/", {"outcome": "done", "note": "All in order"}, follow=True)
    assert page.redirect_chain == [(f"{SIRI}?after={number}", 302)]
    assert said(page) == ["Ana Silva, 2 people: EU residence document has ended. Outcome: Done."]
    assert page.context["following"].title == "Register your address (CPR)"
    assert Note.objects.get().text == "All in order"
    page = siri.post(f"{SIRI}undo-finish/{number}/", follow=True)
    assert (page.context["name"], step(journey).status, step(journey).outcome) == ("Ana Silva", Status.SERVING, "")
    page = siri.post(f"{SIRI}put-back/{number}/", follow=True)
    assert said(page) == ["Back in line: Ana Silva, 2 people."]
    assert [place.name for place in page.context["line"]] == ["Ana Silva"]


def test_a_double_click_on_next_keeps_the_person_who_was_called(house: House) -> None:
    here(house, "Ana Silva")
    here(house, "Bo Chen")
    siri = clerk()
    first = siri.post(f"{SIRI}next/", follow=True).context["name"]
    assert siri.post(f"{SIRI}next/", follow=True).context["name"] == first
    assert Entry.objects.filter(verb="visit.called").count() == 1


def test_nobody_waiting_is_said_kindly(house: House) -> None:
    page = clerk().post(f"{SIRI}next/", follow=True)
    assert said(page) == ["Nobody waits for this desk now."]


def test_missing_documents_are_named_from_the_list_or_in_words(house: House) -> None:
    journey = here(house, "Ana Silva")
    siri = clerk()
    siri.post(f"{SIRI}next/")
    finish = f"{SIRI}finish/{step(journey).pk}/"
    page = siri.post(finish, {"outcome": "documents-missing"})
    assert page.context["form"].errors == {"missing": ["Say which documents are missing, so that the party can bring them."]}
    assert page.context["form"].fields["missing"].choices == [
        ("passport", "Passport or identity card"),
        ("contract", "Employment contract"),
    ]
    assert page.context["form"].fields["other"].label == "Something else"
    assert step(journey).status == Status.CALLED
    siri.post(finish, {"outcome": "documents-missing", "missing": ["contract"], "other": "Photo, pas eller ID-kort, marriage certificate"})
    assert (step(journey).outcome, step(journey).missing, step(journey).missing_other) == (
        Outcome.DOCUMENTS_MISSING,
        ["contract", "passport"],
        ["Photo", "marriage certificate"],
    )
    assert Letter.objects.filter(to=journey.contact.email).count() == 2


def test_everyone_reads_missing_documents_in_their_own_language(house: House) -> None:
    """The party writes English with us, the clerk works in Danish, a colleague in English."""
    journey = here(house, "Ana Silva", language="en")
    danish, siri = {"accept-language": "da"}, clerk()
    siri.post(f"{SIRI}next/", headers=danish)
    siri.post(f"{SIRI}start/{step(journey).pk}/", headers=danish)
    page = siri.get(SIRI, headers=danish)
    listed = [("passport", "Pas eller id-kort"), ("contract", "Ansættelseskontrakt")]
    assert page.context["form"].fields["missing"].choices == listed
    siri.post(f"{SIRI}finish/{step(journey).pk}/", {"outcome": "documents-missing", "missing": ["contract"]}, headers=danish)

    letter = Letter.objects.filter(key__startswith="documents:").get()
    assert (letter.language, "- Employment contract" in letter.text) == ("en", True)
    told = {}
    for language in ("da", "en"):
        headers = {"accept-language": language}
        board = logged_in(walker()).get("/board/aalborg/", headers=headers).context["board"]
        with translation.override(language):
            own = arrival(journey.reference)
            assert own is not None
            told[language] = [
                [line.missing for line in [*board.here, *board.done]],
                [line.missing for line in siri.get(f"/journeys/{journey.reference}/", headers=headers).context["steps"] if line.missing],
                [list(other.missing) for other in own.incomplete],
                [entry["text"] for entry in _timeline(siri, journey, language) if entry["text"]],
            ]
    danish_words, english_words = ["Ansættelseskontrakt"], ["Employment contract"]
    assert told == {
        "da": [[danish_words], [danish_words], [danish_words], ["Mangler: Ansættelseskontrakt."]],
        "en": [[english_words], [english_words], [english_words], ["Missing: Employment contract."]],
    }


def _timeline(client: Client, journey: Journey, language: str) -> list[dict[str, str]]:
    """What happened, on the contact's card."""
    card = client.get(reverse("workspace:person", args=[journey.contact_id]), headers={"accept-language": language})
    entries: list[dict[str, str]] = card.context["entries"]
    return entries


def test_a_paper_that_the_rules_no_longer_name_keeps_its_title(house: House) -> None:
    old, new = RuleSet.objects.get(), RuleSet(region=house.region, valid_from=dt.date(2024, 1, 1))
    new.content = {**old.content, "documents": {"contract": {"da": "Kontrakt", "en": "Contract"}}}
    new.save()
    documents = Documents(house.region_id)
    assert documents.named(["contract", "address", "long-gone"], "en") == ["Contract", "Proof of your address", "long gone"]
    assert documents.told_apart(["KONTRAKT", "address", "Contract", "Photo", "Photo"]) == (["contract", "address"], ["Photo"])


def test_a_refusal_needs_its_reason_and_keeps_what_was_written(house: House) -> None:
    journey = here(house, "Ana Silva")
    siri = clerk()
    siri.post(f"{SIRI}next/")
    siri.post(f"{SIRI}start/{step(journey).pk}/")
    finish = f"{SIRI}finish/{step(journey).pk}/"
    page = siri.post(finish, {"outcome": "refused", "reason": " "})
    assert page.context["form"].errors == {"reason": ["Write why it was refused. Only your authority and the floorwalker can read it."]}
    assert "<title>Error:" in page.content.decode()
    siri.post(finish, {"outcome": "refused", "reason": "The passport is false"})
    assert (step(journey).outcome, Note.objects.get().refusal) == (Outcome.REFUSED, True)


def test_hand_over_brings_the_next_step_forward(house: House, settings: LazySettings) -> None:
    journey = here(house, "Ana Silva")
    siri = clerk()
    at(settings, 8, 58)
    siri.post(f"{SIRI}next/")
    number = step(journey).pk
    siri.post(f"{SIRI}finish/{number}/", {"outcome": "done"})
    before = step(journey, "cpr-registration").appointment.starts
    page = siri.post(f"{SIRI}hand-over/{number}/", follow=True)
    after = step(journey, "cpr-registration").appointment.starts
    assert (before.astimezone(house.zone).time(), after.astimezone(house.zone).time()) == (dt.time(9, 20), dt.time(9, 0))
    assert said(page)[-1] == "Handed over: Ana Silva goes to Desk 3, Register your address (CPR) at 9.00."
    page = siri.post(f"{SIRI}hand-over/{number}/", follow=True)
    assert said(page)[-1] == "Ana Silva: no earlier time is free for Register your address (CPR). It stays at 9.00."


def test_the_last_step_sends_them_home(house: House, settings: LazySettings) -> None:
    journey = here(house, "Ana Silva")
    journey.visits.exclude(service__key="siri-residence").delete()
    siri = clerk()
    siri.post(f"{SIRI}next/")
    page = siri.post(f"{SIRI}finish/{step(journey).pk}/", {"outcome": "done"}, follow=True)
    assert page.context["following"] is None
    assert "They can go home." in page.content.decode()


def test_a_stale_page_is_told_what_happened(house: House) -> None:
    journey, other = here(house, "Ana Silva"), here(house, "Bo Chen")
    siri, colleague = clerk(), clerk()
    siri.post(f"{SIRI}next/")
    number = step(journey).pk
    colleague.post(f"{SIRI}finish/{number}/", {"outcome": "done"})
    page = siri.post(f"{SIRI}finish/{number}/", {"outcome": "refused", "reason": "No"}, follow=True)
    assert said(page)[-1] == (
        "This step is not at your desk now, so nothing was done. "
        "This desk was changed by Mette Holm at 8.30. “EU residence document” has ended for Ana Silva."
    )
    assert step(journey).outcome == Outcome.DONE
    colleague.post(f"/desks/aalborg/siri-2/call/{step(other).pk}/")
    page = siri.post(f"{SIRI}call/{step(other).pk}/", follow=True)
    assert said(page)[-1] == "Number 2 has just been called to Desk 2 by Mette Holm."
    assert step(other).desk.key == "siri-2"
    poll = siri.get(SIRI, {"at": f"{number}.serving"}, headers={"HX-Request": "true"})
    assert poll.context["changed"] and "This desk was changed by Mette Holm at 8.30." in poll.content.decode()


@pytest.mark.parametrize("press", ["start", "call-again", "finish"])
def test_a_press_for_a_party_that_was_sent_on_tells_where_it_went(house: House, press: str) -> None:
    journey, siri = here(house, "Ana Silva"), clerk()
    journey.visits.exclude(service__key="siri-residence").delete()
    siri.post(f"{SIRI}next/")
    called = step(journey)
    sent_by = logged_in(factories.member(Role.FLOORWALKER, "ihnd", name="Ida Friis"))
    sent_by.post(f"/line/{called.pk}/send-on/?back=board", {"service": "tax-card"})
    page = siri.post(f"{SIRI}{press}/{called.pk}/?back=desk", {"outcome": "done"}, follow=True)
    where = "This desk was changed by Ida Friis at 8.30. Ana Silva was sent on to “Tax card”."
    assert said(page)[-1].partition(". ")[2] == where


def test_a_desk_serves_one_party_at_a_time(house: House) -> None:
    here(house, "Ana Silva")
    other = here(house, "Bo Chen")
    siri = clerk()
    siri.post(f"{SIRI}next/")
    page = siri.post(f"{SIRI}call/{step(other).pk}/", follow=True)
    assert said(page)[-1] == "Finish with the person at your desk first."


def test_the_line_renews_itself_only_when_something_changed(house: House) -> None:
    here(house, "Ana Silva")
    siri = clerk()
    headers = {"HX-Request": "true"}
    first = siri.get(SIRI, headers=headers)
    assert {template.name for template in first.templates} >= {"reception/staff/desk_line.html", "reception/staff/desk_row.html"}
    assert "reception/staff/desk.html" not in {template.name for template in first.templates}
    headers["If-None-Match"] = first["ETag"]
    assert siri.get(SIRI, headers=headers).status_code == 304
    here(house, "Bo Chen")
    assert [place.name for place in siri.get(SIRI, headers=headers).context["line"]] == ["Ana Silva", "Bo Chen"]


def test_notes_stay_with_their_authority_and_the_floorwalker(house: House) -> None:
    journey = here(house, "Ana Silva")
    siri, tax = clerk(), clerk("skattestyrelsen")
    siri.post(f"{SIRI}next/")
    siri.post(f"{SIRI}finish/{step(journey).pk}/", {"outcome": "done", "note": "Married in Lisbon"})
    address = reverse("reception:journey", args=[journey.reference])
    seen = [("Married in Lisbon" in client.get(address).content.decode()) for client in (siri, tax, logged_in(walker()))]
    assert seen == [True, False, True]


def test_only_clerks_of_the_desk_find_it(house: House) -> None:
    journey = here(house, "Ana Silva")
    call_next(actor=staff(factories.member(Role.CLERK, "siri")), desk=factories.desk("siri-1"))
    number = step(journey).pk
    addresses = [f"{SIRI}{verb}/{number}/" for verb in ("start", "finish", "put-back", "undo-finish", "hand-over", "call")] + [
        f"{SIRI}next/"
    ]
    for client in (clerk("skattestyrelsen"), logged_in(walker()), logged_in(factories.member(Role.LEADER, "siri"))):
        assert client.get(SIRI).status_code == 404
        assert {client.post(address, {"outcome": "done"}).status_code for address in addresses} == {404}
    assert step(journey).status == Status.CALLED


def test_the_number_of_queries_does_not_grow_with_the_line(house: House) -> None:
    here(house, "Ana Silva", adults=2)
    here(house, "Bo Chen")
    siri = clerk()
    siri.post(f"{SIRI}next/")
    for _ in range(2):  # the first time the session remembers the desk, and the process where the clerk sits
        siri.get(SIRI)
        siri.get(SIRI, headers={"HX-Request": "true"})

    def queries(**headers: str) -> int:
        with CaptureQueriesContext(connection) as caught:
            siri.get(SIRI, headers=headers)
        return len(caught)

    one = (queries(), queries(**{"HX-Request": "true"}))
    here(house, "Cy Diaz")
    here(house, "Di Eng", children=1)
    siri.get(SIRI)
    assert (queries(), queries(**{"HX-Request": "true"})) == one


@pytest.mark.django_db(transaction=True)
def test_twenty_clerks_press_next_at_once_and_nobody_gets_the_same_person(house: House) -> None:
    parties = [here(house, f"Party {number}") for number in range(12)]
    siri = factories.organisation("siri")
    desks = [
        Desk.objects.create(house=house, key=f"extra-{n}", organisation=siri, zone="ground-floor", languages=["en"], title_da=f"Ekstra {n}")
        for n in range(20)
    ]
    for desk in desks:
        desk.services.set([factories.service("siri-residence")])
    browsers = [clerk() for _desk in desks]
    gate = Barrier(len(desks))

    def press(browser: Client, desk: Desk) -> int:
        gate.wait()
        try:
            return browser.post(f"/desks/aalborg/{desk.key}/next/").status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(desks)) as pool:
        answers = list(pool.map(press, browsers, desks))
    called = Visit.objects.filter(status=Status.CALLED)
    assert set(answers) == {302}
    assert max(Counter(called.values_list("journey", flat=True)).values()) == 1
    assert max(Counter(called.values_list("desk", flat=True)).values()) == 1
    assert called.count() == len(parties)
