"""Measure 1: the women's S&T talent database."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts import names
from accounts.models import Department, Unit, whole
from kernel import bigrams, ids, masking
from kernel.words import clauses, labelled
from privacy.fields import BlindIndexField, EncryptedTextField
from talents import codes, reasons, search, standing
from talents.asking.models import Asked, AskedAnswer, AskingWish, turns  # noqa: F401
from talents.career.kinds import EntryKind, Tier
from talents.career.models import (  # noqa: F401
    CareerEntry,
    CareerSnapshot,
    Evidence,
    EvidencePiece,
    UnitConfirmation,
)
from talents.career.sources import FactSource, words_of

# Django, and the rest of the portal, look for an app's models here.
from talents.doubles.models import Merge, Pair, ToCompare  # noqa: F401
from talents.endorsing import Endorsement  # noqa: F401
from talents.erasure.models import Erasure  # noqa: F401
from talents.exports.models import Export, ExportPiece, ExportState  # noqa: F401
from talents.identity.models import (  # noqa: F401
    IDENTITY_FIELDS,
    Claim,
    ClaimState,
    NumbersMasked,
    Proposal,
    ProposalState,
)
from talents.imports.models import (  # noqa: F401
    ColumnMapping,
    ImportFile,
    ImportRow,
    ImportRun,
    ImportState,
    Outcome,
)
from talents.public.models import PublicPage  # noqa: F401
from talents.sharing import SharedRecord  # noqa: F401
from talents.standing import TALENT_DATABASE  # noqa: F401
from talents.trends.models import TrendFigures  # noqa: F401
from talents.versions import RecordVersions

# Purposes of consents besides (their words are declared in talents.portal).
IDENTITY_NUMBER = "identity_number"
UNIT_SHARING = "unit_sharing"


class TalentState(models.TextChoices):
    """Where a record stands on its way into the database."""

    DRAFT = "draft", _("填写中")
    SUBMITTED = "submitted", _("待审核")
    VERIFIED = "verified", _("已入库")
    RETURNED = "returned", _("待补充")
    LEFT = "left", _("已退出")
    # Nothing is left of it but its key, for the sums of other rows (talents.erasure).
    ERASED = "erased", pgettext_lazy("erasure", "已删除")
    MERGED = "merged", _("已并入")


# What only she herself sees: not handed in yet, or taken out of the database again.
HERS_ALONE = (TalentState.DRAFT, TalentState.LEFT, TalentState.ERASED)
# What no list shows staff: those, and what was put into another record.
NOT_SHOWN = (*HERS_ALONE, TalentState.MERGED)
# What a clerk has checked against papers; who leaves before that has shown nobody who she is.
CHECKED = Q(state="verified") | Q(state="left", verified_at__isnull=False)


class Source(models.TextChoices):
    """How a record came in."""

    SELF = "self", _("本人注册")
    IMPORT = "import", _("单位报送")


class TalentQuerySet(models.QuerySet):
    """Questions about talents."""

    def visible_to(self, user):
        """Keep what `user` may read: her own record; staff: what their department was handed in.

        Staff who see all departments get every record that is not hers alone.
        """
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if not user.is_staff or not user.has_perm("talents.view_talent"):
            return self.filter(user=user)
        handed_in = self.exclude(state__in=NOT_SHOWN)
        if user.sees_all_departments:
            return handed_in
        return handed_in.filter(department=user.department_id)

    def locked(self):
        """Lock the rows until the transaction ends, for what changes them.

        Rows that only name a record (bookings, vouchers, points accounts) may be written meanwhile: who writes
        one holds an event or a points account, which leaving the database waits for with the record in hand.
        """
        return self.select_for_update(of=("self",), no_key=True)

    def verified(self):
        """Keep records in the database proper."""
        return self.filter(state=TalentState.VERIFIED)

    def active(self):
        """Keep those of them who work in the district."""
        return self.verified().filter(moved_away_on=None)

    def moved_away(self):
        """Keep those of them who left the district."""
        return self.verified().filter(moved_away_on__isnull=False)

    def listed(self, day):
        """Keep those who may be consulted and recommended on a date (`standing.why_not_listed`)."""
        return standing.listed(self, day)

    def due_for_confirmation(self, now):
        """Keep records in the database whose facts somebody should stand for again."""
        return self.active().filter(confirm_from__lte=now)

    def in_database(self):
        """Keep records that are in the database, or were taken out by their women and may come back."""
        return self.filter(CHECKED)

    def waiting(self):
        """Keep records a clerk should look at, the longest waiting first."""
        return self.filter(state=TalentState.SUBMITTED).order_by("submitted_at", "pk")

    def matching(self, query):
        """Keep those found by the words of a query (kernel.bigrams)."""
        return bigrams.match(self, query)

    def bulk_create(self, objs, *args, **kwargs):
        """Write many at once with their derived columns in step, as save() keeps them for one."""
        objs = list(objs)
        search.index(objs)
        return super().bulk_create(objs, *args, **kwargs)


class Talent(NumbersMasked, models.Model):
    """One woman in science and technology.

    A record may exist before its person has an account (a unit reported her): `user` is then empty
    until she claims it. Identity number, phone and e-mail are encrypted; the first two are found by
    blind index.
    """

    code = models.CharField(
        _("人才编号"), max_length=12, unique=True, default=ids.code, editable=False
    )
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="talent"
    )
    department = models.ForeignKey(
        Department,
        models.PROTECT,
        related_name="talents",
        verbose_name=_("所属部门"),
        db_index=False,
    )
    state = models.CharField(_("状态"), max_length=10, choices=TalentState, default="draft")
    source = models.CharField(_("来源"), max_length=10, choices=Source, default="self")
    tier = models.CharField(_("人才层次"), max_length=10, choices=Tier, blank=True)
    # What it is but for the tiers of her career; None where none of them raises it.
    tier_apart = models.CharField(max_length=10, null=True, editable=False)  # noqa: DJ001

    full_name = models.CharField(_("姓名"), max_length=60, blank=True)
    pinyin_name = models.CharField(_("姓名拼音"), max_length=120, blank=True, editable=False)
    # Name, unit and fields as they are searched, and their bigrams under a GIN index (talents.search).
    search_text = models.TextField(editable=False, default="")
    search_grams = ArrayField(models.IntegerField(), default=list, editable=False)
    id_number = EncryptedTextField(_("身份证号"), null=True, blank=True)
    id_number_index = BlindIndexField("id_number", db_index=True)
    birth_month = models.DateField(_("出生年月"), null=True, blank=True)
    political_status = models.CharField(
        _("政治面貌"), max_length=4, choices=codes.PoliticalStatus, blank=True
    )

    unit = models.ForeignKey(
        Unit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="talents",
        verbose_name=_("单位"),
        db_index=False,
    )
    unit_text = models.CharField(_("单位（未收录）"), max_length=120, blank=True)
    position = models.CharField(_("职务"), max_length=80, blank=True)
    professional_title = models.CharField(_("职称"), max_length=60, blank=True)
    title_level = models.CharField(
        _("职称级别"), max_length=16, choices=codes.TitleLevel, blank=True
    )

    education_level = models.CharField(
        _("学历"), max_length=4, choices=codes.EducationLevel, blank=True
    )
    degree = models.CharField(_("学位"), max_length=4, choices=codes.Degree, blank=True)
    school_and_major = models.CharField(_("毕业院校及专业"), max_length=200, blank=True)
    discipline = models.CharField(_("学科"), max_length=4, choices=codes.Discipline, blank=True)
    industry = models.CharField(_("行业"), max_length=2, choices=codes.Industry, blank=True)
    # One level deeper, where she says so (talents.career.standards); the first level stands beside it.
    discipline_detail = models.CharField(_("二级学科"), max_length=5, blank=True)
    industry_division = models.CharField(_("行业大类"), max_length=2, blank=True)
    research_fields = ArrayField(
        models.CharField(max_length=40), default=list, blank=True, verbose_name=_("研究方向")
    )
    # Since when: the present job, the present title, the last degree.
    unit_since = models.DateField(_("到岗年月"), null=True, blank=True)
    title_since = models.DateField(_("取得职称年份"), null=True, blank=True)
    graduated = models.DateField(_("毕业年份"), null=True, blank=True)
    overseas_study = models.BooleanField(_("有海外学习经历"), default=False)
    overseas_detail = models.CharField(_("海外学习经历"), max_length=120, blank=True)
    honours = models.CharField(_("获奖及荣誉"), max_length=2000, blank=True)
    remark = models.CharField(_("备注"), max_length=2000, blank=True)
    # The unit's form says she agrees. It is no consent of hers: shown to clerks, never shared on.
    consent_reported = models.BooleanField(_("单位注明本人同意"), default=False)

    phone = EncryptedTextField(_("手机号"), null=True, blank=True)
    phone_index = BlindIndexField("phone", db_index=True)
    email = EncryptedTextField(_("邮箱"), null=True, blank=True)

    # Why it went back: codes of talents.reasons, and the clerk's own words (return_text joins them).
    return_codes = ArrayField(
        models.CharField(max_length=20), default=list, blank=True, verbose_name=_("常用退回原因")
    )
    return_reason = models.CharField(_("退回原因"), max_length=200, blank=True)
    # Facts beside the state (talents.standing): each with its undo. A reason says that staff decided it,
    # none that she did. On `paused_until` she is back by herself.
    paused_at = models.DateTimeField(_("暂停时间"), null=True, blank=True)
    paused_until = models.DateField(_("暂停到"), null=True, blank=True)
    pause_reason = models.CharField(_("暂停原因"), max_length=200, blank=True)
    moved_away_on = models.DateField(_("离开两江新区的日期"), null=True, blank=True)
    moved_away_reason = models.CharField(_("登记离开的原因"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("建档时间"))
    updated_at = models.DateTimeField(_("更新时间"))
    submitted_at = models.DateTimeField(_("提交时间"), null=True, blank=True)
    verified_at = models.DateTimeField(_("入库时间"), null=True, blank=True)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("审核人"),
    )

    # Who said what, and when it was last stood for (talents.career.sources).
    facts = models.JSONField(default=dict, editable=False)
    written_by = models.CharField(
        max_length=6, choices=FactSource, default=FactSource.SELF, editable=False
    )
    confirmed_at = models.DateTimeField(_("最近确认"), null=True, editable=False)
    confirmed_by = models.CharField(
        _("由谁确认"), max_length=6, choices=FactSource, blank=True, editable=False
    )
    # From when on she is asked to confirm it: a year after the last time, or at once after a change of jobs.
    confirm_from = models.DateTimeField(_("下次确认"), null=True, editable=False)
    confirm_asked_at = models.DateTimeField(null=True, editable=False)
    # When she was asked for something last (talents.asking), and whether other departments than her own may find
    # her for that: her newest answer to the purpose, which triggers keep here (migration 0006).
    asked_at = models.DateTimeField(_("最近一次邀请"), null=True, editable=False)
    others_may_ask = models.BooleanField(default=False, editable=False)

    # What the audit log calls her to those who may not read her record.
    audit_code = "code"

    # What was deleted for good takes its versions along.
    history = RecordVersions(verbose_name=_("档案修改记录"), cascade_delete_history=True)
    objects = TalentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("女性科技人才")
        ordering = ["-id"]
        permissions = [
            ("verify_talent", _("可以审核人才档案")),
            ("import_talent", _("可以导入人才名单")),
            ("reveal_talent", _("可以查看完整身份证号与联系方式")),
            ("export_talent", _("可以导出人才名单")),
            ("erase_talent", _("可以办理删除个人信息")),
        ]
        constraints = [
            # Only in the database: what women type is no proof, and a refusal would tell them who is in it.
            models.UniqueConstraint(
                fields=["id_number_index"],
                name="talent_id_number_once",
                condition=CHECKED,
            ),
            models.CheckConstraint(
                name="talent_verified_has_time",
                condition=~Q(state="verified") | Q(verified_at__isnull=False),
            ),
            models.CheckConstraint(
                name="talent_returned_has_reason",
                condition=~Q(state="returned") | ~Q(return_reason="") | ~Q(return_codes=[]),
            ),
            models.CheckConstraint(
                name="talent_pause_has_time",
                condition=Q(paused_at__isnull=False) | Q(paused_until=None, pause_reason=""),
            ),
            models.CheckConstraint(
                name="talent_moved_away_has_day",
                condition=Q(moved_away_on__isnull=False) | Q(moved_away_reason=""),
            ),
            models.CheckConstraint(
                name="talent_merged_has_no_account",
                condition=~Q(state="merged") | Q(user=None),
            ),
            # Who was never in the database cannot be missing from it; what she said stays when a verification is undone.
            models.CheckConstraint(
                name="talent_fact_of_checked",
                condition=Q(paused_at=None, moved_away_on=None) | ~Q(state="draft"),
            ),
        ]
        indexes = [
            models.Index(fields=["department", "state", "-id"], name="talent_queue"),
            models.Index(fields=["unit", "-id"], name="talent_unit"),
            models.Index(fields=["state", "-id"], name="talent_state"),
            models.Index(fields=["department", "-id"], name="talent_department"),
            models.Index(fields=["full_name", "birth_month"], name="talent_name"),
            # The order of names in the clerks' list.
            models.Index(fields=["pinyin_name", "-id"], name="talent_pinyin"),
            models.Index(
                fields=["submitted_at", "id"], name="talent_waiting", condition=Q(state="submitted")
            ),
            models.Index(
                fields=["department", "submitted_at", "id"],
                name="talent_department_waiting",
                condition=Q(state="submitted"),
            ),
            models.Index(
                fields=["confirm_from", "id"],
                name="talent_confirm",
                condition=Q(state="verified"),
            ),
            # Who is to be asked next: who was asked and never answered stays due for ever.
            models.Index(
                fields=["confirm_from", "id"],
                name="talent_to_ask",
                condition=Q(state="verified", confirm_asked_at=None, user__isnull=False),
            ),
            # Who is asked next, of a discipline, of an industry, of all (talents.asking.shortlist).
            turns("discipline", name="talent_turn_discipline"),
            turns("discipline_detail", name="talent_turn_detail"),
            turns("industry", name="talent_turn_industry"),
            turns("title_level", name="talent_turn_level"),
            turns(name="talent_turn"),
            # Records that may be one woman's (talents.doubles.finding).
            models.Index(fields=["pinyin_name", "birth_month"], name="talent_sound"),
            # How old they were in each year, without their rows (talents.trends).
            models.Index(fields=["id"], include=["birth_month"], name="talent_born"),
            # A pending list would make every search pay for the last import.
            GinIndex(fields=["search_grams"], name="talent_grams", fastupdate=False),
        ]

    def __str__(self):
        return self.full_name or self.code

    def save(self, *args, update_fields=None, **kwargs):
        """Save with the search columns in step."""
        search.index([self])
        if update_fields is not None:
            update_fields = {*update_fields, "pinyin_name", "search_text", "search_grams"}
        super().save(*args, update_fields=update_fields, **kwargs)

    def refresh_from_db(self, using=None, fields=None, **kwargs):
        """Read again; the first column missed of a row read in part brings all that are missing."""
        super().refresh_from_db(using, whole(self, fields), **kwargs)

    @property
    def is_verified(self):
        """Tell whether she is in the database proper."""
        return self.state == TalentState.VERIFIED

    @property
    def standing_words(self):
        """Return where she stands as lists say it: of who left the district that, of others the state."""
        moved = self.is_verified and self.moved_away_on
        # The enumeration's label: get_state_display() translates every state to find one.
        return _("已离开两江新区") if moved else TalentState(self.state).label

    @property
    def is_active(self):
        """Tell whether she is in the database and works in the district."""
        return self.is_verified and self.moved_away_on is None

    def is_paused(self, day):
        """Tell whether she is, or staff are, keeping her out of consultations and recommendations on a date."""
        return self.paused_at is not None and (self.paused_until is None or day < self.paused_until)

    @property
    def has_left_database(self):
        """Tell whether she took it out of the database by withdrawing her consent."""
        return self.state == TalentState.LEFT

    @property
    def is_checked(self):
        """Tell whether a clerk has checked who she is: in the database, or taken out of it again."""
        return self.is_verified or (self.has_left_database and self.verified_at is not None)

    @property
    def unit_name(self):
        """Return the unit as shown: the known unit, else her own words."""
        return self.unit.name if self.unit_id else self.unit_text

    @property
    def unit_key(self):
        """Return the normal form of the unit's name, by which its spellings meet."""
        return self.unit.match_key if self.unit_id else names.unit_key(self.unit_text)

    @property
    def sources_text(self):
        """Return who said each fact that was said apart from the record as a whole: 职务：单位报送，2026年3月确认."""
        labels = {name: self._meta.get_field(name).verbose_name for name in sorted(self.facts)}
        return clauses(labelled(label, words_of(self, name)) for name, label in labels.items())

    @property
    def return_text(self):
        """Return why it went back, in the language that is active."""
        return reasons.words(self.return_codes, self.return_reason)

    @staticmethod
    def audit_details(detail):
        """Return what the audit log says of details only this app knows (privacy.history asks)."""
        if kind := detail.get("entry_kind"):
            return str(EntryKind(kind).label) if kind in EntryKind else ""
        return reasons.words(detail["codes"], "") if detail.get("codes") else ""

    @property
    def masked_email(self):
        """Return the e-mail address as it is shown without a reason."""
        return masking.email(self.email)

    @property
    def masked_name(self):
        """Return the name as the public may see it."""
        return masking.name(self.full_name)
