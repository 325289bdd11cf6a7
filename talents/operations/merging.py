"""Two records of one woman become one, on a clerk's word; and two again while nothing depends on it.

The one write path for it: a record she handed in and one a unit reported, or two that were reported. Her account,
if one of the two has one, goes to the record that is kept.
"""

import json

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from kernel.errors import Conflict
from kernel.words import listed
from notices import operations as notices
from privacy import audit
from talents import search, versions
from talents.career import keeping
from talents.career.sources import FactSource, source_of
from talents.doubles.models import KEPT_FOR, Merge
from talents.doubles.moving import movings
from talents.erasure.waiting import follow_account
from talents.models import NOT_SHOWN, Claim, Talent, TalentState
from talents.operations import parting
from talents.operations.claims.asking import drop_claims
from talents.operations.decisions import clean_reason, why_not_current, why_not_decide
from talents.operations.profile import NOT_AGREED, why_not_id_number
from talents.operations.proposals import drop_proposals
from talents.operations.records import (
    keep_account_in_step,
    lock_account,
    merged_into,
    save_record,
)

# What a clerk chooses between, each with the columns it stands for: what says since when, or which part of it, too.
CHOICES = {
    "full_name": ("full_name",),
    "birth_month": ("birth_month",),
    "id_number": ("id_number",),
    "political_status": ("political_status",),
    "phone": ("phone",),
    "email": ("email",),
    "unit": ("unit_id", "unit_text", "unit_since"),
    "position": ("position",),
    "professional_title": ("professional_title", "title_since"),
    "title_level": ("title_level", "title_since"),
    "tier": ("tier", "tier_apart"),
    "education_level": ("education_level", "graduated"),
    "degree": ("degree",),
    "school_and_major": ("school_and_major",),
    "discipline": ("discipline", "discipline_detail"),
    "industry": ("industry", "industry_division"),
    "research_fields": ("research_fields",),
    "overseas_detail": ("overseas_study", "overseas_detail"),
    "honours": ("honours",),
    "remark": ("remark",),
}
# What stays of a merged record after 30 days: its key, which rows of other apps may name.
STAYS = {"id", "code", "department", "state", "created_at", "verified_at"}
# Merges that are closed with one beat.
MOST_AT_ONCE = 50


# --- rules -----------------------------------------------------------------------------------------
def why_not_merge(keep, lose, by):
    """Return why `by` cannot put the record `lose` into `keep` (DomainError), or None."""
    if error := why_not_decide(keep, by):
        return error
    if keep.pk == lose.pk:
        return Conflict("same_record", _("不能把一份档案并入它自己，请选择另一份。"))
    if Merge.objects.filter(kept=keep, lost=lose, undone_at=None).exists():
        return Conflict("already_merged", _("这两份档案已经合并，请刷新页面。"))
    return why_not_decide(lose, by) or _why_not_these(keep, lose)


def _why_not_these(keep, lose):
    if keep.state in NOT_SHOWN or lose.state in NOT_SHOWN:
        sentence = _("没有提交的、本人已退出的和已并入其他档案的，不能合并。")
        return Conflict("not_handed_in", sentence)
    if keep.department_id != lose.department_id:
        sentence = _("两份档案属于不同的部门，请先转交到同一个部门再合并。")
        return Conflict("two_departments", sentence)
    if keep.user_id and lose.user_id:
        sentence = _(
            "两份档案各有一个账号，不能合并。请与本人确认留用哪个账号：另一份如是误认领的，先撤销认领；否则请她注销另一个账号。"
        )
        return Conflict("two_accounts", sentence)
    if lose.is_verified and not keep.is_verified:
        return Conflict("keep_verified", _("请保留已入库的那一份，把未入库的并入它。"))
    errors = (moving.why_not(keep, lose) for moving in movings())
    return next(filter(None, errors), None)


def live_merge(talent):
    """Return the newest merge into a record that can still be undone, or None."""
    return talent.merges.undoable().select_related("kept", "lost").first()


def why_not_undo_merge(merge, by):
    """Return why `by` cannot take a merge back (DomainError), or None: it says on what it depends."""
    if error := why_not_decide(merge.kept, by):
        return error
    if merge.undone_at:
        return Conflict("merge_undone", _("这次合并已经撤销，请刷新页面。"))
    if merge.trace is None:
        return Conflict("merge_too_old", _("合并已满 30 天，不能再撤销。"))
    if merge.kept.state in NOT_SHOWN:
        sentence = _("保留的档案已退出或并入其他档案，请先恢复它，再撤销合并。")
        return Conflict("kept_gone", sentence)
    if merge.kept.merges.filter(undone_at=None, pk__gt=merge.pk).exists():
        sentence = _("这份档案后来又合并了另一份，请先撤销后一次合并。")
        return Conflict("merged_again", sentence)
    return _why_depended_on(merge, json.loads(merge.trace))


def _why_depended_on(merge, trace):
    keep, lose = merge.kept, merge.lost
    if trace["user"] and keep.user_id != trace["user"]:
        sentence = _("合并以后，她的账号已不在这份档案上，不能撤销。")
        return Conflict("account_changed", sentence)
    later = []
    for moving in movings():
        moved = trace["moved"].get(moving.key)
        if moved is None:
            continue
        if error := moving.why_not_back(keep, lose, moved):
            return error
        if trace["user"] and (count := moving.later(keep, moved)):
            later.append(_("%(words)s %(count)s 项") % {"words": moving.words, "count": count})
    if later:
        sentence = _("合并以后又有了%(later)s，不能撤销。请用更正、转交等办法处理。")
        return Conflict("depended_on", sentence % {"later": listed(later)})
    return None


# --- merging ---------------------------------------------------------------------------------------
@transaction.atomic
def merge_records(*, keep, lose, reason, by, now, chosen=(), seen=None):
    """Put the record `lose` into `keep`, on a clerk's word; returns the Merge.

    `chosen` are names of CHOICES that are taken from `lose`; all else stays as `keep` has it. What hangs on
    `lose` goes over as the apps declare it (talents.doubles.moving), her account and the claims with it; what waits
    about `lose` is dropped. `seen` is {pk: `updated_at`} of both as the clerk read them. Undone by `undo_merge`
    within 30 days. Raises what `why_not_merge` returns, Refused("consent_needed"), Conflict("record_changed"), Conflict("id_number_known"),
    Invalid("reason_missing"), Invalid("reason_too_long").
    """
    if unknown := set(chosen) - set(CHOICES):
        raise ValueError(f"nothing to choose: {sorted(unknown)}")
    if error := why_not_merge(keep, lose, by):
        raise error
    keep, lose = _lock(keep, lose)
    if error := why_not_merge(keep, lose, by) or _why_not_seen((keep, lose), seen):
        raise error
    if "id_number" in chosen and (error := why_not_id_number(keep, lose.id_number, NOT_AGREED)):
        raise error
    reason = clean_reason(reason, _("请写明合并的理由，至少四个字。"))
    user, state, version = lose.user, lose.state, versions.newest(keep)
    drop_proposals(lose, by, now)
    if user:
        drop_claims(user, by, now)
    _put_aside(lose, now)
    fields = _take_over(keep, lose, chosen, user, now)
    moved = {moving.key: moving.move(keep, lose, now) for moving in movings()}
    _find_by_what_moved(keep, lose)
    trace = {"user": user and user.pk, "state": state, "version": version}
    trace |= {"fields": fields, "moved": moved, "left": user and parting.left_as(keep)}
    merge = Merge.objects.create(
        kept=keep, lost=lose, trace=_dump(trace), reason=reason, at=now, by=by
    )
    audit.record("talents.merge_records", keep, by=by, at=now, reason=reason, fields=list(chosen))
    audit.record("talents.merge_records", lose, by=by, at=now, into=keep.pk, state=lose.state)
    _tell("talents.merged", keep, merge, now)
    return merge


def _lock(one, other):
    """Lock the accounts of two records, then the records by number; returns them as they stand, in the order given."""
    users = {one.user_id, other.user_id} - {None}
    for user in sorted(users):
        lock_account(user)
    rows = {
        talent.pk: talent
        for talent in Talent.objects.locked().filter(pk__in=[one.pk, other.pk]).order_by("pk")
    }
    found = [rows.get(one.pk), rows.get(other.pk)]
    # Claimed in between: its account is not locked, and may not be any more (accounts come first).
    if None in found or {talent.user_id for talent in found} - {None} != users:
        raise _changed()
    return found


def _changed():
    return Conflict("record_changed", _("档案刚刚有了变化，请刷新页面，看过再办理。"))


def _why_not_seen(talents, seen):
    errors = (why_not_current(talent, (seen or {}).get(talent.pk)) for talent in talents)
    return next(filter(None, errors), None)


def _put_aside(lose, now):
    """Take a record out of every list, without an account, so that the other one can take its numbers."""
    lose.user, lose.state, lose.updated_at = None, TalentState.MERGED, now
    lose.save()


def _take_over(keep, lose, chosen, user, now):
    """Write what was chosen, and her account, into the record that is kept; returns {column: [before, after]}."""
    columns = [column for name in chosen for column in CHOICES[name]]
    values = {column: getattr(lose, column) for column in columns}
    if proved := proved_phone(keep, lose, user):
        values["phone"] = proved
    values["facts"] = keep.facts | {name: _said(lose, name) for name in chosen}
    values["written_by"] = str(FactSource.STAFF)
    before = {column: getattr(keep, column) for column in values}
    for column, value in values.items():
        setattr(keep, column, value)
    if user:
        keep.user = user
    keep.updated_at = now
    with keeping.setting_right():
        save_record(keep)
    if user:
        user.talent = keep
    keep_account_in_step(keep, now)
    return {
        column: [before[column], value]
        for column, value in values.items()
        if before[column] != value
    }


def proved_phone(keep, lose, user=None):
    """Return the phone the woman of one of two records has proved, which is the record's; None where none is."""
    user = user or keep.user or lose.user
    return user.phone if user and user.phone_verified else None


def _said(talent, name):
    """Return [who said a field of a record, on which day], as `facts` holds it."""
    source, day = source_of(talent, name)
    return [str(source), day and day.isoformat()]


def _find_by_what_moved(*talents):
    """Bring the search in step: works go with their record."""
    search.refresh(Talent.objects.filter(pk__in=[talent.pk for talent in talents]))


def _dump(trace):
    return json.dumps(trace, cls=DjangoJSONEncoder, ensure_ascii=False)


def _tell(kind, talent, merge, now):
    if talent.user_id:
        key = f"{merge.pk}:{talent.pk}"
        notices.queue(kind, to=talent.user, obj=key, at=now, link=notices.page_link("profile"))


# --- and back --------------------------------------------------------------------------------------
@transaction.atomic
def undo_merge(*, merge, reason, by, now):
    """Make two records again of what `merge_records` made one; returns the Merge.

    Each field is as it was before, unless staff have changed it since; what was moved goes back, her account too, and
    what she has written with it meanwhile.
    Raises what `why_not_undo_merge` returns, Conflict("record_changed"), Conflict("id_number_known"),
    Invalid("reason_missing"), Invalid("reason_too_long").
    """
    if error := why_not_undo_merge(merge, by):
        raise error
    keep, lose = _lock(merge.kept, merge.lost)
    merge = Merge.objects.select_for_update().get(pk=merge.pk)
    merge.kept, merge.lost = keep, lose
    if error := why_not_undo_merge(merge, by):
        raise error
    reason = clean_reason(reason, _("请写明撤销的理由，至少四个字。"))
    trace = json.loads(merge.trace)
    user = keep.user if trace["user"] else None
    if user:
        drop_proposals(keep, by, now)
        parting.give_words_back(keep, lose, trace["left"], merge.at)
    _give_back(keep, trace, user, now)
    lose.user, lose.state, lose.updated_at = user, trace["state"], now
    save_record(lose)
    if user:
        user.talent = lose
    keep_account_in_step(lose, now)
    for moving in reversed(movings()):
        if moved := trace["moved"].get(moving.key):
            moving.back(keep, lose, moved, now)
    if user:
        newest = trace["moved"]["talents.CareerEntry.talent"]["newest"]
        parting.give_career_back(keep, lose, trace["left"], newest)
    _find_by_what_moved(keep, lose)
    if user:
        follow_account(user.pk, by=by, now=now)
    merge.trace, merge.undone_at = None, now
    merge.save()
    for talent in (keep, lose):
        state = {"state": talent.state}
        audit.record("talents.undo_merge", talent, by=by, at=now, reason=reason, **state)
    _tell("talents.merge_undone", lose if user else keep, merge, now)
    return merge


def _give_back(keep, trace, user, now):
    """Put back what the merge wrote into the kept record, where it stands as the merge left it."""
    for column, (before, after) in trace["fields"].items():
        field = _field(column)
        if json.loads(_dump(getattr(keep, column))) == after:
            setattr(keep, column, before if before is None else field.to_python(before))
    if user:
        keep.user = None
    keep.updated_at = now
    others = {column: after for column, (_before, after) in trace["fields"].items()}
    versions.forget_since(keep, trace["version"], None if user else others)
    with keeping.setting_right():
        save_record(keep)


def _field(column):
    return Talent._meta.get_field(column.removesuffix("_id"))


def forget_merged_numbers(keep):
    """Erase the identity numbers of what was merged into a record, and those in the traces: no undoing brings one back."""
    records = list(merged_into([keep]).locked())
    for record in records:
        if record.id_number:
            record.id_number = None
            record.save(update_fields=["id_number", "id_number_index"])
    for merge in Merge.objects.undoable().filter(kept__in=[keep, *records]):
        trace = json.loads(merge.trace)
        if trace["fields"].pop("id_number", None):
            merge.trace = _dump(trace)
            merge.save(update_fields=["trace"])


# --- what the clock does ---------------------------------------------------------------------------
def follow_merges(*, now):
    """Move what came to name a record in the instant it was merged, and close merges older than 30 days.

    Who books or earns at that moment holds an event or an account and not the record, so a row may be written
    beside the merge. Returns how many merges were closed.
    """
    for merge in _left_something():
        _follow(merge, now)
    old = Merge.objects.undoable().filter(at__lt=now - KEPT_FOR).order_by("pk")[:MOST_AT_ONCE]
    return sum(_close(merge, now) for merge in list(old))


def _left_something():
    """Return the merges that can be undone and whose lost record is named by something, in one query for each Moving."""
    lost = Merge.objects.undoable().values("lost")
    named = {pk for moving in movings() for pk in moving.named(lost)}
    return list(Merge.objects.undoable().filter(lost__in=named).order_by("-pk"))


@transaction.atomic
def _follow(merge, now):
    keep, lose = _lock(merge.kept, merge.lost)
    merge = Merge.objects.select_for_update().get(pk=merge.pk)
    if merge.trace is None:
        return
    trace = json.loads(merge.trace)
    for moving in movings():
        moved = moving.move(keep, lose, now)
        known = trace["moved"].setdefault(moving.key, {"ids": [], "newest": 0})
        known["ids"] += moved["ids"]
        known["newest"] = max(known["newest"], *moved["ids"], 0)
    merge.trace = _dump(trace)
    merge.save()


@transaction.atomic
def _close(merge, now):
    """Delete the trace, and what the merged record still says of her; returns 1, 0 where it was done before."""
    lose = Talent.objects.locked().get(pk=merge.lost_id)
    merge = Merge.objects.select_for_update().get(pk=merge.pk)
    if merge.trace is None:
        return 0
    # The claims that went over keep what the lost record held before: that is of no use to the other.
    moved = json.loads(merge.trace)["moved"].get("talents.Claim.talent", {"ids": []})
    Claim.objects.filter(Q(pk__in=moved["ids"]) | Q(talent=lose)).update(before=None)
    merge.trace = None
    merge.save()
    for field in Talent._meta.concrete_fields:
        if field.name not in STAYS:
            setattr(lose, field.attname, field.get_default())
    lose.updated_at = now
    lose.save()
    versions.forget([lose])
    audit.record("talents.close_merge", lose, by=None, at=now, into=merge.kept_id)
    return 1
