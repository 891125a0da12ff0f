"""Components: what they show in each state, and that nothing typed by people becomes markup."""

from __future__ import annotations

import datetime as dt
import gzip
import re
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.contrib.staticfiles import finders
from django.http import QueryDict
from django.template import engines
from django.test import Client, RequestFactory
from django.utils.translation import override

from indgang.foundation.ui import statuses
from indgang.foundation.ui.tables import Column, Table

EVIL = "<script>alert(1)</script>"
AT = dt.datetime(2026, 12, 8, 8, 30, tzinfo=dt.UTC)


def rendered(source: str, **context: Any) -> str:
    return engines["django"].from_string(source).render(context)


def plain(html: str) -> str:
    """The text of a piece of HTML, in one line."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


@pytest.mark.parametrize("key", list(statuses.LOOKS))
def test_a_status_is_a_word_and_a_shape(key: str) -> None:
    with override("en"):
        html = rendered("{% status key %}", key=key)
    assert plain(html) == str(statuses.LOOKS[key].word)
    assert re.search(r"<svg[^>]*aria-hidden=\"true\"[^>]*><(circle|path)", html)


def test_no_two_statuses_look_alike() -> None:
    looks = [(look.shape, look.tone) for look in statuses.LOOKS.values()]
    assert len(looks) == len(set(looks))


@pytest.mark.parametrize(
    "source",
    [
        "{% page_header evil evil evil %}",
        "{% card title=evil %}{{ evil }}{% endcard %}",
        "{% status evil %}",
        "{% time_bar day caption=evil %}",
        "{% step_line steps %}",
        "{% timeline entries %}",
        "{% table table %}",
        "{% figure caption=evil %}{{ evil }}{% endfigure %}",
        "{% key_figure evil evil evil evil %}",
        "{% empty_state evil evil '#' evil %}",
        "{% note evil title=evil %}",
        "{% qr evil evil %}",
        "{% button evil %}{% link_button evil evil %}",
        "{{ form }}{% error_summary form %}",
    ],
)
def test_what_people_type_is_never_markup(source: str) -> None:
    class Form(forms.Form):
        name = forms.CharField(label=EVIL, max_length=3)

    step = {"title": EVIL, "status": EVIL, "who": EVIL, "where": EVIL, "why": EVIL, "bring": [EVIL], "missing": [EVIL]}
    html = rendered(
        source,
        evil=EVIL,
        day=[{"title": EVIL, "place": EVIL, "status": EVIL, "starts": AT, "ends": AT + dt.timedelta(minutes=20)}],
        steps=[step],
        entries=[{"at": AT, "title": EVIL, "text": EVIL, "who": EVIL}],
        table=Table([Column("name", EVIL)], [{"name": EVIL}], EVIL, link=lambda row: row["name"]),
        form=Form({"name": EVIL}),
    )
    assert "<script" not in html
    assert "alert(1)" in html


def test_a_time_bar_says_what_it_shows() -> None:
    day = [
        {"title": "CPR", "place": "Desk 5", "starts": AT, "ends": AT + dt.timedelta(minutes=25)},
        {"title": "Tax card", "starts": AT + dt.timedelta(minutes=40), "ends": AT + dt.timedelta(minutes=60), "walk_minutes": 3},
    ]
    with override("en"):
        text = plain(rendered("{% time_bar day caption='Two desks' %}", day=day))
    table = text[text.index("Time, what and where") :]
    assert table == (
        "Time, what and where 1 9.30-9.55 CPR Desk 5 3 minutes on foot to the next desk 12 minutes of waiting 2 10.10-10.30 Tax card"
    )


class VisitForm(forms.Form):
    email = forms.EmailField(label="E-mail", help_text="We write there.")
    purpose = forms.ChoiceField(label="Purpose", choices=[("work", "Work"), ("study", "Study")], widget=forms.RadioSelect)
    consent = forms.BooleanField(label="Yes, write to me")
    note = forms.CharField(label="Note", required=False, widget=forms.TextInput(attrs={"placeholder": "Note", "class": "input-width-m"}))


def test_a_field_has_label_hint_and_message_bound_to_it() -> None:
    with override("en"):
        html = rendered("{% field form.email %}", form=VisitForm({"email": "nobody"}))
    field = re.search(r"<input[^>]*>", html)
    assert field
    assert 'aria-describedby="id_email_helptext id_email_error"' in field[0]
    assert 'aria-invalid="true"' in field[0]
    assert '<label class="form-label" for="id_email">' in html
    assert re.search(r'id="id_email_helptext">We write there\.<', html)
    assert re.search(r'id="id_email_error">.*Enter a valid email address\.<', html, re.DOTALL)


def test_choices_are_a_group_with_a_legend_and_their_message() -> None:
    html = rendered("{% field form.purpose %}", form=VisitForm({}))
    assert '<fieldset aria-describedby="id_purpose_error">' in html
    assert re.search(r'<legend class="form-label">Purpose', html)
    assert re.findall(r'<label for="(\w+)">', html) == ["id_purpose_0", "id_purpose_1"]
    assert html.count('class="form-radio"') == 2


def test_a_field_that_may_stay_empty_says_so_and_has_no_placeholder() -> None:
    with override("en"):
        html = rendered("{% field form.note %}", form=VisitForm())
    assert "(optional)" in html
    assert "placeholder" not in html
    assert 'class="input-width-m form-input"' in html


def test_the_summary_links_to_every_field_that_is_wrong() -> None:
    form = VisitForm({"email": "nobody"})
    with override("en"):
        html = rendered("{% error_summary form nothing %}{{ form }}", form=form)
    targets = re.findall(r'<a href="#([^"]+)">', html)
    assert targets == ["id_email", "id_purpose_0", "id_consent"]
    assert all(f'id="{target}"' in html for target in targets)
    assert "3 things need your attention" in html
    assert "E-mail: Enter a valid email address." in html


def test_a_form_without_faults_has_no_summary() -> None:
    assert rendered("{% error_summary form %}", form=VisitForm()).strip() == ""


def people_table(query: str) -> Table:
    request = RequestFactory().get(f"/?{query}")
    rows = [{"name": "Ana", "people": 3}, {"name": "Bo", "people": 1204}, {"name": "Cy", "people": 1}]
    columns = [Column("name", "Name", order="name"), Column("people", "People", order="people", number=True)]
    return Table(columns, rows, "People here", name="people").sort_by(request)


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", "Ana Bo Cy"),
        ("sort=people", "Cy Ana Bo"),
        ("sort=-people", "Bo Ana Cy"),
        ("sort=-name", "Cy Bo Ana"),
        ("sort=secret", "Ana Bo Cy"),
    ],
)
def test_a_table_sorts_by_its_address(query: str, names: str) -> None:
    assert " ".join(row["name"] for row in people_table(query).rows) == names


def test_a_sorted_column_says_so_and_the_link_turns_it_round_and_keeps_the_rest() -> None:
    table = people_table("q=a&sort=people&page=3")
    by_name, by_people = table.head()
    assert (by_name.sorted, by_people.sorted) == ("", "ascending")
    assert QueryDict(by_people.address.removeprefix("?")).dict() == {"q": "a", "sort": "-people"}
    with override("da"):
        html = rendered("{% table table %}", table=table)
    assert html.count("aria-sort=") == 1
    assert "1.204" in html


def test_an_empty_table_says_what_will_be_here() -> None:
    table = Table([Column("name", "Name")], [], "People here", empty="Nobody has come yet.")
    assert plain(rendered("{% table table %}", table=table)) == "People here Nobody has come yet."


@pytest.mark.django_db
def test_a_public_page_is_under_150_kilobytes() -> None:
    """Compressed, with everything it may ask for: styles, scripts and the whole set of icons."""
    html = Client().get("/").content
    names = [name.decode() for name in re.findall(rb"(?:src|href)=\"/static/([^\"#]+)", html)]
    files = {*names, "dkfds/img/all-svg-icons.svg", "dkfds/img/svg-icons/chevron-down.svg"}
    assert {"ui/indgang.css", "dkfds/css/dkfds.min.css"} <= files
    sizes = [len(gzip.compress(Path(finders.find(name)).read_bytes())) for name in files]
    assert sum(sizes) + len(gzip.compress(html)) < 100_000


def test_a_table_that_stacks_names_the_column_in_each_cell() -> None:
    table = Table([Column("name", "Name"), Column("town", "Town")], [{"name": "Ida", "town": "Hobro"}], "People", stacks=True)
    made = rendered("{% table table %}", table=table)
    assert 'class="i-table i-stack"' in made
    assert '<td data-head="Town">Hobro</td>' in made
