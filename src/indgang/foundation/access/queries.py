"""Whether somebody who was let in a moment ago would be let in again as the same: one query."""

from __future__ import annotations

from django.db import connection
from django.utils import timezone

# The versions of all rows that say who is asking and what they may do (as in ADR 24): session, account, second factor, roles, houses.
STANDING = """
    SELECT md5(concat_ws(' ', s.xmin, s.ctid, u.xmin, u.ctid,
        (SELECT string_agg(concat(a.xmin, a.ctid), ',' ORDER BY a.id) FROM mfa_authenticator a WHERE a.user_id = u.id),
        (SELECT string_agg(concat(m.xmin, m.ctid, o.xmin, o.ctid), ',' ORDER BY m.id)
            FROM identity_membership m JOIN identity_organisation o ON o.id = m.organisation_id WHERE m.user_id = u.id),
        (SELECT string_agg(concat(p.xmin, p.ctid), ',' ORDER BY p.id) FROM identity_participation p
            WHERE p.organisation_id IN (SELECT m.organisation_id FROM identity_membership m WHERE m.user_id = u.id))))
    FROM django_session s, identity_user u WHERE s.session_key = %s AND s.expire_date > %s AND u.id = %s AND u.is_active
"""


def standing_of(user_id: int, session_key: str) -> str | None:
    """Changes with the session, the account and everything that it may do; None where there is no such session or account any more."""
    with connection.cursor() as cursor:
        cursor.execute(STANDING, [session_key, timezone.now(), user_id])
        row = cursor.fetchone()
    return row[0] if row else None
