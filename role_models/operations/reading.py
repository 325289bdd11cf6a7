"""How often a story is read: a number for each day."""

from django.db import connection
from django.utils import timezone

from kernel.errors import Refused

MOST_IN_A_MINUTE = 30

COUNT = """
INSERT INTO role_models_storyreads AS reads (story_id, day, count, minute, in_minute)
VALUES (%(story)s, %(day)s, 1, %(minute)s, 1)
ON CONFLICT (story_id, day) DO UPDATE
   SET count = reads.count + 1,
       in_minute = CASE WHEN reads.minute = EXCLUDED.minute THEN reads.in_minute + 1 ELSE 1 END,
       minute = EXCLUDED.minute
 WHERE reads.minute <> EXCLUDED.minute OR reads.in_minute < %(most)s
"""


def count_reader(*, story, now):
    """Count one reader of a shown story; raises Refused for one that is not shown. Returns whether it was counted.

    One statement, and nothing about anybody: who reads twice counts twice, whoever she is. A minute counts thirty at
    most, so a program that calls again and again moves a figure by what it is worth and no busy row waits for long:
    there is no need to gather counts elsewhere first.
    """
    if not story.is_shown:
        raise Refused("not_there", "")
    given = {
        "story": story.pk,
        "day": timezone.localdate(now),
        "minute": now.replace(second=0, microsecond=0),
        "most": MOST_IN_A_MINUTE,
    }
    with connection.cursor() as cursor:
        cursor.execute(COUNT, given)
        return bool(cursor.rowcount)
