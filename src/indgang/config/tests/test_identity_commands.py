"""`indgang user ...` and `indgang token ...`, as a script meets them."""

from __future__ import annotations

import io
import json
import re
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from pytest_django import DjangoAssertNumQueries

from indgang.config import program
from indgang.config.region_commands import load_region
from indgang.foundation.identity.login import has_second_factor, set_up_one_time_codes
from indgang.foundation.identity.models import ApiToken, Membership, User
from indgang.foundation.identity.queries import user_of_token
from indgang.foundation.identity.tests.factories import logged_in
from indgang.foundation.journal.models import Entry
from indgang.foundation.places.region import RegionFolder

pytestmark = pytest.mark.django_db
ANNA = "anna@siri.example"


@pytest.fixture
def _region() -> None:
    load_region(RegionFolder.find("midtjylland"))


def create(*options: str) -> int:
    return program.run(["user", "create", *options])


@pytest.mark.usefixtures("_region")
def test_an_account_is_made_once_and_given_every_role_it_is_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert create("Anna@SIRI.example", "--organisation", "siri", "--role", "clerk", "--name", "Anna") == 0
    told = capsys.readouterr().out
    assert told.startswith(f"Created {ANNA}\nNow clerk in siri\n")
    assert "/account/password/reset/" in told
    assert create(ANNA, "--organisation", "siri", "--role", "clerk") == 0
    assert capsys.readouterr().out.startswith(f"Found {ANNA}\nAlready clerk in siri\n")
    assert create(ANNA, "--organisation", "siri", "--role", "leader") == 0
    assert User.objects.get().name == "Anna"
    assert sorted(Membership.objects.values_list("role", flat=True)) == ["clerk", "leader"]
    verbs = Entry.objects.exclude(verb="region.loaded").order_by("id").values_list("verb", "organisation__key")
    assert list(verbs) == [("user.created", "siri"), ("membership.granted", "siri"), ("membership.granted", "siri")]


@pytest.mark.usefixtures("_region")
def test_a_password_comes_by_standard_input_and_is_never_changed_that_way(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for password in ("en lang god sætning", "en anden lang sætning"):
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{password}\n"))
        assert create(ANNA, "--organisation", "siri", "--role", "clerk", "--password-stdin") == 0
    assert User.objects.get().check_password("en lang god sætning")
    captured = capsys.readouterr()
    assert "password was left as it is" in captured.err
    assert "reset" not in captured.out


@pytest.mark.usefixtures("_region")
@pytest.mark.parametrize(
    ("email", "organisation", "role", "password", "message"),
    [
        ("anna", "siri", "clerk", "", "EMAIL “anna”: Enter a valid email address."),
        (ANNA, "sri", "clerk", "", "Did you mean siri?"),
        (ANNA, "siri", "boss", "", "there are clerk, floorwalker, leader, reader, administrator"),
        (ANNA, "siri", "clerk", "short", "the password: This password is too short"),
        (ANNA, "siri", "clerk", "\n", "the password: This password is too short"),
    ],
)
def test_bad_input_is_refused_with_what_is_valid(
    email: str,
    organisation: str,
    role: str,
    password: str,
    message: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(password))
    options = ["--password-stdin"] if password else []
    assert create(email, "--organisation", organisation, "--role", role, *options) == 1
    captured = capsys.readouterr()
    assert message in captured.err
    assert captured.out == ""
    assert not User.objects.exists()


def test_without_a_region_the_message_says_how_to_begin(capsys: pytest.CaptureFixture[str]) -> None:
    assert create(ANNA, "--organisation", "siri", "--role", "clerk") == 1
    assert "indgang region load" in capsys.readouterr().err


@pytest.mark.usefixtures("_region")
def test_a_token_stands_alone_on_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    create(ANNA, "--organisation", "siri", "--role", "clerk")
    capsys.readouterr()
    assert program.run(["token", "create", "--user", ANNA.upper()]) == 0
    token = capsys.readouterr().out.removesuffix("\n")
    assert "\n" not in token
    assert user_of_token(token) == User.objects.get()
    entry = Entry.objects.get(verb="token.created")
    assert token not in str(entry.__dict__)


@pytest.mark.usefixtures("_region")
def test_nobody_unknown_or_gone_gets_a_token(capsys: pytest.CaptureFixture[str]) -> None:
    assert program.run(["token", "create", "--user", ANNA]) == 1
    create(ANNA, "--organisation", "siri", "--role", "clerk")
    User.objects.update(is_active=False)
    assert program.run(["token", "create", "--user", ANNA]) == 1
    assert "nobody with the address" in capsys.readouterr().err
    assert not ApiToken.objects.exists()


def test_wrong_usage_exits_with_2() -> None:
    with pytest.raises(SystemExit) as ended:
        program.run(["user", "create", ANNA])
    assert ended.value.code == 2


@pytest.fixture
def anna(_region: None, capsys: pytest.CaptureFixture[str]) -> User:
    """A clerk and leader with codes and two tokens."""
    for role in ("clerk", "leader"):
        create(ANNA, "--organisation", "siri", "--role", role, "--name", "Anna")
    user = User.objects.get()
    set_up_one_time_codes(user)
    Authenticator.objects.create(user=user, type=Authenticator.Type.RECOVERY_CODES, data={})
    capsys.readouterr()
    return user


@pytest.fixture
def tokens(anna: User, capsys: pytest.CaptureFixture[str]) -> list[str]:
    for _ in range(2):
        program.run(["token", "create", "--user", ANNA])
    return capsys.readouterr().out.split()


def told(capsys: pytest.CaptureFixture[str], *command: str) -> str:
    assert program.run(command) == 0
    return capsys.readouterr().out


def newest_verbs(count: int) -> list[str]:
    return list(Entry.objects.order_by("-id").values_list("verb", flat=True)[:count])


def test_a_role_ends_at_once_and_can_be_given_again(anna: User, capsys: pytest.CaptureFixture[str]) -> None:
    browser = logged_in(anna)
    assert browser.get("/my-day/").status_code == 200
    end = ("user", "end-role", ANNA.upper(), "--organisation", "siri", "--role")
    assert told(capsys, *end, "leader") == f"{ANNA} is no longer leader in siri; now: clerk in siri\n"
    entry = Entry.objects.get(verb="membership.ended")
    assert (entry.organisation.key, entry.before) == ("siri", {"role": "leader", "organisation": "siri"})
    assert told(capsys, *end, "clerk").endswith("now: no role\n")
    assert browser.get("/desks/").status_code == 404
    assert program.run([*end, "clerk"]) == 1
    assert capsys.readouterr().err == f"{ANNA} is not clerk in siri; now: no role\n"
    assert Membership.objects.exclude(ended_at=None).count() == 2
    create(ANNA, "--organisation", "siri", "--role", "clerk")
    assert browser.get("/desks/").status_code != 404


def test_a_lost_telephones_codes_are_taken_away_with_the_recovery_codes(anna: User, capsys: pytest.CaptureFixture[str]) -> None:
    assert told(capsys, "user", "reset-codes", ANNA) == f"{ANNA} has no codes any more and sets up new ones at the next log-in\n"
    assert not has_second_factor(anna)
    assert not Authenticator.objects.exists()
    assert newest_verbs(1) == ["user.codes-reset"]
    assert told(capsys, "user", "reset-codes", ANNA).startswith(f"{ANNA} had no codes ")
    assert Entry.objects.filter(verb="user.codes-reset").count() == 1
    assert logged_in(anna).get("/my-day/")["Location"] == "/account/codes/activate/"


def test_who_left_gets_in_no_more_neither_in_an_open_session_nor_by_a_token(
    anna: User, tokens: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    browser = logged_in(anna)
    assert told(capsys, "user", "close", ANNA) == f"Closed {ANNA}; roles and tokens are ended\n"
    assert browser.get("/my-day/")["Location"].startswith("/account/login/")
    assert [user_of_token(token) for token in tokens] == [None, None]
    assert newest_verbs(5) == ["user.closed", "token.revoked", "token.revoked", "membership.ended", "membership.ended"]
    assert program.run(["user", "close", ANNA]) == 1
    assert create(ANNA, "--organisation", "siri", "--role", "clerk") == 1
    assert f"indgang user reopen {ANNA}" in capsys.readouterr().err
    assert told(capsys, "user", "reopen", ANNA) == f"Opened {ANNA} again; give it a role with: indgang user create\n"
    assert program.run(["user", "reopen", ANNA]) == 1
    assert newest_verbs(1) == ["user.reopened"]
    assert [user_of_token(token) for token in tokens] == [None, None]
    assert not Membership.objects.filter(ended_at=None).exists()


def test_a_token_is_revoked_by_its_number_and_all_by_their_user(anna: User, tokens: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    listed = told(capsys, "token", "list")
    assert re.fullmatch(rf"(\d+  {ANNA}  made \d{{4}}-\d\d-\d\d  never used\n){{2}}", listed)
    assert not any(token in listed for token in tokens)
    number = listed.split()[0]
    assert told(capsys, "token", "revoke", number) == f"Revoked token {number} of {ANNA}\n"
    assert [user_of_token(token) for token in tokens] == [None, anna]
    assert program.run(["token", "revoke", number]) == 1
    assert capsys.readouterr().err == f"NUMBER {number}: there is no such token; see: indgang token list\n"
    [left] = json.loads(told(capsys, "token", "list", "--json"))["tokens"]
    assert (left["user"], left["last_used"]) == (ANNA, None)
    assert told(capsys, "token", "revoke", "--user", ANNA) == f"Revoked {left['number']}\n"
    assert user_of_token(tokens[1]) is None
    assert newest_verbs(2) == ["token.revoked", "token.revoked"]
    assert told(capsys, "token", "revoke", "--user", ANNA) == "There was no token to revoke\n"
    assert told(capsys, "token", "list") == ""


def test_the_list_of_accounts_says_who_may_what(anna: User, capsys: pytest.CaptureFixture[str]) -> None:
    create("bo@siri.example", "--organisation", "siri", "--role", "reader")
    program.run(["user", "close", "bo@siri.example"])
    capsys.readouterr()
    assert told(capsys, "user", "list") == f"{ANNA}  clerk in siri, leader in siri\nbo@siri.example  no role  (closed)  (no codes yet)\n"
    [first, second] = json.loads(told(capsys, "user", "list", "--json"))["users"]
    roles = [{"organisation": "siri", "role": "clerk"}, {"organisation": "siri", "role": "leader"}]
    wanted: dict[str, Any] = {"email": ANNA, "name": "Anna", "active": True, "one_time_codes": True, "last_login": None, "roles": roles}
    assert first == wanted
    assert (second["active"], second["one_time_codes"], second["roles"]) == (False, False, [])


def test_the_lists_ask_the_database_as_often_for_three_as_for_one(
    anna: User, tokens: list[str], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for count in (1, 3):
        for number in range(count):
            create(f"bo{number}@siri.example", "--organisation", "siri", "--role", "reader")
            program.run(["token", "create", "--user", f"bo{number}@siri.example"])
        with django_assert_num_queries(3):
            program.run(["user", "list"])
        with django_assert_num_queries(1):
            program.run(["token", "list"])


@pytest.mark.usefixtures("_region")
@pytest.mark.parametrize(
    "command",
    [
        "user end-role nobody@siri.example --organisation siri --role clerk",
        "user reset-codes nobody@siri.example",
        "user close nobody@siri.example",
        "user reopen nobody@siri.example",
        "token revoke --user nobody@siri.example",
    ],
)
def test_nobody_of_that_name_is_refused(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert program.run(command.split()) == 1
    assert "“nobody@siri.example”: nobody has an account with this address; see: indgang user list" in capsys.readouterr().err


@pytest.mark.parametrize(
    "command", ["token revoke", "token revoke 1 --user a@b.dk", "token revoke one", "user end-role a@b.dk --role clerk"]
)
def test_what_is_left_open_or_said_twice_is_wrong_usage(command: str) -> None:
    with pytest.raises(SystemExit) as ended:
        program.run(command.split())
    assert ended.value.code == 2
