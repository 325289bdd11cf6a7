"""What tells a career: entries, the files that prove them, and snapshots of how a record stood."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now, TruncDate
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from accounts.models import Unit, UnitKind
from privacy.fields import EncryptedTextField
from talents import codes
from talents.career.kinds import SPECS, EntryKind, Tier
from talents.career.sources import FactSource, words


class EntryQuerySet(models.QuerySet):
    """Questions about entries."""

    def visible_to(self, user):
        """Keep the entries of records `user` may read."""
        talents = self.model._meta.get_field("talent").related_model
        return self.filter(talent__in=talents.objects.visible_to(user))

    def kept(self):
        """Keep those that were not deleted."""
        return self.filter(deleted_at=None)

    def newest_first(self):
        """Order by when they were, what has no date last."""
        when = F("ended").desc(nulls_last=True), F("began").desc(nulls_last=True)
        return self.order_by("kind", *when, "-pk")


class CareerEntry(models.Model):
    """One thing of a career that is over, or stands beside the present: a study, a job, a title, an achievement …

    What is so today (unit, position, title, degree, tier) stands in the columns of the record, which lists and
    searches read; nothing is kept twice. `talents.career.kinds.SPECS` says what a field means in each kind.
    """

    talent = models.ForeignKey(
        "talents.Talent",
        models.CASCADE,
        related_name="career",
        verbose_name=_("人才"),
        db_index=False,
    )
    kind = models.CharField(_("类别"), max_length=12, choices=EntryKind)
    sort = models.CharField(_("种类"), max_length=16, blank=True)
    name = models.CharField(_("名称"), max_length=200, blank=True)
    organisation = models.CharField(_("单位或机构"), max_length=120, blank=True)
    role = models.CharField(_("角色"), max_length=80, blank=True)
    number = models.CharField(_("编号"), max_length=80, blank=True)
    began = models.DateField(_("开始"), null=True, blank=True)
    ended = models.DateField(_("结束"), null=True, blank=True)
    source = models.CharField(_("来源"), max_length=6, choices=FactSource, editable=False)
    confirmed_at = models.DateTimeField(_("确认时间"), editable=False)
    created_at = models.DateTimeField(_("添加时间"), editable=False)
    updated_at = models.DateTimeField(_("更新时间"), editable=False)
    deleted_at = models.DateTimeField(_("删除时间"), null=True, editable=False)

    # The numbers and files of a person are in no history; what she deleted for good takes its history along.
    history = HistoricalRecords(
        verbose_name=_("履历修改记录"),
        excluded_fields=["confirmed_at", "created_at"],
        cascade_delete_history=True,
    )
    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("履历")
        constraints = [
            models.CheckConstraint(
                name="entry_ends_after_begin",
                condition=Q(began=None) | Q(ended=None) | Q(ended__gte=F("began")),
            ),
            models.CheckConstraint(
                name="entry_says_something", condition=~Q(name="") | ~Q(organisation="")
            ),
        ]
        indexes = [
            models.Index(fields=["talent", "kind"], name="entry_talent"),
            models.Index(
                fields=["deleted_at"],
                name="entry_deleted",
                condition=Q(deleted_at__isnull=False),
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def spec(self):
        """Return what an entry of this kind holds."""
        return SPECS[EntryKind(self.kind)]

    @property
    def sort_words(self):
        """Return its sort in words, "" where it has none."""
        return self.spec.said("sort", self.sort)

    @property
    def title(self):
        """Return what stands first in its line."""
        return getattr(self, self.spec.lead) or self.name or self.organisation

    @property
    def details(self):
        """Return what follows: the rest of what is known, in the order of the form."""
        asked = (n for n in self.spec.asks if n not in (self.spec.lead, "began", "ended"))
        said = (self.sort_words if name == "sort" else getattr(self, name) for name in asked)
        return [text for text in said if text and text != self.title]

    @property
    def source_words(self):
        """Return where it comes from and when it was last confirmed: 本人填写，2026年3月确认."""
        return words(self.source, timezone.localdate(self.confirmed_at))

    @property
    def period(self):
        """Return when it was, in words; "" where nobody said."""
        began, ended = (self.spec.said(name, getattr(self, name)) for name in ("began", "ended"))
        if "ended" not in self.spec.asks:
            return began
        if began and ended:
            return f"{began} – {ended}"
        if began:
            return _("%(month)s起") % {"month": began}
        return _("至%(month)s") % {"month": ended} if ended else ""


class Evidence(models.Model):
    """The file that proves an entry: kept encrypted in the database, out of reach of any web server."""

    entry = models.OneToOneField(CareerEntry, models.CASCADE, related_name="evidence")
    file_name = models.CharField(_("文件名"), max_length=120)
    kind = models.CharField(_("文件类型"), max_length=4)
    size = models.PositiveIntegerField(_("大小"))
    added_at = models.DateTimeField(_("上传时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("证明材料")

    def __str__(self):
        return self.file_name


class EvidencePiece(models.Model):
    """A megabyte of a file; whole files would take fifteen times their size of a web process's memory."""

    evidence = models.ForeignKey(Evidence, models.CASCADE, related_name="pieces", db_index=False)
    number = models.PositiveSmallIntegerField()
    content = EncryptedTextField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["evidence", "number"], name="evidence_piece_once"),
        )

    def __str__(self):
        return f"piece {self.number} of evidence {self.evidence_id}"


class CareerSnapshot(models.Model):
    """How a record in the database stood from a day on: what trends are computed from. Append-only.

    A trigger on the record writes one in the transaction that changes what it shows, whoever writes
    (migration 0003), so no import, merge or correction can be forgotten. It goes with its record and never
    otherwise. `was_…` are the values before, so that flows and promotions need no look at the row before.
    """

    talent = models.ForeignKey(
        "talents.Talent",
        models.DO_NOTHING,
        related_name="snapshots",
        verbose_name=_("人才"),
        db_constraint=False,  # the migration's own constraint cascades in the database
        db_index=False,
    )
    day = models.DateField(_("日期"))
    # Names no constraint: a unit may be merged into another, a department renamed, and this stays as it was.
    unit_id = models.BigIntegerField(_("单位"), null=True)
    department_id = models.BigIntegerField(_("所属部门"))
    unit_kind = models.CharField(_("单位类型"), max_length=20, choices=UnitKind, blank=True)
    position = models.CharField(_("职务"), max_length=80, blank=True)
    title_level = models.CharField(
        _("职称级别"), max_length=16, choices=codes.TitleLevel, blank=True
    )
    tier = models.CharField(_("人才层次"), max_length=10, choices=Tier, blank=True)
    education_level = models.CharField(
        _("学历"), max_length=4, choices=codes.EducationLevel, blank=True
    )
    degree = models.CharField(_("学位"), max_length=4, choices=codes.Degree, blank=True)
    discipline = models.CharField(_("学科"), max_length=4, choices=codes.Discipline, blank=True)
    industry = models.CharField(_("行业"), max_length=2, choices=codes.Industry, blank=True)
    state = models.CharField(_("状态"), max_length=10)
    source = models.CharField(_("来源"), max_length=6, choices=FactSource)
    was_state = models.CharField(max_length=10, blank=True, default="")
    was_title_level = models.CharField(max_length=16, blank=True, default="")
    was_tier = models.CharField(max_length=10, blank=True, default="")
    was_discipline = models.CharField(max_length=4, blank=True, default="")
    was_industry = models.CharField(max_length=2, blank=True, default="")
    was_unit_kind = models.CharField(max_length=20, blank=True, default="")
    was_unit_id = models.BigIntegerField(null=True)
    was_department_id = models.BigIntegerField(null=True)
    # Somebody set it right (keeping.setting_right): so it was all the time, and nobody rose.
    corrected = models.BooleanField(default=False)
    recorded_at = models.DateTimeField(_("记录时间"), db_default=Now())

    class Meta:
        verbose_name = verbose_name_plural = _("履历快照")
        constraints = [
            models.CheckConstraint(
                name="snapshot_not_in_future",
                condition=Q(day__lte=TruncDate("recorded_at")),
            )
        ]
        indexes = [
            # The newest of each person up to a day: stock, and cohorts followed over years.
            models.Index(fields=["talent", "-day", "-id"], name="snapshot_of_talent"),
            # What changed within a year: flow.
            models.Index(fields=["day", "state"], name="snapshot_day"),
            # Verifications that were taken back: few, and asked for with every figure.
            models.Index(
                fields=["talent", "id"], name="snapshot_void", condition=Q(state="submitted")
            ),
        ]

    def __str__(self):
        return f"{self.talent_id} {self.day}"


class UnitConfirmation(models.Model):
    """A table by which a unit stood for its people, under its own key: a repeated request changes nothing."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="+", db_index=False)
    key = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    answer = models.JSONField(default=dict)
    at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = verbose_name_plural = _("单位核对")
        constraints = (
            models.UniqueConstraint(fields=["unit", "key"], name="unit_confirmation_once"),
        )

    def __str__(self):
        return f"{self.unit_id} {self.at:%Y-%m-%d}"
