"""The pages of screening visits and of the wheel: what they show to whom, and what a form does."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from indgang.foundation.access.actors import Actor
from indgang.foundation.mail.models import Letter
from indgang.foundation.places.models import Region
from indgang.operations.guidance.actions.screenings import hold_visit
from indgang.operations.guidance.models import Lead, Screening, ScreeningState, WheelFilling, WheelUse
from indgang.operations.guidance.screening_links import request_url
from indgang.operations.guidance.tests import factories, screening_day
from indgang.operations.guidance.tests.screening_day import ENVIRONMENT, HUB, OFFICE, OTHER_OFFICE, TODAY, asked, held, planned
from indgang.registers.parties.models import Company

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(region: Region) -> Actor:
    """A consultant of Aalborg's business office."""
    screening_day.municipal(region)
    return screening_day.consultant(OFFICE)


def browser(actor: Actor) -> Client:
    """A browser of somebody at work."""
    assert actor.user is not None
    client = Client(headers={"accept-language": "en"})
    client.force_login(actor.user)
    return client


def page(client: Client, name: str, *args: object, **query: object) -> str:
    response = client.get(reverse(f"guidance:{name}", args=args), query)
    assert response.status_code == 200, (name, response.status_code)
    return response.content.decode()


def test_the_list_shows_what_is_open_and_filters(office: Actor, company: Company) -> None:
    client = browser(office)
    assert "No visit is like this" in page(client, "screenings")
    planned(office, company)
    asked(company_name="Nordjysk Træ ApS", email="t@trae.example")
    held(office, factories.company("10000017", "Held ApS"), dt.date(2026, 3, 2))
    open_ones, all_of_2026 = page(client, "screenings"), page(client, "screenings", state="all", year=2026)
    assert [name in open_ones for name in (company.name, "Nordjysk Træ ApS", "Held ApS")] == [True, True, False]
    assert [name in all_of_2026 for name in (company.name, "Nordjysk Træ ApS", "Held ApS")] == [True, False, True]
    assert "Held ApS" in page(client, "screenings", state="held", q="held")


def test_the_list_costs_the_same_for_few_and_many(office: Actor) -> None:
    client = browser(office)

    def queries() -> int:
        with CaptureQueriesContext(connection) as done:
            page(client, "screenings", state="all")
        return len(done)

    held(office, factories.company("10000017", "Held ApS"), dt.date(2026, 3, 2))
    queries()
    few = queries()
    for number, cvr in enumerate(("10000025", "10000033", "10000041", "10000068")):
        planned(office, factories.company(cvr, f"Company {number} ApS"))
    assert queries() == few


def test_a_visit_is_planned_from_the_list(office: Actor, company: Company) -> None:
    client = browser(office)
    assert company.name in page(client, "new-screening", q="Vandpumper")
    address = reverse("guidance:new-screening")
    refused = client.post(f"{address}?company={company.pk}", {"company": company.pk, "date": "tomorrow"})
    assert "Write the date like" in refused.content.decode()
    done = client.post(address, {"company": company.pk, "date": "2026-11-24", "time": "9.30", "with_hub": "on", "hub": "Anne Lund"})
    visit = Screening.objects.get()
    assert done.headers["Location"] == reverse("guidance:screening", args=[visit.pk])
    assert (visit.date, visit.time, visit.state) == (TODAY, dt.time(9, 30), ScreeningState.PLANNED)
    text = page(client, "screening", visit.pk)
    assert "The visit is today" in text and "Anne Lund" in text


def test_filling_in_works_without_javascript(office: Actor, company: Company) -> None:
    client, visit = browser(office), planned(office, company)
    first = client.get(reverse("guidance:fill-screening", args=[visit.pk]))
    assert first.headers["Location"] == reverse("guidance:fill-topic", args=[visit.pk, "resources"])
    text = page(client, "fill-topic", visit.pk, "resources")
    shown = [tag for tag in re.findall(r'<section id="topic-[^>]*>', text) if " hidden" not in tag]
    assert [len(shown), text.count("<h1"), text.count("<h2 class")] == [1, 9, 0]  # whichever topic is shown, its heading is the page's
    assert text.count(" hidden>") == 8  # one topic of nine is shown
    said = {
        "score-resources-measured": "2",
        "shown-score-resources-measured": "",
        "note-": "The old oven",
        "shown-note-": "",
        "next": "reuse",
    }
    saved = client.post(reverse("guidance:fill-topic", args=[visit.pk, "resources"]), said)
    assert saved.headers["Location"] == reverse("guidance:fill-topic", args=[visit.pk, "reuse"])
    assert "The old oven" in page(client, "fill-topic", visit.pk, "resources")


def test_a_conflict_is_shown_with_both_answers_and_decided_by_saving_again(office: Actor, company: Company) -> None:
    visit = planned(office, company, environment="")
    screening_day.answered(screening_day.consultant(ENVIRONMENT), visit, co2_account="1")
    client, address = browser(office), reverse("guidance:fill-topic", args=[visit.pk, "co2"])
    clash = client.post(address, {"score-co2-account": "3", "shown-score-co2-account": ""})
    text = clash.content.decode()
    assert clash.status_code == 409
    assert "wrote: 1: Have thought about it" in text
    assert re.search(r'name="shown-score-co2-account" value="1"', text)
    assert re.search(r'name="score-co2-account" value="3" checked', text)
    client.post(address, {"score-co2-account": "3", "shown-score-co2-account": "1"})
    assert visit.answers.get(question="co2-account").score == 3


def test_a_script_is_told_what_stands(office: Actor, company: Company) -> None:
    client, visit = browser(office), planned(office, company)
    address = reverse("guidance:fill-topic", args=[visit.pk, "co2"])

    def send(**said: str) -> tuple[int, dict[str, object]]:
        answer = client.post(address, {key.replace("_", "-"): value for key, value in said.items()}, headers={"accept": "application/json"})
        return answer.status_code, answer.json()

    assert send(score_co2_account="2", shown_score_co2_account="") == (
        200,
        {"standing": {"note-co2-account": "", "score-co2-account": "2"}, "conflicts": {}},
    )
    status, said = send(score_co2_account="4", shown_score_co2_account="")
    assert (status, set(said["conflicts"])) == (200, {"score-co2-account"})  # type: ignore[call-overload]
    assert send(score_co2_account="9")[0] == 422


@pytest.mark.parametrize("of", [HUB, OTHER_OFFICE])
def test_others_find_nothing(office: Actor, company: Company, of: str) -> None:
    client, visit = browser(screening_day.consultant(of)), held(office, company, co2_account="3")
    for name, args in (
        ("screening", ()),
        ("plan-screening", ()),
        ("fill-screening", ()),
        ("fill-topic", ("co2",)),
        ("screening-result", ()),
        ("screening-pdf", ()),
    ):
        assert client.get(reverse(f"guidance:{name}", args=[visit.pk, *args])).status_code == 404, name
    for name in ("hold-screening", "undo-hold-screening", "cancel-screening", "screening-summary", "share-screening", "screening-lead"):
        assert client.post(reverse(f"guidance:{name}", args=[visit.pk])).status_code == 404, name


def test_a_result_is_shared_passed_on_and_closed_again(office: Actor, company: Company) -> None:
    client, hub, visit = browser(office), browser(screening_day.consultant(HUB)), held(office, company, co2_account="3", reuse_sorted="1")
    result, share = reverse("guidance:screening-result", args=[visit.pk]), reverse("guidance:share-screening", args=[visit.pk])
    assert "Strongest: CO2" in client.get(result).content.decode()
    assert "a consent must be shown" in client.post(share, {"organisations": [HUB]}).content.decode()
    client.post(share, {"organisations": [HUB], "how": "Mette Holm, at the visit"})
    seen = hub.get(result).content.decode()
    assert "CO2" in seen and "Mette Holm" not in seen and "Pass something on" not in seen
    assert company.name in page(hub, "screenings")
    assert hub.get(reverse("guidance:screening-pdf", args=[visit.pk])).headers["Content-Type"] == "application/pdf"
    client.post(
        reverse("guidance:screening-lead", args=[visit.pk]), {"text": "CO2 account", "field": "green-circular", "to_organisation": HUB}
    )
    lead = Lead.objects.get()
    assert "CO2 account" in client.get(result).content.decode()
    assert hub.post(reverse("guidance:withdraw-lead", args=[lead.pk])).status_code == 404
    client.post(reverse("guidance:withdraw-screening-consent", args=[visit.pk]))
    assert hub.get(result).status_code == 404
    assert "this is not passed on" in client.get(result).content.decode()


def test_a_company_asks_on_the_public_page_and_confirms_by_its_mail(office: Actor) -> None:
    client, address = Client(headers={"accept-language": "en"}), reverse("guidance:ask-for-screening")
    assert "A green visit to your company" in client.get(address).content.decode()
    assert "Write the name of the company." in client.post(address, {}).content.decode()
    said = {"company_name": "Nordjysk Træ ApS", "municipality": "851", "name": "Mette", "email": "m@trae.example", "consent": "on"}
    assert "Look in your mail" in client.post(address, said).content.decode()
    visit = Screening.objects.get()
    link = request_url(visit)
    assert link in Letter.objects.get().text
    asked_page = reverse("guidance:screening-asked", args=[visit.reference])
    assert client.get(asked_page).status_code == 404
    assert client.get(f"{asked_page}?key=wrong").status_code == 404
    opened = client.get(link.partition("://")[2].partition("/")[2].join(["/", ""]), follow=True).content.decode()
    assert "Yes, we want the visit" in opened
    visit.refresh_from_db()
    assert visit.confirmed_at is None  # looking changes nothing
    assert "has your request" in client.post(asked_page, follow=True).content.decode()
    assert client.post(asked_page).status_code == 302
    assert "Nordjysk Træ ApS" in page(browser(office), "screenings")


def test_coverage_opens_to_the_visits_and_tells_others_the_tie_alone(office: Actor, company: Company) -> None:
    visit = held(office, company, co2_account="3")
    client = browser(screening_day.consultant(OTHER_OFFICE))
    assert "In 2026, 1 of 3 municipalities held visits" in page(client, "screening-coverage")
    rows = page(client, "screening-rows", year=2026, municipality="851")
    assert company.name in rows and OFFICE in rows
    assert reverse("guidance:screening", args=[visit.pk]) not in rows
    assert "1 visit at 1 company, 2026" in rows
    assert "No visit was held there" in page(client, "screening-rows", year=2025)
    assert client.get(reverse("guidance:screening-coverage"), {"year": "x' OR 1"}).status_code == 200


# --- The wheel


def spokes(**said: str) -> dict[str, str]:
    return {**{f"now-{key}": "2" for key in ("resources", "circular", "climate")}, "wanted-climate": "5", **said}


def test_a_finished_wheel_is_counted_once_and_names_nobody(office: Actor) -> None:
    client, address = Client(headers={"accept-language": "en"}), reverse("guidance:wheel")
    key = re.search(r'name="key" value="([^"]+)"', client.get(address).content.decode())
    assert key is not None
    assert client.post(address, {"key": key[1], "now-climate": "3"}).status_code == 422
    assert not WheelUse.objects.exists()
    for _click in range(2):
        done = client.post(address, spokes(key=key[1]))
    assert WheelUse.objects.values_list("on", "wheel__version").get() == (TODAY, 1)
    text = client.get(done.headers["Location"]).content.decode()
    assert "The longest way to go: CO2." in text and "klimakompasset.dk" in text
    assert client.get(done.headers["Location"].replace("/result/", "/result.pdf")).content.startswith(b"%PDF-")
    client.post(address, spokes(key="made up"))
    assert WheelUse.objects.count() == 1


def test_a_wheel_result_takes_any_address(office: Actor) -> None:
    client, address = Client(), reverse("guidance:wheel-result")
    for query in ("", "now-climate=9", "version=x&now-climate=1", "version=99999&now-resources=1&now-circular=2&now-climate=٣"):
        assert client.get(f"{address}?{query}").status_code == 302
    assert client.get(f"{address}?{'&'.join(f'{name}={value}' for name, value in spokes(version='77').items())}").status_code == 200


def test_a_wheel_is_kept_with_a_course_removed_and_brought_back(office: Actor, company: Company) -> None:
    hub = screening_day.consultant(HUB)
    course = factories.course(hub, company)
    client, address = browser(hub), reverse("guidance:course-wheel", args=[course.pk])
    assert client.get(address).status_code == 200
    for _click in range(2):
        client.post(address, spokes(note="Wants a CO2 account"))
    filling = WheelFilling.objects.get()
    assert filling.answers["climate"] == [2, 5]
    assert "Wants a CO2 account" in client.get(address).content.decode()
    client.post(reverse("guidance:remove-wheel", args=[filling.pk]))
    assert "Wants a CO2 account" not in client.get(address).content.decode()
    client.post(reverse("guidance:bring-back-wheel", args=[filling.pk]))
    assert "Wants a CO2 account" in client.get(address).content.decode()
    assert browser(office).get(address).status_code == 404


def test_who_takes_part_passes_on_once_the_office_has_noted_the_consent(office: Actor, company: Company) -> None:
    visit = screening_day.answered(office, planned(office, company, environment=""), co2_account="1")
    hold_visit(actor=office, screening=visit)
    environment, lead = browser(screening_day.consultant(ENVIRONMENT)), reverse("guidance:screening-lead", args=[visit.pk])
    before = page(environment, "screening-result", visit.pk)
    assert f"{OFFICE} notes the company's consent." in before
    assert [address in before for address in (lead, reverse("guidance:share-screening", args=[visit.pk]))] == [False, False]
    said = {"text": "A CO2 account", "field": "green-circular", "to_organisation": HUB, "how": "Mette Holm, at the visit"}
    browser(office).post(lead, said)
    assert [lead in page(environment, "screening-result", visit.pk), Lead.objects.count()] == [True, 1]
