"""What the app holds about one woman: her record, what she asked clerks for, what units sent in about her."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kernel.portal import Group
from talents.career import files
from talents.identity.models import Claim, Proposal
from talents.imports.models import ImportRow
from talents.models import CareerEntry, CareerSnapshot, Evidence, Talent
from talents.sharing import SharedRecord

COVERS = (
    "talents.Talent.user",
    "talents.Proposal.talent",
    "talents.Claim.user",
    "talents.Claim.talent",
    "talents.Claim.kept",
    "talents.ImportRow.talent",
    "talents.SharedRecord.talent",
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
    "industry",
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
)
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
PROPOSAL = (
    "state",
    "old_full_name",
    "full_name",
    "old_birth_month",
    "birth_month",
    "old_id_number",
    "id_number",
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
            pgettext_lazy("many", "履历快照"),
            CareerSnapshot.objects.filter(talent__in=hers).order_by("pk"),
            SNAPSHOT,
        ),
        Group(
            pgettext_lazy("many", "身份信息更正"),
            Proposal.objects.filter(talent__in=hers).order_by("pk"),
            PROPOSAL,
        ),
        Group(
            pgettext_lazy("many", "认领申请"), Claim.objects.filter(user=user).order_by("pk"), CLAIM
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
