"""What queries/stamps.py, queries/today.py and queries/kept.py ask all the time: which rows there are, in which version.

Functions, because PostgreSQL then keeps their plans: planning took longer than looking.
"""

from django.db import migrations

# Whom the day's pages show: who is booked or was seen that day, and who sits at a desk since another; each with every row about them.
PARTIES = """
CREATE FUNCTION reception_versions_of_day(of_house bigint, begins timestamptz, ends timestamptz) RETURNS TABLE (journey uuid, version text)
LANGUAGE plpgsql STABLE AS $$ BEGIN RETURN QUERY
    WITH today AS MATERIALIZED (
        SELECT j.id, j.contact_id, concat(j.xmin, j.ctid) AS own FROM reception_journey j WHERE j.house_id = of_house AND j.id IN (
            SELECT v.journey_id FROM reception_appointment a JOIN reception_visit v ON v.id = a.visit_id
                WHERE lower(a.period) >= begins AND lower(a.period) < ends
            UNION SELECT v.journey_id FROM reception_visit v WHERE v.arrived_at >= begins AND v.arrived_at < ends
            UNION SELECT v.journey_id FROM reception_visit v WHERE v.status IN ('called', 'serving'))),
    found AS (
        SELECT t.id, 'j' AS kind, 0::bigint AS place, t.own FROM today t
        UNION ALL SELECT t.id, 'v', v.id, concat(v.xmin, v.ctid, a.xmin, a.ctid)
            FROM today t JOIN reception_visit v ON v.journey_id = t.id LEFT JOIN reception_appointment a ON a.visit_id = v.id
        UNION ALL SELECT t.id, 'p', r.id, concat(r.xmin, r.ctid, p.xmin, p.ctid)
            FROM today t JOIN reception_traveller r ON r.journey_id = t.id JOIN parties_person p ON p.id = r.person_id
        UNION ALL SELECT t.id, 'c', 0, concat(c.xmin, c.ctid) FROM today t JOIN parties_person c ON c.id = t.contact_id
        UNION ALL SELECT t.id, 'n', n.id, concat(n.xmin, n.ctid) FROM today t JOIN reception_ticket n ON n.journey_id = t.id
        UNION ALL SELECT t.id, 'e', e.id, concat(e.xmin, e.ctid, b.xmin, b.ctid)
            FROM today t JOIN reception_employee e ON e.journey_id = t.id JOIN reception_employerbooking b ON b.id = e.booking_id)
    SELECT f.id, md5(string_agg(f.kind || f.own, ' ' ORDER BY f.kind, f.place)) FROM found f GROUP BY f.id;
END $$
"""
# What the house offers and when: names, services and papers, desks, interpreters and rooms, hours, closures, sessions, the rules of the line; who is away.
HOUSE = """
CREATE FUNCTION reception_version_of_house(of_house bigint, of_region bigint) RETURNS text
LANGUAGE plpgsql STABLE AS $$ BEGIN RETURN (
    SELECT md5(concat_ws('|',
        (SELECT concat(h.xmin, h.ctid, r.xmin, r.ctid) FROM places_house h JOIN places_region r ON r.id = h.region_id WHERE h.id = of_house),
        (SELECT string_agg(concat(o.xmin, o.ctid, a.xmin, a.ctid), ' ' ORDER BY o.id)
            FROM reception_service o JOIN identity_organisation a ON a.id = o.authority_id WHERE o.region_id = of_region),
        (SELECT string_agg(concat(d.xmin, d.ctid, s.xmin, s.ctid), ' ' ORDER BY d.id, s.id)
            FROM reception_desk d LEFT JOIN reception_desk_services s ON s.desk_id = d.id WHERE d.house_id = of_house),
        (SELECT string_agg(concat(u.xmin, u.ctid, s.xmin, s.ctid), ' ' ORDER BY u.id, s.id)
            FROM reception_resource u LEFT JOIN reception_resource_services s ON s.resource_id = u.id WHERE u.house_id = of_house),
        (SELECT string_agg(concat(h.xmin, h.ctid), ' ' ORDER BY h.id) FROM reception_hours h WHERE h.house_id = of_house),
        (SELECT string_agg(concat(k.xmin, k.ctid), ' ' ORDER BY k.id) FROM reception_closure k WHERE k.house_id = of_house),
        (SELECT string_agg(concat(e.xmin, e.ctid, s.xmin, s.ctid), ' ' ORDER BY e.id, s.id)
            FROM reception_session e LEFT JOIN reception_session_desks s ON s.session_id = e.id WHERE e.house_id = of_house),
        (SELECT string_agg(concat(b.xmin, b.ctid), ' ' ORDER BY b.id) FROM reception_absence b
            WHERE b.lifted_at IS NULL AND b.last_day >= current_date - 1
            AND b.organisation_id IN (SELECT p.organisation_id FROM identity_participation p WHERE p.house_id = of_house)),
        (SELECT string_agg(concat(w.xmin, w.ctid), ' ' ORDER BY w.id) FROM reception_walk w WHERE w.house_id = of_house),
        (SELECT string_agg(concat(t.xmin, t.ctid), ' ' ORDER BY t.id) FROM reception_ruleset t WHERE t.region_id = of_region),
        (SELECT string_agg(concat(l.xmin, l.ctid), ' ' ORDER BY l.id) FROM reception_linesetting l WHERE l.house_id = of_house),
        (SELECT string_agg(concat(i.xmin, i.ctid), ' ' ORDER BY i.id) FROM reception_priority i WHERE i.house_id = of_house)))
); END $$
"""
STATE = """
CREATE FUNCTION reception_state_of_day(of_house bigint, of_region bigint, begins timestamptz, ends timestamptz) RETURNS text
LANGUAGE plpgsql STABLE AS $$ BEGIN RETURN (
    SELECT md5(concat(reception_version_of_house(of_house, of_region), string_agg(d.journey::text || d.version, ' ' ORDER BY d.journey)))
        FROM reception_versions_of_day(of_house, begins, ends) d
); END $$
"""


class Migration(migrations.Migration):
    dependencies = [
        ("reception", "0001_initial"),
        ("parties", "0001_initial"),
        ("places", "0001_initial"),
        ("identity", "0001_initial"),
    ]
    operations = [
        migrations.RunSQL(PARTIES, "DROP FUNCTION reception_versions_of_day(bigint, timestamptz, timestamptz)"),
        migrations.RunSQL(HOUSE, "DROP FUNCTION reception_version_of_house(bigint, bigint)"),
        migrations.RunSQL(STATE, "DROP FUNCTION reception_state_of_day(bigint, bigint, timestamptz, timestamptz)"),
    ]
