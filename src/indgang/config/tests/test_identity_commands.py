"""`indgang user create` and `indgang token create`, as a script meets them."""

from __future__ import annotations

import io

import pytest

from indgang.config import program
from indgang.config.region_commands import load_region
from indgang.foundation.identity.models import ApiToken, Membership, User
from indgang.foundation.identity.queries import user_of_token
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
