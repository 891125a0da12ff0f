"""Components as template tags; every template has them without `{% load %}`. The gallery at `/ui/` shows each in all its states."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.contrib.messages.storage.base import Message
from django.forms import BaseForm, BoundField
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from indgang.foundation.ui import charts, pictures, radar, statuses, time_bars
from indgang.foundation.ui.tables import Table
from indgang.foundation.ui.tell import undo_of

register = template.Library()
Text = str | Promise
FOLDER = "ui/components"


def _block(name: str, content: str, **context: Any) -> SafeString:
    return render_to_string(f"{FOLDER}/{name}.html", {"content": content, **context})


@register.inclusion_tag(f"{FOLDER}/page_header.html")
def page_header(title: Text, lead: Text = "", above: Text = "") -> dict[str, Any]:
    """The page's only h1, what to do here in one sentence, and (rarely) a line above it."""
    return {"title": title, "lead": lead, "above": above}


@register.simple_block_tag
def card(content: str, title: Text = "", level: int = 2, link: str = "", tone: str = "", id: str = "") -> SafeString:
    """`{% card title="Opening hours" %}...{% endcard %}`. With `link` the title leads there; `tone`: wait, bad, good, go."""
    return _block("card", content, title=title, level=level, link=link, tone=tone, id=id)


@register.simple_block_tag
def figure(content: str, caption: Text = "") -> SafeString:
    """A picture with the caption that states its message."""
    return _block("figure", content, caption=caption)


@register.inclusion_tag(f"{FOLDER}/key_figure.html")
def key_figure(label: Text, value: Any, unit: Text = "", note: Text = "", link: str = "") -> dict[str, Any]:
    """One number, large, with what it counts. `value` is already in words (`{{ n|number }}`)."""
    return {"label": label, "value": value, "unit": unit, "note": note, "link": link}


@register.inclusion_tag(f"{FOLDER}/status.html")
def status(key: str, word: Text = "") -> dict[str, Any]:
    """A status as shape, word and tone. `word` replaces the usual word."""
    look = statuses.look_of(key)
    return {"look": look, "word": word or look.word}


@register.inclusion_tag(f"{FOLDER}/shape.html")
def shape(name: str) -> dict[str, Any]:
    """The shape alone, where the word stands beside it anyway."""
    return {"shape": name}


@register.inclusion_tag(f"{FOLDER}/time_bar.html")
def time_bar(appointments: Iterable[Any], caption: Text = "", zone: ZoneInfo | None = None) -> dict[str, Any]:
    """A day as a bar. An appointment has `starts`, `ends`, `title`, and may have `place`, `walk_minutes`, `status`."""
    return {"bar": time_bars.bar_of(appointments, zone), "caption": caption, "zone": zone}


@register.inclusion_tag(f"{FOLDER}/column_chart.html")
def column_chart(bars: Sequence[charts.Bar], caption: Text) -> dict[str, Any]:
    """Standing bars, with the caption that states their message. A table with the same numbers stands beside it."""
    return {"chart": charts.column_chart(bars), "caption": caption}


@register.inclusion_tag(f"{FOLDER}/row_chart.html")
def row_chart(bars: Sequence[charts.Bar], caption: Text) -> dict[str, Any]:
    """Lying bars with long names."""
    return {"chart": charts.row_chart(bars), "caption": caption}


@register.inclusion_tag(f"{FOLDER}/radar_chart.html")
def radar_chart(labels: Sequence[Text], series: Sequence[radar.Series], caption: Text, said: Text, most: int = 4) -> dict[str, Any]:
    """A radar chart: axes with their `labels`, one shape or two; `said` stands for it in a screen reader. Its table stands beside it."""
    return {"picture": radar.radar_svg([str(label) for label in labels], series, most=most, said=str(said)), "caption": caption}


@register.inclusion_tag(f"{FOLDER}/tile_map.html")
def tile_map(tiles: Sequence[charts.Tile], caption: Text) -> dict[str, Any]:
    """A region as tiles that lie about where its municipalities do. A table with the same numbers stands beside it."""
    return {"map": charts.tile_map(tiles), "caption": caption}


@register.inclusion_tag(f"{FOLDER}/step_line.html")
def step_line(steps: Iterable[Any], zone: ZoneInfo | None = None) -> dict[str, Any]:
    """A step has `title`, and may have `status`, `who`, `where`, `people`, `starts`, `ends`, `why`, `bring`, `missing`, `link`."""
    return {"steps": [(step, statuses.look_of(_of(step, "status") or "planned")) for step in steps], "zone": zone}


def _of(thing: Any, name: str) -> Any:
    return thing.get(name) if isinstance(thing, dict) else getattr(thing, name, None)


@register.inclusion_tag(f"{FOLDER}/timeline.html")
def timeline(entries: Iterable[Any], zone: ZoneInfo | None = None, empty: Text = "") -> dict[str, Any]:
    """What happened, newest first as given. An entry has `at`, `title`, and may have `who`, `text`, `status`, `link`."""
    return {"entries": list(entries), "zone": zone, "empty": empty}


@register.inclusion_tag(f"{FOLDER}/table.html")
def table(table: Table) -> dict[str, Any]:
    """A `tables.Table`."""
    return {"table": table, "body": table.body()}


@register.inclusion_tag(f"{FOLDER}/empty_state.html")
def empty_state(title: Text, text: Text = "", link: str = "", action: Text = "") -> dict[str, Any]:
    """What will be here, and how to begin."""
    return {"title": title, "text": text, "link": link, "action": action}


@register.inclusion_tag(f"{FOLDER}/note.html")
def note(text: Text, tone: str = "info", title: Text = "") -> dict[str, Any]:
    """A line that must not be missed. `tone`: info, success, warning, error."""
    return {"text": text, "tone": tone, "title": title}


@register.inclusion_tag(f"{FOLDER}/error_summary.html")
def error_summary(*forms: Any) -> dict[str, Any]:
    """Everything that is wrong with the forms, each line a link to its field; nothing where nothing is wrong."""
    problems = [problem for form in forms if isinstance(form, BaseForm) and form.is_bound for problem in _problems(form)]
    return {"problems": problems}


def _problems(form: BaseForm) -> Iterable[tuple[str, str]]:
    for name, errors in form.errors.items():
        anchor, label = "", ""
        if name in form.fields:
            field = form[name]
            label = str(field.label).rstrip("?.:")
            anchor = f"{field.auto_id}_0" if field.use_fieldset and not field.id_for_label else field.id_for_label or field.auto_id
        for error in errors:
            yield anchor, _("%(field)s: %(problem)s") % {"field": label, "problem": error} if label else str(error)


@register.simple_tag
def field(field: BoundField) -> SafeString:
    """`{% field form.name %}`: label, hint, message and input of one field."""
    return field.as_field_group()


@register.inclusion_tag(f"{FOLDER}/button.html")
def button(label: Text, kind: str = "primary", name: str = "", value: str = "", icon: str = "") -> dict[str, Any]:
    """A submit button. `kind`: primary (one per page), secondary, quiet, warning."""
    return {"label": label, "kind": {"quiet": "tertiary"}.get(kind, kind), "name": name, "value": value, "icon": icon}


@register.simple_tag
def link_button(label: Text, link: str, kind: str = "primary") -> SafeString:
    """A link that looks like a button: the way to the next page."""
    return format_html('<a class="button button-{}" href="{}">{}</a>', {"quiet": "tertiary"}.get(kind, kind), link, label)


@register.inclusion_tag(f"{FOLDER}/qr.html")
def qr(text: str, label: Text = "", shown: Text = "") -> dict[str, Any]:
    """A QR code with its text below, or with what is `shown` instead (a reference where the text is an address)."""
    path, size = pictures.qr_path(text)
    return {
        "path": path,
        "size": size,
        "text": text,
        "label": label or _("QR code: %(text)s") % {"text": shown or text},
        "shown": shown or text,
    }


@register.inclusion_tag(f"{FOLDER}/icon.html")
def icon(name: str, label: Text = "") -> dict[str, Any]:
    """An icon of the design system's set, decorative unless it has a label."""
    return {"name": name, "label": label}


@register.inclusion_tag(f"{FOLDER}/htmx.html")
def htmx() -> dict[str, Any]:
    """`{% block htmx %}{% htmx %}{% endblock %}` on pages that move: htmx, and what keeps focus and tells of a lost connection."""
    return {}


@register.inclusion_tag(f"{FOLDER}/stale_notice.html")
def stale_notice() -> dict[str, Any]:
    """For pages that update themselves: says since when there has been no contact. The updating element carries `data-live`."""
    return {}


@register.filter
def undo_address(message: Message) -> str:
    """Where a message's "Undo" posts to, or nothing."""
    return undo_of(message)


@register.filter
def with_class(widget: dict[str, Any], name: str) -> str:
    """A widget's own classes and the design system's class for it."""
    own = str(widget["attrs"].get("class", ""))
    return f"{own} {name}".strip()
