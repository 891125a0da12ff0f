"""Which addresses about companies are walked in `test_a_week`, which says so at its end by what it has seen. Whatever is not named here has
another walk; `test_a_day` holds all of them together."""

from __future__ import annotations

# Looked at, on the way of somebody's work.
PAGES = {
    "workspace": "companies new-company company company-facts company-note contact-new contact doubles segments segment-file",
    "guidance": "courses courses-file course course-change contact-change begin deliver delivery figures figure-rows figures-file "
    "approach grey-zones grey-zone new-grey-zone who-is-who who-is-who-file new-duty change-duty office-notices "
    "ask-for-screening screening-asked screenings screening-coverage screening-rows screening plan-screening fill-topic "
    "screening-result screening-pdf wheel wheel-result wheel-pdf course-wheel",
}
# Something was sent to them, and they did it.
CHANGES = {
    "workspace": "company-write-note change-take-back consent-give judge-double take-back-double",
    "guidance": "course-end contact-write step-agree step delivery-remove announce-contact notices-read hold-screening screening-summary "
    "share-screening screening-lead",
}


def named(rooms: dict[str, str]) -> set[str]:
    """The full names of addresses."""
    return {f"{room}:{name}" for room, names in rooms.items() for name in names.split()}
