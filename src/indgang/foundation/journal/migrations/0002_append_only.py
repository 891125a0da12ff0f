"""The journal's promises, kept by the database itself: entries and seals are only ever added, and every new entry waits for its seal."""

from django.db import migrations

REFUSE = """
CREATE FUNCTION journal_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The journal is append-only: % on % is refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation', HINT = 'Write a new entry that says what is right.';
END
$$;
CREATE TRIGGER journal_entry_refuses_change BEFORE UPDATE OR DELETE ON journal_entry
    FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse_change();
CREATE TRIGGER journal_entry_refuses_truncate BEFORE TRUNCATE ON journal_entry
    FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse_change();
CREATE TRIGGER journal_seal_refuses_change BEFORE UPDATE OR DELETE ON journal_seal
    FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse_change();
CREATE TRIGGER journal_seal_refuses_truncate BEFORE TRUNCATE ON journal_seal
    FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse_change();
ALTER TABLE journal_entry ENABLE ALWAYS TRIGGER journal_entry_refuses_change;
ALTER TABLE journal_entry ENABLE ALWAYS TRIGGER journal_entry_refuses_truncate;
ALTER TABLE journal_seal ENABLE ALWAYS TRIGGER journal_seal_refuses_change;
ALTER TABLE journal_seal ENABLE ALWAYS TRIGGER journal_seal_refuses_truncate;
"""

ALLOW = """
DROP TRIGGER journal_entry_refuses_change ON journal_entry;
DROP TRIGGER journal_entry_refuses_truncate ON journal_entry;
DROP TRIGGER journal_seal_refuses_change ON journal_seal;
DROP TRIGGER journal_seal_refuses_truncate ON journal_seal;
DROP FUNCTION journal_refuse_change();
"""

AWAIT_SEAL = """
CREATE FUNCTION journal_await_seal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO journal_pending (entry_id) SELECT id FROM added;
    RETURN NULL;
END
$$;
CREATE TRIGGER journal_entry_awaits_seal AFTER INSERT ON journal_entry
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION journal_await_seal();
"""

FORGET_SEAL = """
DROP TRIGGER journal_entry_awaits_seal ON journal_entry;
DROP FUNCTION journal_await_seal();
"""


class Migration(migrations.Migration):
    dependencies = [("journal", "0001_initial")]

    operations = [migrations.RunSQL(REFUSE, ALLOW), migrations.RunSQL(AWAIT_SEAL, FORGET_SEAL)]
