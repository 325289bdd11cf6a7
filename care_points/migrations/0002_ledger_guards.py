"""The ledger's guards at the database: they hold against code, shell and hand-written SQL alike."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION care_points_move_balance() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE care_points_pointsaccount SET balance = balance + NEW.amount
    WHERE id = NEW.account_id AND kind = 'talent'
    RETURNING balance INTO NEW.balance_after;
    IF NOT FOUND THEN
        NEW.balance_after := NULL;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER entry_moves_balance BEFORE INSERT ON care_points_entry
FOR EACH ROW EXECUTE FUNCTION care_points_move_balance();

CREATE FUNCTION care_points_guard_account() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.balance <> 0 THEN
            RAISE EXCEPTION 'care points: an account opens with a balance of 0'
                USING ERRCODE = 'restrict_violation';
        END IF;
    ELSIF NEW.kind <> OLD.kind
        OR (NEW.balance IS DISTINCT FROM OLD.balance AND pg_trigger_depth() < 2) THEN
        RAISE EXCEPTION 'care points: a balance moves with entries only'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER account_guard BEFORE INSERT OR UPDATE ON care_points_pointsaccount
FOR EACH ROW EXECUTE FUNCTION care_points_guard_account();

CREATE FUNCTION care_points_check_transfer() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    wanted bigint;
    total bigint;
    lines integer;
BEGIN
    wanted := CASE TG_TABLE_NAME WHEN 'care_points_transfer' THEN to_jsonb(NEW) ->> 'id'
              ELSE to_jsonb(NEW) ->> 'transfer_id' END;
    SELECT sum(amount), count(*) INTO total, lines
    FROM care_points_entry WHERE transfer_id = wanted;
    IF lines < 2 OR total <> 0 THEN
        RAISE EXCEPTION 'care points: transfer % has % entries that sum to %', wanted, lines, total
            USING ERRCODE = 'check_violation', CONSTRAINT = 'transfer_balances';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER transfer_balances AFTER INSERT ON care_points_transfer
DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW EXECUTE FUNCTION care_points_check_transfer();
CREATE CONSTRAINT TRIGGER entry_balances AFTER INSERT ON care_points_entry
DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW EXECUTE FUNCTION care_points_check_transfer();

CREATE FUNCTION care_points_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('portal.allow_purge', true) = 'on' AND TG_OP <> 'UPDATE' THEN
        RETURN CASE TG_LEVEL WHEN 'ROW' THEN OLD END;
    END IF;
    RAISE EXCEPTION 'care points: the ledger is append-only (% on %)', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER transfer_append_only BEFORE UPDATE OR DELETE ON care_points_transfer
FOR EACH ROW EXECUTE FUNCTION care_points_append_only();
CREATE TRIGGER transfer_no_truncate BEFORE TRUNCATE ON care_points_transfer
FOR EACH STATEMENT EXECUTE FUNCTION care_points_append_only();
CREATE TRIGGER entry_append_only BEFORE UPDATE OR DELETE ON care_points_entry
FOR EACH ROW EXECUTE FUNCTION care_points_append_only();
CREATE TRIGGER entry_no_truncate BEFORE TRUNCATE ON care_points_entry
FOR EACH STATEMENT EXECUTE FUNCTION care_points_append_only();
"""

BACKWARD = """
DROP FUNCTION care_points_move_balance() CASCADE;
DROP FUNCTION care_points_guard_account() CASCADE;
DROP FUNCTION care_points_check_transfer() CASCADE;
DROP FUNCTION care_points_append_only() CASCADE;
"""


class Migration(migrations.Migration):
    """Triggers on accounts, transfers and entries."""

    dependencies = [("care_points", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
