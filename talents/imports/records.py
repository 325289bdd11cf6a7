"""Records that exist already, written many at once."""

from talents import versions
from talents.models import Talent

UPSERTED = [
    f.name
    for f in Talent._meta.concrete_fields
    if f.name not in ("id", "code", "created_at", "user")
]


def save_many(talents, *, user, now):
    """Store changed Talents, their search columns included, and a version of each."""
    # INSERT … ON CONFLICT (id) DO UPDATE: one statement, where bulk_update would send a CASE
    # for every field of every row.
    Talent.objects.bulk_create(
        talents, update_conflicts=True, unique_fields=["id"], update_fields=UPSERTED
    )
    versions.keep_many(talents, created=False, user=user, now=now)
