"""The audit trail still only grows; but a person who is erased leaves its copied names.

Where the transaction says so (SET LOCAL jejaring.erasing = 'on'), an UPDATE may change the names and the data of an
entry, and nothing else: what was done, when, by which number and to which object stays as it was written.
"""

from django.db import migrations

FORWARD = """
CREATE OR REPLACE FUNCTION core_audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'TRUNCATE' AND current_setting('jejaring.allow_truncate', true) = 'on' THEN
        RETURN NULL;
    END IF;
    IF TG_OP = 'UPDATE' AND current_setting('jejaring.erasing', true) = 'on' THEN
        IF (to_jsonb(NEW) - ARRAY['actor_name', 'target_name', 'library_name', 'data'])
         = (to_jsonb(OLD) - ARRAY['actor_name', 'target_name', 'library_name', 'data']) THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'the audit trail is append-only (% refused)', TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;
"""
BACKWARD = """
CREATE OR REPLACE FUNCTION core_audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'TRUNCATE' AND current_setting('jejaring.allow_truncate', true) = 'on' THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION 'the audit trail is append-only (% refused)', TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0005_mail_unsubscribe")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
