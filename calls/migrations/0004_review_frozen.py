"""What a review must never do, whoever writes.

`calls_review_moves`: how it ranks and how many judge is set before judging begins; judging is not unmade once somebody
has opened a file. `calls_freeze_criterion`: criteria stand from then on. `calls_freeze_panel`: so does the panel, but
for who takes another's place, and who leaves says why. `calls_guard_assignment`: nobody judges her own application, a
sheet made or taken away later says why, one handed in comes back only before the ranking stands.
`calls_guard_score`: a score is within its criterion's points and changes only while its sheet is open.
"""

from django.db import migrations

FREEZE = """
CREATE FUNCTION calls_review_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.judging_since IS NOT NULL AND NEW.judging_since IS NOT NULL
        AND ROW(NEW.stage_id, NEW.least, NEW.rank_by) IS DISTINCT FROM ROW(OLD.stage_id, OLD.least, OLD.rank_by) THEN
        RAISE check_violation USING MESSAGE = 'review_frozen';
    END IF;
    IF OLD.judging_since IS NOT NULL AND NEW.judging_since IS NULL AND EXISTS (
        SELECT 1 FROM calls_assignment JOIN calls_reviewer ON calls_reviewer.id = reviewer_id
         WHERE review_id = OLD.id AND opened_at IS NOT NULL) THEN
        RAISE check_violation USING MESSAGE = 'review_opened';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER review_moves BEFORE UPDATE ON calls_review
    FOR EACH ROW EXECUTE FUNCTION calls_review_moves();

CREATE FUNCTION calls_freeze_criterion() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    since timestamptz;
BEGIN
    SELECT judging_since INTO since FROM calls_review
     WHERE id = CASE WHEN TG_OP = 'DELETE' THEN OLD.review_id ELSE NEW.review_id END FOR SHARE;
    IF since IS NOT NULL THEN
        RAISE check_violation USING MESSAGE = 'review_frozen';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER criterion_frozen BEFORE INSERT OR UPDATE OR DELETE ON calls_criterion
    FOR EACH ROW EXECUTE FUNCTION calls_freeze_criterion();

CREATE FUNCTION calls_freeze_panel() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    since timestamptz;
BEGIN
    SELECT judging_since INTO since FROM calls_review
     WHERE id = CASE WHEN TG_OP = 'DELETE' THEN OLD.review_id ELSE NEW.review_id END FOR SHARE;
    IF since IS NULL THEN
        RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    IF TG_OP = 'DELETE' THEN
        RAISE check_violation USING MESSAGE = 'panel_frozen';
    END IF;
    IF TG_OP = 'INSERT' THEN
        PERFORM 1 FROM calls_reviewer AS before
          WHERE before.id = NEW.replaces_id AND before.review_id = NEW.review_id
            AND before.left_at IS NOT NULL AND before.left_reason <> '';
        IF NOT FOUND THEN
            RAISE check_violation USING MESSAGE = 'panel_frozen';
        END IF;
    ELSIF ROW(NEW.review_id, NEW.user_id, NEW.replaces_id, NEW.is_outside)
        IS DISTINCT FROM ROW(OLD.review_id, OLD.user_id, OLD.replaces_id, OLD.is_outside)
        OR (NEW.left_at IS NOT NULL AND NEW.left_reason = '')
        OR (OLD.left_at IS NOT NULL AND NEW.left_at IS NULL) THEN
        RAISE check_violation USING MESSAGE = 'panel_frozen';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER panel_frozen BEFORE INSERT OR UPDATE OR DELETE ON calls_reviewer
    FOR EACH ROW EXECUTE FUNCTION calls_freeze_panel();

CREATE FUNCTION calls_guard_assignment() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    since timestamptz;
    stands timestamptz;
    own boolean;
BEGIN
    SELECT judging_since, ranked_at INTO since, stands FROM calls_review
      JOIN calls_candidate ON calls_candidate.review_id = calls_review.id
     WHERE calls_candidate.id = CASE WHEN TG_OP = 'DELETE' THEN OLD.candidate_id ELSE NEW.candidate_id END
       FOR SHARE OF calls_review;
    IF TG_OP = 'DELETE' THEN
        IF since IS NOT NULL THEN
            RAISE check_violation USING MESSAGE = 'assignment_frozen';
        END IF;
        RETURN OLD;
    END IF;
    IF stands IS NOT NULL THEN
        RAISE check_violation USING MESSAGE = 'ranking_stands';
    END IF;
    IF TG_OP = 'INSERT' THEN
        SELECT talent.user_id = seat.user_id INTO own
          FROM calls_reviewer AS seat, calls_candidate AS candidate
          JOIN calls_application AS application ON application.id = candidate.application_id
          JOIN talents_talent AS talent ON talent.id = application.talent_id
         WHERE seat.id = NEW.reviewer_id AND candidate.id = NEW.candidate_id;
        IF own THEN
            RAISE check_violation USING MESSAGE = 'own_application';
        END IF;
        IF since IS NOT NULL AND NEW.assign_reason = '' THEN
            RAISE check_violation USING MESSAGE = 'assignment_needs_reason';
        END IF;
    ELSIF ROW(NEW.reviewer_id, NEW.candidate_id) IS DISTINCT FROM ROW(OLD.reviewer_id, OLD.candidate_id)
        OR (since IS NOT NULL AND NEW.removed_at IS NOT NULL AND NEW.remove_reason = '') THEN
        RAISE check_violation USING MESSAGE = 'assignment_frozen';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER assignment_guarded BEFORE INSERT OR UPDATE OR DELETE ON calls_assignment
    FOR EACH ROW EXECUTE FUNCTION calls_guard_assignment();

CREATE FUNCTION calls_guard_score() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    points integer;
    fits boolean;
    is_open boolean;
BEGIN
    SELECT calls_criterion.most, calls_criterion.review_id = calls_candidate.review_id,
           calls_assignment.handed_in_at IS NULL AND calls_assignment.opened_at IS NOT NULL
           AND calls_assignment.recused_at IS NULL AND calls_assignment.removed_at IS NULL
      INTO points, fits, is_open
      FROM calls_criterion, calls_assignment
      JOIN calls_candidate ON calls_candidate.id = calls_assignment.candidate_id
     WHERE calls_criterion.id = NEW.criterion_id AND calls_assignment.id = NEW.assignment_id
       FOR SHARE OF calls_assignment;
    IF NOT fits OR NEW.value > points THEN
        RAISE check_violation USING MESSAGE = 'score_out_of_range';
    END IF;
    IF NOT is_open THEN
        RAISE check_violation USING MESSAGE = 'score_frozen';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER score_guarded BEFORE INSERT OR UPDATE OF value, criterion_id, assignment_id ON calls_score
    FOR EACH ROW EXECUTE FUNCTION calls_guard_score();
"""
THAW = """
DROP TRIGGER score_guarded ON calls_score;
DROP FUNCTION calls_guard_score;
DROP TRIGGER assignment_guarded ON calls_assignment;
DROP FUNCTION calls_guard_assignment;
DROP TRIGGER panel_frozen ON calls_reviewer;
DROP FUNCTION calls_freeze_panel;
DROP TRIGGER criterion_frozen ON calls_criterion;
DROP FUNCTION calls_freeze_criterion;
DROP TRIGGER review_moves ON calls_review;
DROP FUNCTION calls_review_moves;
"""


class Migration(migrations.Migration):
    """The triggers above."""

    dependencies = [("calls", "0003_public_notice")]

    operations = [migrations.RunSQL(FREEZE, THAW)]
