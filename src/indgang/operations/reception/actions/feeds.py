"""Making, renewing and ending calendar feeds."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Case, F, Value, When

from indgang.foundation.access.actors import Actor, NotAllowed, require
from indgang.foundation.database import clock
from indgang.foundation.identifiers.keys import digest, new_key
from indgang.foundation.journal import actions as journal
from indgang.operations.reception import permissions
from indgang.operations.reception.models import Feed
from indgang.operations.reception.queries.feeds import Source, sources_of

FETCHES_AN_HOUR = 60


@transaction.atomic
def make_feed(*, actor: Actor, house: str, desk: str = "") -> tuple[Source, str]:
    """A private address of a desk's calendar, or of the actor's own: its key is stored nowhere. One that was running ends."""
    source = next((one for one in sources_of(actor) if one.house.key == house and (one.desk.key if one.desk else "") == desk), None)
    if source is None or actor.user is None:
        raise NotAllowed
    for standing in Feed.objects.filter(owner=actor.user, house=source.house, desk=source.desk, revoked_at=None):
        _end(standing)
    key = new_key()
    feed = Feed.objects.create(
        owner=actor.user, organisation=source.organisation, house=source.house, desk=source.desk, digest=digest(key), made_at=clock.now()
    )
    _tell(actor, "feed.renewed" if source.feed else "feed.made", feed)
    return source, key


@transaction.atomic
def end_feed(*, actor: Actor, feed: Feed) -> None:
    """The address opens nothing any more: by its owner, and by the leaders of its organisation."""
    owner = actor.user is not None and actor.user.pk == feed.owner_id
    require(lambda someone: owner or someone.has_role(*permissions.KEEPING, organisation_id=feed.organisation_id), actor)
    _end(feed)
    _tell(actor, "feed.ended", feed)


def _end(feed: Feed) -> None:
    feed.revoked_at = clock.now()
    feed.save(update_fields=["revoked_at"])


def _tell(actor: Actor, verb: str, feed: Feed) -> None:
    facts = {"owner": feed.owner_id, "desk": feed.desk.key if feed.desk else ""}
    journal.record(actor=actor, verb=verb, subject=feed, organisation=feed.organisation, house=feed.house, after=facts)


def count_fetch(*, feed: Feed) -> bool:
    """Note that the feed was fetched. False when that was too often within the hour; then nothing is shown until the next one."""
    now = clock.now()
    hour = now.replace(minute=0, second=0, microsecond=0)
    fetches = Case(When(hour=hour, then=F("fetches") + 1), default=Value(1))
    Feed.objects.filter(pk=feed.pk).update(fetches=fetches, hour=hour, last_fetched_at=now)
    feed.refresh_from_db(fields=["fetches"])
    return feed.fetches <= FETCHES_AN_HOUR
