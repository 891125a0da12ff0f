"""Who an actor is, and what the building blocks of permissions allow."""

from __future__ import annotations

import pytest
from django.http import Http404, HttpRequest, HttpResponse
from django.test import RequestFactory

from indgang.foundation.access import actors, permissions
from indgang.foundation.access.actors import ANONYMOUS, NotAllowed, citizen, require, staff, system
from indgang.foundation.access.middleware import ActorMiddleware
from indgang.foundation.database import clock
from indgang.foundation.identity.models import Membership, Organisation, Participation
from indgang.foundation.identity.tests.factories import colleague
from indgang.foundation.places.models import House, Region

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> House:
    """A house with a host (ihnd) and a guest (siri); aau belongs to the region and works elsewhere."""
    region = Region.objects.create(key="region", title_da="Region")
    house = House.objects.create(region=region, key="house", title_da="Huset", address="Vej 1", postcode="9000", city="Aalborg")
    for key in ("ihnd", "siri", "aau"):
        organisation = Organisation.objects.create(region=region, key=key, title_da=key, kind="state")
        if key != "aau":
            Participation.objects.create(house=house, organisation=organisation, is_host=key == "ihnd")
    return house


def organisation(key: str) -> Organisation:
    return Organisation.objects.get(key=key)


def test_staff_act_with_their_running_roles_and_their_houses(house: House) -> None:
    ihnd, siri = organisation("ihnd"), organisation("siri")
    user = colleague(siri, "clerk")
    Membership.objects.create(user=user, organisation=siri, role="leader", ended_at=clock.now())
    Membership.objects.create(user=user, organisation=ihnd, role="floorwalker")
    actor = staff(user)
    assert actor.organisation == siri
    assert actor.roles == {(siri.pk, "clerk"), (ihnd.pk, "floorwalker")}
    assert actor.house_ids == actor.hosted_house_ids == {house.pk}
    assert staff(user, organisation=ihnd).organisation == ihnd


def test_somebody_without_a_role_has_nothing(house: House) -> None:
    actor = staff(colleague(organisation("siri")))
    assert (actor.organisation, actor.roles, actor.house_ids) == (None, frozenset(), frozenset())


def test_each_building_block_allows_exactly_those_it_names(house: House) -> None:
    ihnd, siri = organisation("ihnd"), organisation("siri")
    people = {
        "floorwalker": staff(colleague(ihnd, "floorwalker")),
        "clerk": staff(colleague(siri, "clerk")),
        "leader": staff(colleague(siri, "leader")),
        "outsider": staff(colleague(organisation("aau"), "clerk", "floorwalker", "leader", "administrator")),
        "citizen": citizen("AAAA"),
        "other citizen": citizen("BBBB"),
        "nobody": ANONYMOUS,
    }
    blocks = {
        permissions.member_of(siri): {"clerk", "leader"},
        permissions.role_in(siri, "clerk"): {"clerk"},
        permissions.role_in(siri, "clerk", "leader"): {"clerk", "leader"},
        permissions.any_role("floorwalker"): {"floorwalker", "outsider"},
        permissions.staff_of_house(house): {"floorwalker", "clerk", "leader"},
        permissions.host_of(house): {"floorwalker"},
        permissions.holder_of("AAAA"): {"citizen"},
        permissions.all_of(permissions.host_of(house), permissions.any_role("floorwalker")): {"floorwalker"},
        permissions.any_of(permissions.holder_of("BBBB"), permissions.member_of(ihnd)): {"other citizen", "floorwalker"},
    }
    for allowed, expected in blocks.items():
        assert {name for name, actor in people.items() if allowed(actor)} == expected


def test_the_program_itself_may_do_everything() -> None:
    require(lambda actor: False, system())
    for actor in (ANONYMOUS, citizen("AAAA")):
        with pytest.raises(NotAllowed):
            require(lambda actor: False, actor)


def test_what_is_not_allowed_is_not_there() -> None:
    middleware = ActorMiddleware(lambda request: HttpResponse())
    with pytest.raises(Http404):
        middleware.process_exception(RequestFactory().get("/"), NotAllowed())
    middleware.process_exception(RequestFactory().get("/"), ValueError())


def test_every_request_has_an_actor_that_costs_nothing_until_asked(house: House, django_assert_num_queries) -> None:
    seen: list[HttpRequest] = []
    request = RequestFactory().get("/")
    request.user = colleague(organisation("siri"), "clerk")
    with django_assert_num_queries(0):
        ActorMiddleware(lambda request: seen.append(request) or HttpResponse())(request)
    with django_assert_num_queries(2):
        assert seen[0].actor.kind == "staff"  # type: ignore[attr-defined]
    assert actors.staff(request.user).roles == seen[0].actor.roles  # type: ignore[attr-defined]
