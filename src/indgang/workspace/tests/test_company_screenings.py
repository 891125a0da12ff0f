"""What the page of a company tells of its screening visits: to the municipality the visit, to those the company agreed to the result, to
others that there was one."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from indgang.foundation.access.actors import Actor
from indgang.foundation.places.models import Region
from indgang.operations.guidance.actions.screening_results import share_result
from indgang.operations.guidance.models import Screening
from indgang.operations.guidance.tests import factories, screening_day
from indgang.operations.guidance.tests.conftest import region  # noqa: F401  the fixture of that room
from indgang.operations.guidance.tests.screening_day import HUB, OFFICE, OTHER_OFFICE, held

pytestmark = pytest.mark.django_db


@pytest.fixture
def visit(region: Region) -> Screening:  # noqa: F811
    """A visit that was held in Aalborg."""
    screening_day.municipal(region)
    return held(screening_day.consultant(OFFICE), factories.company(), co2_account="3")


def company_page(actor: Actor, visit: Screening) -> str:
    assert actor.user is not None
    client = Client(headers={"accept-language": "en"})
    client.force_login(actor.user)
    return client.get(reverse("workspace:company", args=[visit.company_id])).content.decode()


def test_the_page_tells_each_reader_what_they_may_see(visit: Screening) -> None:
    own, result = reverse("guidance:screening", args=[visit.pk]), reverse("guidance:screening-result", args=[visit.pk])
    office = screening_day.consultant(OFFICE)
    seen = company_page(office, visit)
    assert own in seen and "Screening visit held." in seen and "Plan a screening visit" in seen
    for key in (HUB, OTHER_OFFICE):
        text = company_page(screening_day.consultant(key), visit)
        assert own not in text and result not in text
        assert "Screening visit" in text  # the tie
    hub = screening_day.consultant(HUB)
    assert hub.organisation is not None
    share_result(actor=office, screening=visit, organisations=[hub.organisation], how="Mette Holm")
    assert result in company_page(hub, visit)
    assert result not in company_page(screening_day.consultant(OTHER_OFFICE), visit)
