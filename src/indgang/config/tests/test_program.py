"""The command line as a whole: what ends with 1, what with 2, and in which words."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator

import pytest

from indgang.config import program
from indgang.config.region_commands import load_region
from indgang.foundation.identity.models import Organisation
from indgang.foundation.places.region import RegionFolder

pytestmark = pytest.mark.django_db


def arguments(parser: argparse.ArgumentParser, words: tuple[str, ...] = ()) -> Iterator[tuple[str, argparse.Action]]:
    """Every argument of every command, with the command's words."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for word, below in action.choices.items():
                yield from arguments(below, (*words, word))
        else:
            yield " ".join(words), action


READ = [(command, action) for command, action in arguments(program.parser()) if callable(action.type)]


@pytest.mark.parametrize(("command", "action"), READ, ids=[f"{command} {action.dest}" for command, action in READ])
def test_what_cannot_be_read_is_said_in_words(command: str, action: argparse.Action) -> None:
    read = action.type
    assert callable(read)
    try:
        read("no: such thing")
    except argparse.ArgumentTypeError as error:
        assert str(error).startswith("“no: such thing” is no ")
    else:
        assert read("no: such thing").name == "no: such thing"  # a path, which the command itself looks at


@pytest.mark.parametrize(
    ("command", "message"),
    [
        ("demo --scale nan", "argument --scale: “nan” is no number above 0 and up to 5"),
        ("demo --scale 0", "argument --scale: “0” is no number above 0 and up to 5"),
        ("demo --scale 5.1", "argument --scale: “5.1” is no number above 0 and up to 5"),
        ("demo --until yesterday", "argument --until: “yesterday” is no date; write it as 2026-11-22"),
        ("demo --until 1999-01-01", "argument --until: “1999-01-01” is not between 2010-01-01 and 2090-01-01"),
        ("demo --seed one", "argument --seed: “one” is no whole number"),
        ("serve --port 0", "argument --port: “0” is no whole number from 1 to 65535"),
        ("serve --port web", "argument --port: “web” is no whole number from 1 to 65535"),
        (
            "import ducks ducks.csv",
            "argument KIND: invalid choice: 'ducks' (choose from companies, courses, deliveries, establishments, visits)",
        ),
        ("export visits --format pdf", "argument --format: invalid choice: 'pdf' (choose from csv, json, xlsx)"),
        ("user create", "the following arguments are required: EMAIL, --organisation, --role"),
        ("journal", "the following arguments are required: ACTION"),
    ],
)
def test_wrong_usage_ends_with_2(command: str, message: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        program.run(command.split())
    told = capsys.readouterr()
    assert (ended.value.code, told.out) == (2, "")
    line = re.sub(r"(?<=[ (])'(\w+)'(?=[,)])", r"\1", told.err.splitlines()[-1])  # which Python puts in quotation marks up to 3.12
    assert line.endswith(f"error: {message}")


@pytest.mark.parametrize(
    ("command", "named"),
    [
        ("import visits nowhere.csv", "nowhere.csv cannot be read"),
        ("import visits nowhere.csv --as nobody", "--as: there is no organisation “nobody”. There are "),
        ("export visits --out nowhere/out.csv", "nowhere/out.csv was not written"),
        ("user create anna@siri.example --organisation sirri --role clerk", "--organisation: there is no “sirri”. Did you mean siri?"),
        ("user create anna@siri.example --organisation siri --role boss", "--role: “boss” is no role"),
        ("user create anna --organisation siri --role clerk", "EMAIL “anna”"),
        ("token create --user anna@siri.example", "“anna@siri.example”"),
        ("region load nowhere", "“nowhere” is no region"),
        ("privacy record --into nowhere/record.md", "nowhere/record.md was not changed: No such file or directory.\n"),
        ("journal verify --head 00", "00"),
        ("serve --host nowhere.invalid --port 8099", "--host: this machine has no address “nowhere.invalid”."),
    ],
)
def test_what_this_house_does_not_know_is_refused_by_name_with_1(command: str, named: str, capsys: pytest.CaptureFixture[str]) -> None:
    load_region(RegionFolder.find("midtjylland"))
    assert program.run(command.split()) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert named in told.err


def test_before_a_region_is_loaded_an_import_says_how_to_begin(capsys: pytest.CaptureFixture[str]) -> None:
    assert not Organisation.objects.exists()
    for command in ("import visits nowhere.csv", "import visits nowhere.csv --as siri", "export visits"):
        assert program.run(command.split()) == 1
        told = capsys.readouterr()
        assert (told.out, told.err) == ("", "No region is loaded; begin with: indgang region load north-denmark\n")
