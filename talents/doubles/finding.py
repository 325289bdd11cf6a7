"""Pairs of records that may be one woman's: found in SQL by four indexes, kept in a table.

`LIKE` is the rule. It is asked of records that were written since (ToCompare, filled by a trigger), a few thousand
at a time, so no pair is looked at twice while nothing changes; the dossier asks it of one record.
"""

from django.db import connection, transaction
from django.db.models import Q

from talents.doubles.models import Pair

CHUNK = 1000
# A phone that more people gave is an office's, and says nothing.
MOST_ONE_PHONE = 5
# A sound and a month that more women share are common, and say nothing without the unit: pairs would grow by the square.
MOST_ONE_SOUND = 20
WEIGHTS = {"id_number": 8, "phone": 4, "work": 2, "sound": 1}
LIKE = """
WITH hers AS (
    SELECT *, (SELECT count(*) FROM (SELECT 1 FROM talents_talent held
                WHERE held.pinyin_name = talent.pinyin_name AND held.birth_month = talent.birth_month
                LIMIT %(sound)s + 1) few) <= %(sound)s AS sounds_rare
      FROM talents_talent talent
     WHERE id = ANY(%(ids)s) AND state IN ('submitted', 'returned', 'verified')
), alike AS (
    SELECT hers.id, other.id AS other, 'id_number' AS reason
      FROM hers JOIN talents_talent other USING (id_number_index)
    UNION ALL
    SELECT hers.id, other.id, 'phone'
      FROM hers JOIN talents_talent other USING (phone_index)
     WHERE (SELECT count(*) FROM (SELECT 1 FROM talents_talent held
             WHERE held.phone_index = hers.phone_index LIMIT %(most)s + 1) few) <= %(most)s
    UNION ALL
    SELECT hers.id, other.id, unnest(CASE
        WHEN hers.full_name = other.full_name
         AND (hers.unit_id = other.unit_id OR (hers.unit_id IS NULL AND other.unit_id IS NULL
              AND hers.unit_text <> '' AND hers.unit_text = other.unit_text))
        THEN ARRAY['work', 'sound'] WHEN sounds_rare THEN ARRAY['sound'] ELSE ARRAY[]::text[] END)
      FROM hers JOIN talents_talent other USING (pinyin_name, birth_month)
     WHERE pinyin_name <> ''
       -- Two different numbers are two women, however alike.
       AND (hers.id_number_index <> other.id_number_index) IS NOT TRUE
)
SELECT least(alike.id, other), greatest(alike.id, other), array_agg(DISTINCT reason::varchar)
  FROM alike JOIN talents_talent seen ON seen.id = other
 WHERE alike.id <> other AND seen.state IN ('submitted', 'returned', 'verified')
 GROUP BY 1, 2 ORDER BY 1, 2
"""


def alike(ids):
    """Return {(older pk, newer pk): [Likeness values]} of the pairs these records are in."""
    with connection.cursor() as cursor:
        asked = {"ids": list(ids), "most": MOST_ONE_PHONE, "sound": MOST_ONE_SOUND}
        cursor.execute(LIKE, asked)
        return {(first, second): reasons for first, second, reasons in cursor.fetchall()}


def weight(reasons):
    """Return how likely these likenesses make one woman of two records."""
    return sum(WEIGHTS[reason] for reason in reasons)


def look_again(*, now, most=CHUNK):
    """Find the pairs of up to `most` records that were written since; returns how many records were looked at.

    What nobody has judged and is alike no more is dropped; what was judged stays judged.
    """
    with transaction.atomic():
        ids = _take(most)
        if not ids:
            return 0
        found = alike(ids)
        stale = Pair.objects.filter(apart_at=None).filter(_of(ids))
        gone = [pair.pk for pair in stale if (pair.first_id, pair.second_id) not in found]
        Pair.objects.filter(pk__in=gone).delete()
        Pair.objects.bulk_create(
            [
                Pair(
                    first_id=first,
                    second_id=second,
                    reasons=reasons,
                    weight=weight(reasons),
                    found_at=now,
                )
                for (first, second), reasons in found.items()
            ],
            update_conflicts=True,
            unique_fields=["first", "second"],
            update_fields=["reasons", "weight"],
        )
        return len(ids)


def _of(ids):
    return Q(first__in=ids) | Q(second__in=ids)


def _take(most):
    """Take the numbers of up to `most` records from the queue; those being written now are left for later."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            -- Materialized: as a plain IN the planner may ask the subquery again for each row, and take more.
            WITH taken AS MATERIALIZED (
                SELECT talent_id FROM talents_tocompare ORDER BY talent_id
                   FOR UPDATE SKIP LOCKED LIMIT %s)
            DELETE FROM talents_tocompare waiting USING taken WHERE waiting.talent_id = taken.talent_id
            RETURNING waiting.talent_id
            """,
            [most],
        )
        return [pk for (pk,) in cursor.fetchall()]
