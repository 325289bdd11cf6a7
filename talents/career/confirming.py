"""A record stays current: she, or her unit, stands for it again, and she is asked once when it is due."""

from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from kernel.errors import Conflict
from notices import operations as notices
from notices.operations import Letter
from privacy import audit
from talents import standing
from talents.career import keeping
from talents.career.sources import FactSource
from talents.models import Talent
from talents.operations.profile import why_not_write
from talents.operations.records import lock_record, why_not_hers

# She who looks in by herself within these days is not written to.
GRACE = timedelta(days=3)
CHUNK = 200


def is_due(talent, now):
    """Tell whether somebody should stand for a record again."""
    return bool(
        talent.is_verified
        and not talent.moved_away_on
        and talent.confirm_from
        and talent.confirm_from <= now
    )


def why_not_confirm(talent, by):
    """Return why `by` cannot stand for a record (DomainError), or None: she alone, once it is in the database."""
    if error := why_not_hers(talent.user_id, by) or why_not_write(talent):
        return error
    if not talent.is_verified:
        return Conflict("not_verified", _("档案入库以后才需要每年核对。"))
    return None


@transaction.atomic
def confirm(*, talent, by, now):
    """Note that everything on a record still holds; a second time on one day changes nothing. Returns the Talent.

    Raises Refused("not_yours"), Conflict("left_database"), Conflict("not_verified").
    """
    if error := why_not_confirm(talent, by):
        raise error
    talent = lock_record(talent)
    if error := why_not_confirm(talent, by):
        raise error
    if _confirmed_today(talent, now) and not is_due(talent, now):
        return talent
    keeping.stand_for(talent, FactSource.SELF, now)
    talent.save(update_fields=STOOD_FOR)
    # Who said an entry stays; no version of its history, for nothing in it changed.
    talent.career.kept().update(confirmed_at=now)
    audit.record("talents.confirm", talent, by=by, at=now)
    return talent


STOOD_FOR = ["confirmed_at", "confirmed_by", "confirm_from", "confirm_asked_at"]


def _confirmed_today(talent, now):
    at = talent.confirmed_at
    by_herself = talent.confirmed_by == FactSource.SELF
    return by_herself and at and timezone.localdate(at) == timezone.localdate(now)


def ask_due(*, now):
    """Ask the women whose records are due to look them through, each once; returns how many were written to.

    Whose record is not listed any more because nobody stood for it is told that, once, and how to come back.

    What was asked is marked in the transaction that queues it, and a notice's key is the day it fell due: a
    run that is repeated, or two at once, ask nobody twice. Who did not agree to messages finds it on 我的.
    """
    asked = 0
    while count := _ask_some(_to_ask(now), "talents.confirm_due", now):
        asked += count
    while count := _ask_some(_to_tell(now), "talents.confirm_overdue", now):
        asked += count
    return asked


def _to_ask(now):
    return Talent.objects.due_for_confirmation(now - GRACE).filter(confirm_asked_at=None)


def _to_tell(now):
    """Return those who were asked before their record became too old to be listed, and not told since."""
    old = standing.stale(Talent.objects.active(), timezone.localdate(now))
    return old.filter(confirm_asked_at__lt=F("confirm_from") + standing.STALE_AFTER)


@transaction.atomic
def _ask_some(due, kind, now):
    due = due.filter(user__isnull=False).select_related("user").order_by("confirm_from", "pk")
    people = list(due.select_for_update(of=("self",), no_key=True, skip_locked=True)[:CHUNK])
    notices.queue_all([_letter(talent, kind) for talent in people], at=now)
    Talent.objects.filter(pk__in=[talent.pk for talent in people]).update(confirm_asked_at=now)
    return len(people)


def _letter(talent, kind):
    key = f"{talent.pk}:{timezone.localdate(talent.confirm_from).isoformat()}"
    context = {"name": talent.full_name}
    link = notices.page_link("profile_confirm")
    return Letter(kind, talent.user, key, context, link=link)
