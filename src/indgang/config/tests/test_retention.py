"""What is promised to colleagues, what libraries keep, and the command and the job that carry it all out."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.utils import timezone

from indgang.config import jobs, program
from indgang.foundation.access.actors import system
from indgang.foundation.database.models import CacheRow
from indgang.foundation.identity.actions import create_token, end_membership, revoke_token
from indgang.foundation.identity.models import ApiToken, Membership, User
from indgang.foundation.identity.queries import user_by_email
from indgang.foundation.identity.tests.factories import colleague
from indgang.foundation.journal.actions import record, seal_all, verify
from indgang.foundation.journal.models import Entry
from indgang.foundation.journal.tests.factories import organisation
from indgang.foundation.privacy.retention import carry_out

pytestmark = pytest.mark.django_db
THEN = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
FIVE_YEARS = 5 * 365 * DAY
ANNA = "anna@siri.example"


@pytest.fixture(autouse=True)
def then(settings: Any) -> None:
    settings.CLOCK_STARTS_AT = THEN


def who_left() -> User:
    """Somebody with an account in every detail, who stopped working here on the day."""
    user = colleague(organisation(), "clerk", email=ANNA)
    user.name, user.language, user.last_login = "Anna", "en", THEN
    user.set_password("en lang god sætning")
    user.save()
    EmailAddress.objects.create(user=user, email=ANNA, verified=True, primary=True)
    create_token(user=user)
    end_membership(membership=user.memberships.get())
    return user


def test_who_left_is_known_for_five_years_and_then_a_number_in_the_journal(settings: Any) -> None:
    user = who_left()
    entry = Entry.objects.create(verb="visit.called", actor_kind="staff", user=user, subject_type="x", subject_id="1")
    seal_all()

    settings.CLOCK_STARTS_AT = THEN + FIVE_YEARS - DAY
    assert (carry_out()["identity.user"], str(User.objects.get())) == (0, "Anna")

    settings.CLOCK_STARTS_AT = THEN + FIVE_YEARS + DAY
    done = carry_out()
    assert (done["identity.user"], done["identity.membership"]) == (1, 1)
    found = User.objects.get()
    assert (found.pk, found.name, found.language, found.last_login, found.is_active) == (user.pk, "", "da", None, False)
    assert (str(found), found.email.endswith(".invalid"), found.has_usable_password()) == ("A former colleague", True, False)
    rest = (Membership, ApiToken, Authenticator, EmailAddress)
    assert [model.objects.count() for model in rest] == [0, 0, 0, 0]
    assert user_by_email(ANNA) is None
    entry.refresh_from_db()
    assert (entry.user, verify().ok) == (user, True)
    assert list(Entry.objects.filter(verb="user.anonymised").values_list("subject_id", flat=True)) == [str(user.pk)]
    assert carry_out()["identity.user"] == 0


def test_who_works_here_or_did_lately_stays_known(settings: Any) -> None:
    employer = organisation()
    works = colleague(employer, "clerk", email="works@siri.example")
    left_lately, changed_role = colleague(employer, "clerk", email="lately@siri.example"), colleague(employer, "clerk", "leader")
    end_membership(membership=changed_role.memberships.get(role="clerk"))
    settings.CLOCK_STARTS_AT = THEN + 100 * DAY
    end_membership(membership=left_lately.memberships.get())

    settings.CLOCK_STARTS_AT = THEN + FIVE_YEARS + DAY
    new = User.objects.create_user("no-role-yet@siri.example")
    done = carry_out()
    assert (done["identity.user"], done["identity.membership"]) == (0, 1)
    assert {user for user in User.objects.all() if not user.is_forgotten} == {works, left_lately, changed_role, new}
    assert list(changed_role.memberships.values_list("role", flat=True)) == ["leader"]


@pytest.mark.parametrize(("last_login", "forgotten"), [(None, True), (THEN, True), (THEN + 10 * DAY, False)])
def test_a_closed_account_is_forgotten_too_though_nobody_ended_its_roles(
    last_login: dt.datetime | None, forgotten: bool, settings: Any
) -> None:
    user = colleague(organisation(), "clerk", email=ANNA)
    User.objects.filter(pk=user.pk).update(is_active=False, last_login=last_login)
    settings.CLOCK_STARTS_AT = THEN + FIVE_YEARS + DAY
    carry_out()
    user.refresh_from_db()
    assert (user.is_forgotten, user.memberships.filter(ended_at=None).exists()) == (forgotten, not forgotten)


def test_tokens_go_a_year_after_they_were_revoked(settings: Any) -> None:
    user = colleague(organisation(), "clerk")
    used, revoked = create_token(user=user)[0], create_token(user=user)[0]
    revoke_token(token=revoked)
    settings.CLOCK_STARTS_AT = THEN + 364 * DAY
    assert carry_out()["identity.apitoken"] == 0
    settings.CLOCK_STARTS_AT = THEN + 366 * DAY
    assert carry_out()["identity.apitoken"] == 1
    assert list(ApiToken.objects.all()) == [used]


def test_what_libraries_keep_goes_when_it_has_run_out() -> None:
    now, address = timezone.now(), EmailAddress.objects.create(user=colleague(organisation(), "clerk"), email=ANNA)
    for key, ago in [("young", 2 * DAY), ("old", 4 * DAY)]:
        EmailConfirmation.objects.create(email_address=address, key=key, created=now - ago)
        Session.objects.create(session_key=key, session_data="", expire_date=now + 3 * DAY - ago)
    cache.set("allauth:rl:login:ip:192.0.2.1", [1.0], timeout=300)
    cache.set("allauth:rl:login:ip:192.0.2.2", [1.0], timeout=300)
    CacheRow.objects.filter(pk__endswith="192.0.2.1").update(expires=now - dt.timedelta(minutes=1))
    done = carry_out()
    counted = [done[model] for model in ("account.emailconfirmation", "sessions.session", "database.cacherow")]
    assert counted == [1, 1, 1]
    assert [c.key for c in EmailConfirmation.objects.all()] == [s.session_key for s in Session.objects.all()] == ["young"]
    assert cache.get("allauth:rl:login:ip:192.0.2.2") == [1.0]


@pytest.mark.parametrize(("options", "tokens"), [(["--dry-run"], 1), ([], 0)])
def test_the_command_says_how_many_of_what_and_a_dry_run_only_says(
    options: list[str], tokens: int, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    token = create_token(user=colleague(organisation(), "clerk"))[0]
    revoke_token(token=token)
    settings.CLOCK_STARTS_AT = THEN + 366 * DAY
    assert program.run(["privacy", "retain", "--json", *options]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["dry_run"], {model: count for model, count in told["rows"].items() if count}) == (bool(options), {"identity.apitoken": 1})
    assert ApiToken.objects.count() == tokens
    assert program.run(["privacy", "retain", *options]) == 0
    assert f"{tokens:>8}  identity.apitoken\n" in capsys.readouterr().out


def test_the_nightly_job_carries_it_out(settings: Any) -> None:
    user = who_left()
    record(actor=system(), verb="user.created", subject=user)
    settings.CLOCK_STARTS_AT = THEN + FIVE_YEARS + DAY
    jobs.forget_in_time()
    assert User.objects.get().is_forgotten
