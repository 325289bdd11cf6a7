"""What the app holds about one woman: her record, what she asked clerks for, what units sent in about her."""

from functools import reduce
from operator import or_

from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from kernel import ids
from kernel.portal import Group
from notices.models import Notice
from talents import versions
from talents.career import files
from talents.erasure import imported
from talents.exports import running as exports
from talents.growth.timeline import milestones
from talents.identity.models import Claim, ClaimState, Proposal, ProposalState
from talents.imports.models import ImportRow
from talents.models import (
    Asked,
    AskingWish,
    CareerEntry,
    CareerSnapshot,
    Endorsement,
    Evidence,
    Merge,
    Pair,
    PublicPage,
    Source,
    Talent,
    TalentState,
)
from talents.operations.proposals import PROPOSED_NUMBERS, PROPOSED_WORDS, empty_proposals
from talents.operations.records import merged_into
from talents.sharing import SharedRecord

COVERS = (
    "talents.Talent.user",
    "talents.Proposal.talent",
    "talents.Endorsement.talent",
    "talents.Claim.user",
    "talents.Claim.talent",
    "talents.Claim.kept",
    "talents.ImportRow.talent",
    "talents.SharedRecord.talent",
    "talents.Merge.kept",
    "talents.PublicPage.talent",
    "talents.Merge.lost",
    "talents.Asked.talent",
    "talents.AskingWish.talent",
    "talents.CareerEntry.talent",
    "talents.CareerSnapshot.talent",
    "talents.HistoricalCareerEntry.talent",
)
RECORD = (
    "code",
    "department",
    "state",
    "source",
    "tier",
    "full_name",
    "id_number",
    "birth_month",
    "political_status",
    ("unit_name", _("单位")),
    "position",
    "professional_title",
    "title_level",
    "education_level",
    "degree",
    "school_and_major",
    "discipline",
    "discipline_detail",
    "industry",
    "industry_division",
    "research_fields",
    "unit_since",
    "title_since",
    "graduated",
    "overseas_study",
    "overseas_detail",
    "honours",
    "remark",
    "consent_reported",
    "phone",
    "email",
    ("return_text", _("退回原因")),
    "created_at",
    "updated_at",
    "submitted_at",
    "verified_at",
    "confirmed_at",
    "confirmed_by",
    "confirm_from",
    ("sources_text", _("各项由谁填写、何时确认")),
    "paused_at",
    "paused_until",
    "pause_reason",
    "moved_away_on",
    "moved_away_reason",
    "asked_at",
)
# Columns that say nothing more of her: keys, what is derived from others, which of the staff checked her.
TECHNICAL = {
    "id",
    "user",
    "unit",
    "unit_text",
    "pinyin_name",
    "search_text",
    "search_grams",
    "id_number_index",
    "phone_index",
    "return_codes",
    "return_reason",
    "verified_by",
    "facts",
    "tier_apart",
    "written_by",
    "confirm_asked_at",
    "others_may_ask",
}
ENTRY = (
    "kind",
    ("sort_words", _("种类")),
    "name",
    "organisation",
    "role",
    "number",
    "began",
    "ended",
    "source",
    "confirmed_at",
    "created_at",
    "deleted_at",
)
EARLIER = ("kind", "name", "organisation", "role", "number", "began", "ended", "deleted_at")
VERSION = tuple(name for name in versions.KEPT if name != "written_by")
SNAPSHOT = (
    "day",
    "unit_kind",
    "position",
    "title_level",
    "tier",
    "education_level",
    "degree",
    "discipline",
    "industry",
    "state",
    "source",
)
WISH = ("kinds", "most_a_quarter", "not_before", "stopped_at", "noted_at")
ASKED = (("kind_words", _("什么事")), "department", "at", ("answer_words", _("答复")))
GROWTH = (("when", _("时间")), ("kind", _("类别")), ("title", _("内容")), ("note", _("说明")))
PROPOSAL = (
    "state",
    "old_full_name",
    "full_name",
    "old_birth_month",
    "birth_month",
    "old_id_number",
    "id_number",
    "unit",
    "old_unit_name",
    "unit_name",
    "old_position",
    "position",
    "old_professional_title",
    "professional_title",
    "reason",
    "proposed_at",
    "decided_at",
)
CLAIM = (
    "state",
    "full_name",
    "id_number",
    "phone",
    "unit_text",
    "reason",
    "asked_at",
    "decided_at",
)


def evidence(user):
    """Yield (name inside the copy, bytes) of the files that prove her career."""
    found = Evidence.objects.filter(entry__talent__user=user).order_by("pk")
    for proof in found:
        yield f"{proof.entry_id}-{proof.file_name}", files.read(proof)


def collect(user):
    """Return her record and the drafts beside it, her proposals and claims, imported rows, who reads her."""
    own = Talent.objects.filter(user=user)
    kept = Talent.objects.filter(kept_by__user=user)
    hers = [talent.pk for talent in (*own, *kept)]
    rows = ImportRow.objects.filter(talent__in=own).select_related("run")
    return [
        Group(_("人才档案"), own.select_related("unit", "department"), RECORD),
        Group(_("认领前自己填写的草稿"), kept.select_related("unit", "department"), RECORD),
        Group(
            _("单位推荐意见"),
            Endorsement.objects.filter(talent__in=hers).select_related("unit").order_by("pk"),
            ("unit", "at", "ended_at"),
        ),
        Group(
            _("并入的另一份档案"),
            merged_into(own),
            RECORD,
        ),
        Group(
            pgettext_lazy("many", "履历"),
            CareerEntry.objects.filter(talent__in=hers).newest_first(),
            ENTRY,
        ),
        Group(
            pgettext_lazy("many", "履历修改记录"),
            CareerEntry.history.filter(talent__in=hers).order_by("history_id"),
            (*EARLIER, ("history_date", _("修改时间"))),
        ),
        Group(
            pgettext_lazy("many", "档案修改记录"),
            versions.of_hers(list(own), user),
            (*VERSION, ("history_date", _("修改时间"))),
        ),
        Group(
            pgettext_lazy("many", "履历快照"),
            CareerSnapshot.objects.filter(talent__in=hers).order_by("pk"),
            SNAPSHOT,
        ),
        Group(
            pgettext_lazy("many", "邀请意愿"),
            AskingWish.objects.filter(talent__in=hers).order_by("pk"),
            WISH,
        ),
        Group(
            pgettext_lazy("many", "邀请记录"),
            Asked.objects.filter(talent__in=hers)
            .with_answer()
            .select_related("department")
            .order_by("pk"),
            ASKED,
        ),
        Group(_("成长轨迹"), [line for talent in own for line in milestones(talent)], GROWTH),
        Group(
            pgettext_lazy("many", "更正申请"),
            Proposal.objects.filter(talent__in=hers).order_by("pk"),
            PROPOSAL,
        ),
        Group(
            pgettext_lazy("many", "认领申请"), Claim.objects.filter(user=user).order_by("pk"), CLAIM
        ),
        Group(
            _("公开主页"),
            PublicPage.objects.filter(talent__in=own),
            ("is_on", "shown", ("address", _("地址")), "may_be_indexed", "changed_at"),
        ),
        Group(
            _("单位报送的名单中与您有关的行"),
            rows.order_by("pk"),
            (("run", _("名单")), "line", "outcome", ("as_sent", _("原文"))),
        ),
        Group(
            _("向单位提供的记录"),
            SharedRecord.objects.filter(talent__in=own).select_related("unit"),
            ("unit", "shared", "changed_at"),
        ),
    ]


def lost(person, now):
    """Say that the record goes, and what stays of it."""
    if not person.records:
        return []
    return [
        gettext("人才档案、更正和认领申请、单位报送名单中与您有关的行全部删除，不能恢复。"),
        gettext("您授权过的单位会在接口里看到您的编号已删除；此前已取得的信息由单位依法处理。"),
        gettext("已公布的统计数不变，其中不含您的姓名。"),
    ]


# What stays of a record: its key, which rows of other apps name, whose it was, and when it was made.
KEPT = {"id", "department", "created_at", "verified_at"}


def erase(person, now):
    """Take everything off her records but their keys; empty what she asked clerks for."""
    names = {record.full_name for record in person.records if len(record.full_name) > 1}
    count = _empty_claims(person, now) + _empty_proposals(person, now)
    merges = Merge.objects.filter(Q(kept__in=person.records) | Q(lost__in=person.records))
    count += merges.update(trace=None, reason="—")
    count += PublicPage.objects.filter(talent__in=person.records).delete()[0]
    count += AskingWish.objects.filter(talent__in=person.records).delete()[0]
    pairs = Pair.objects.filter(Q(first__in=person.records) | Q(second__in=person.records))
    count += pairs.delete()[0]
    count += Endorsement.objects.filter(talent__in=person.records).delete()[0]
    finished = Notice.objects.filter(kind__in=imported.NAMED_IN)
    count += sum(imported.forget_in_notices(finished, name) for name in names)
    shared = SharedRecord.objects.filter(talent__in=person.records)
    tombstones = list(shared.values_list("pk", flat=True))
    # Before the records: a record is found by what its works are called, as long as it has any.
    count += _delete_career(person.records)
    for number, record in enumerate(person.records):
        _empty(record, person.pseudonym if number == 0 else ids.code(), now)
    # The record's own trigger has said that it is shared no more; the code is all a unit keeps.
    SharedRecord.objects.filter(pk__in=tombstones).update(talent=None)
    count += versions.forget(person.records) + _empty_snapshots(person.records)
    count += exports.drop_those_with(record.pk for record in person.records)
    return count + len(tombstones) + len(person.records)


def _delete_career(records):
    """Delete entries with their files and history."""
    entries, history = CareerEntry.objects, CareerEntry.history
    count = entries.filter(talent__in=records).delete()[0]
    return count + history.filter(talent__in=records).delete()[0]


def _empty_snapshots(records):
    """Leave of snapshots what is counted."""
    count = 0
    with connection.cursor() as cursor:
        for record in records:
            cursor.execute("SELECT talents_forget_snapshots(%s)", [record.pk])
            count += cursor.fetchone()[0]
    return count


def _empty(record, code, now):
    """Set every field to what an empty record has, whatever fields there are by now."""
    for field in Talent._meta.concrete_fields:
        if field.name not in KEPT:
            setattr(record, field.attname, field.get_default())
    record.code, record.state, record.updated_at = code, TalentState.ERASED, now
    record.source = Source.SELF
    record.save()


def _empty_claims(person, now):
    """Empty her claims, and others' of her records: they name what only her record and its claimant know."""
    about = Q(talent__in=person.records) | Q(kept__in=person.records)
    claims = Claim.objects.filter(about | Q(user=person.user) if person.user else about)
    claims.filter(state=ClaimState.WAITING).update(state=ClaimState.WITHDRAWN, decided_at=now)
    claims.exclude(reason="").update(reason="—")
    return empty_claims(claims)


def empty_claims(claims):
    """Take out of claims (a QuerySet) what was claimed with and what undoing would need; when and how decided stays."""
    empty = dict.fromkeys(("id_number", "phone", "code", "code_address", "before"))
    return claims.update(full_name="", unit_text="", address="", **empty)


def _empty_proposals(person, now):
    proposals = Proposal.objects.filter(talent__in=person.records)
    waiting = proposals.filter(state=ProposalState.WAITING)
    waiting.update(state=ProposalState.WITHDRAWN, decided_at=now)
    proposals.exclude(reason="").update(reason="—")
    return empty_proposals(proposals)


def old_claims(before):
    """Return claims decided before a moment that still hold what was claimed with."""
    return Claim.objects.filter(decided_at__lt=before).exclude(full_name="")


def old_proposals(before):
    """Return proposals decided before a moment that still hold what was proposed."""
    numbers = [Q(**{f"{name}__isnull": False}) for name in PROPOSED_NUMBERS]
    held = reduce(or_, numbers + [~Q(**{name: ""}) for name in PROPOSED_WORDS])
    return Proposal.objects.filter(held, decided_at__lt=before)


def deleted_entries(before):
    """Return entries of careers that were deleted before a moment; their files and history go with them."""
    return CareerEntry.objects.filter(deleted_at__lt=before)


def old_rows(before):
    """Return rows of lists whose run is over."""
    return ImportRow.objects.filter(run__finished_at__lt=before)
