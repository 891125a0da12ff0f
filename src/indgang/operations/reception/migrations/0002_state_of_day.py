"""What queries/stamps.py asks every other second. A function, because PostgreSQL then keeps its plan: planning took longer than looking."""

from django.db import migrations

# Whom the day's pages show: who is booked or was seen that day, and who sits at a desk since another.
FUNCTION = """
CREATE FUNCTION reception_state_of_day(of_house bigint, of_region bigint, begins timestamptz, ends timestamptz) RETURNS text
LANGUAGE plpgsql STABLE AS $$ BEGIN RETURN (
    WITH today AS MATERIALIZED (
        SELECT j.id, j.contact_id, j.xmin::text || j.ctid::text AS version FROM reception_journey j WHERE j.house_id = of_house AND j.id IN (
            SELECT v.journey_id FROM reception_appointment a JOIN reception_visit v ON v.id = a.visit_id
                WHERE lower(a.period) >= begins AND lower(a.period) < ends
            UNION SELECT v.journey_id FROM reception_visit v WHERE v.arrived_at >= begins AND v.arrived_at < ends
            UNION SELECT v.journey_id FROM reception_visit v WHERE v.status IN ('called', 'serving')))
    SELECT md5(concat_ws('|',
        (SELECT string_agg(t.version, ' ' ORDER BY t.id) FROM today t),
        (SELECT string_agg(concat(v.xmin, v.ctid, a.xmin, a.ctid), ' ' ORDER BY v.id, a.id)
            FROM today t JOIN reception_visit v ON v.journey_id = t.id LEFT JOIN reception_appointment a ON a.visit_id = v.id),
        (SELECT string_agg(concat(r.xmin, r.ctid, p.xmin, p.ctid), ' ' ORDER BY r.id)
            FROM today t JOIN reception_traveller r ON r.journey_id = t.id JOIN parties_person p ON p.id = r.person_id),
        (SELECT string_agg(concat(c.xmin, c.ctid), ' ' ORDER BY c.id) FROM today t JOIN parties_person c ON c.id = t.contact_id),
        (SELECT string_agg(concat(n.xmin, n.ctid), ' ' ORDER BY n.id) FROM today t JOIN reception_ticket n ON n.journey_id = t.id),
        (SELECT string_agg(concat(d.xmin, d.ctid, s.xmin, s.ctid), ' ' ORDER BY d.id, s.id)
            FROM reception_desk d LEFT JOIN reception_desk_services s ON s.desk_id = d.id WHERE d.house_id = of_house),
        (SELECT string_agg(concat(b.xmin, b.ctid), ' ' ORDER BY b.id) FROM reception_resource b WHERE b.house_id = of_house),
        (SELECT string_agg(concat(o.xmin, o.ctid), ' ' ORDER BY o.id) FROM reception_service o WHERE o.region_id = of_region),
        (SELECT string_agg(concat(l.xmin, l.ctid), ' ' ORDER BY l.id) FROM reception_linesetting l WHERE l.house_id = of_house),
        (SELECT string_agg(concat(u.xmin, u.ctid), ' ' ORDER BY u.id) FROM reception_resource u WHERE u.house_id = of_house),
        (SELECT string_agg(concat(h.xmin, h.ctid), ' ' ORDER BY h.id) FROM reception_priority h WHERE h.house_id = of_house)))
); END $$
"""


class Migration(migrations.Migration):
    dependencies = [("reception", "0001_initial"), ("parties", "0001_initial")]
    operations = [migrations.RunSQL(FUNCTION, "DROP FUNCTION reception_state_of_day(bigint, bigint, timestamptz, timestamptz)")]
