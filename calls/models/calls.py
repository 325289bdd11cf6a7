"""A call: what may be applied for, by whom and until when; its stages and its form are rows, not code."""

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import Department
from calls.models.choices import (
    IDENTIFYING,
    MOST_MB,
    MOST_ROWS,
    CallKind,
    CallState,
    FieldKind,
    FileKind,
    FromProfile,
    LeadersBy,
    NominationSource,
    StageKind,
    Subject,
)
from kernel import ids, measures
from kernel.sweeps import SweptQuerySet
from kernel.words import listed


def individuals():
    """Return what a call takes where nothing else is said: persons."""
    return ["person"]


class CallQuerySet(SweptQuerySet):
    """Questions about calls."""

    def visible_to(self, user):
        """Keep, for staff, those their department leads or takes part in."""
        if not user.is_staff or not user.has_perm("calls.view_call"):
            return self.none()
        if user.sees_all_departments:
            return self
        joint = Call.joint_departments.through.objects.filter(department=user.department_id)
        return self.filter(Q(department=user.department_id) | Q(pk__in=joint.values("call")))

    def published(self):
        """Keep what anybody may read."""
        return self.exclude(state=CallState.DRAFT)

    def coming(self, at):
        """Keep published calls that are not open yet, the next first."""
        return self.filter(state=CallState.OPEN, opens_at__gt=at).order_by("opens_at", "pk")

    def taking(self, at):
        """Keep calls that take applications, the one that closes next first."""
        rows = self.filter(state=CallState.OPEN, opens_at__lte=at, closes_at__gte=at)
        return rows.order_by("closes_at", "pk")

    def over(self, at):
        """Keep published calls that take none any more."""
        return self.published().exclude(state=CallState.OPEN, closes_at__gte=at)

    def to_close(self, at):
        """Keep those whose deadline has passed and that do not say so yet."""
        return self.filter(state=CallState.OPEN, closes_at__lt=at)


class Call(models.Model):
    """Something women may apply for until a deadline.

    A draft is written; once it is open, its form, stages and conditions are frozen by triggers (0002): what
    she was asked is what everybody was asked. The deadline may only move later, the text may be corrected.
    """

    code = models.CharField(_("编号"), max_length=12, unique=True, default=ids.code, editable=False)
    kind = models.CharField(_("类型"), max_length=10, choices=CallKind)
    measure = models.PositiveSmallIntegerField(_("对应措施"), choices=measures.choices())
    department = models.ForeignKey(
        Department, models.PROTECT, related_name="calls", verbose_name=_("牵头部门"), db_index=False
    )
    joint_departments = models.ManyToManyField(
        Department, related_name="joint_calls", blank=True, verbose_name=_("联合部门")
    )
    title = models.CharField(_("标题"), max_length=80)
    title_en = models.CharField(_("英文标题"), max_length=160, blank=True)
    text = models.TextField(_("说明"), max_length=8000)
    text_en = models.TextField(_("英文说明"), max_length=16000, blank=True)
    opens_at = models.DateTimeField(_("开始申报"))
    closes_at = models.DateTimeField(_("申报截止"))
    sources = ArrayField(
        models.CharField(max_length=10, choices=NominationSource), verbose_name=_("谁可以推荐")
    )
    places = models.PositiveIntegerField(
        _("名额"), validators=[MinValueValidator(1)], null=True, blank=True
    )
    unit_quota = models.PositiveIntegerField(
        _("每个单位的限额"),
        validators=[MinValueValidator(1)],
        null=True,
        blank=True,
        help_text=_("有单位审核推荐的，按推荐的份数算；没有的，按受理的份数算"),
    )
    # {code of accounts.UnitKind: how many may be accepted}; a kind that is not named has no limit of its own.
    sector_quotas = models.JSONField(_("每类单位最多受理"), default=dict, blank=True)
    surplus_percent = models.PositiveSmallIntegerField(
        _("差额比例（%）"),
        validators=[MaxValueValidator(100)],
        null=True,
        blank=True,
        help_text=_("入选和备选合计，最多比名额多出的比例；空着不限"),
    )
    subjects = ArrayField(
        models.CharField(max_length=10, choices=Subject),
        default=individuals,
        verbose_name=_("推荐对象"),
    )
    women_percent = models.PositiveSmallIntegerField(
        _("集体中女性至少占（%）"),
        validators=[MinValueValidator(1), MaxValueValidator(100)],
        null=True,
        blank=True,
    )
    leaders_percent = models.PositiveSmallIntegerField(
        _("单位负责人最多占（%）"),
        validators=[MaxValueValidator(100)],
        null=True,
        blank=True,
    )
    leaders_by = models.CharField(
        _("单位负责人的比例按什么算"), max_length=8, choices=LeadersBy, default=LeadersBy.CALL
    )
    award = models.CharField(
        _("授予什么"),
        max_length=60,
        blank=True,
        help_text=_("荣誉或称号的名称，例如“三八红旗手”；各年写法一致，才能查出重复"),
    )
    no_repeat = models.BooleanField(_("获得过同一荣誉的不再推荐"), default=False)
    cool_down_years = models.PositiveSmallIntegerField(
        _("获得荣誉后几年内不推荐"),
        validators=[MinValueValidator(1), MaxValueValidator(20)],
        null=True,
        blank=True,
    )
    most_awards = models.PositiveSmallIntegerField(
        _("一人最多入选几次"),
        validators=[MinValueValidator(1), MaxValueValidator(20)],
        null=True,
        blank=True,
        help_text=_("按“授予什么”的名称，历年合计；空着不限"),
    )
    endorse_by = models.DateTimeField(
        _("单位推荐截止"), null=True, blank=True, help_text=_("空着的，公布结果以前都可以")
    )
    open_to_all = models.BooleanField(
        _("男女均可申报"),
        default=False,
        help_text=_("由本库女性科技人才填报，项目负责人可以是男性"),
    )
    women_preferred = models.BooleanField(
        _("同等条件下女性优先"),
        default=True,
        help_text=_("评审得分相同时，女性排在前面；只用于男女均可申报的"),
    )
    shows_advantages = models.BooleanField(
        _("注明优先条件"),
        default=True,
        help_text=_("单位或个人有有效的优先条件时，在受理、评审和纪要里注明；不改变评分"),
    )
    contact = models.CharField(_("咨询方式"), max_length=120, blank=True)
    state = models.CharField(_("状态"), max_length=10, choices=CallState, default=CallState.DRAFT)
    opened_at = models.DateTimeField(_("发布时间"), null=True, blank=True)
    decided_at = models.DateTimeField(_("公布结果时间"), null=True, blank=True)
    cancel_reason = models.CharField(_("取消原因"), max_length=200, blank=True)
    copied_from = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("复制自")
    )
    created_at = models.DateTimeField(_("新建时间"))
    # How often closing it failed (kernel.sweeps).
    sweep_failures = models.PositiveSmallIntegerField(default=0, editable=False)

    objects = CallQuerySet.as_manager()

    class Meta:
        verbose_name = _("申报通知")
        verbose_name_plural = pgettext_lazy("many", "申报通知")
        ordering = ["-id"]
        permissions = [
            ("open_call", _("可以发布、延期、取消申报通知")),
            ("conclude_call", _("可以公布申报结果")),
        ]
        constraints = [
            models.CheckConstraint(
                name="call_closes_after_opening", condition=Q(closes_at__gt=F("opens_at"))
            ),
            models.CheckConstraint(
                name="call_quota_within_places",
                condition=Q(places=None) | Q(unit_quota=None) | Q(unit_quota__lte=F("places")),
            ),
            models.CheckConstraint(name="call_has_source", condition=Q(sources__len__gt=0)),
            models.CheckConstraint(
                name="call_has_subject",
                condition=Q(subjects__len__gt=0)
                & Q(subjects__contained_by=[subject.value for subject in Subject]),
            ),
            models.CheckConstraint(
                name="call_percents",
                condition=(Q(women_percent=None) | Q(women_percent__range=(1, 100)))
                & (Q(leaders_percent=None) | Q(leaders_percent__lte=100))
                & (Q(surplus_percent=None) | Q(surplus_percent__lte=100, places__isnull=False)),
            ),
            models.CheckConstraint(
                name="call_repeat_has_award", condition=Q(no_repeat=False) | ~Q(award="")
            ),
            models.CheckConstraint(
                name="call_most_awards",
                condition=Q(most_awards=None) | (Q(most_awards__gte=1) & ~Q(award="")),
            ),
            models.CheckConstraint(
                name="call_endorsed_after_closing",
                condition=Q(endorse_by=None) | Q(endorse_by__gte=F("closes_at")),
            ),
            models.CheckConstraint(
                name="call_decided_has_time",
                condition=~Q(state="decided") | Q(decided_at__isnull=False),
            ),
            models.CheckConstraint(
                name="call_cancelled_has_reason",
                condition=~Q(state="cancelled") | ~Q(cancel_reason=""),
            ),
        ]
        indexes = [
            models.Index(fields=["state", "closes_at"], name="call_deadline"),
            models.Index(fields=["department", "-id"], name="call_department"),
        ]

    def __str__(self):
        return self.label

    def get_absolute_url(self):
        """Return its public page."""
        return reverse("call", args=[self.code])

    @property
    def label(self):
        """Return its title in the reader's language, where there is one in it."""
        return (self.title_en if get_language() == "en" else "") or self.title

    @property
    def words(self):
        """Return its text in the reader's language, where there is one in it."""
        return (self.text_en if get_language() == "en" else "") or self.text

    @property
    def is_draft(self):
        """Tell whether it is being written."""
        return self.state == CallState.DRAFT

    @property
    def is_settled(self):
        """Tell whether nothing of it changes any more."""
        return self.state in (CallState.DECIDED, CallState.CANCELLED)

    @property
    def prefers_women(self):
        """Tell whether women come first among those judged equal: the rule means something where men are among them."""
        return self.open_to_all and self.women_preferred

    @property
    def is_blind(self):
        """Tell whether some who judge it are not to know whose an application is."""
        return any(stage.kind == StageKind.BLIND_SCORING for stage in self.stages.all())

    def is_taking(self, at):
        """Tell whether it takes applications at a moment."""
        return self.state == CallState.OPEN and self.opens_at <= at <= self.closes_at

    @property
    def is_for_persons_only(self):
        """Tell whether it takes no collective and no post."""
        return self.subjects == [Subject.PERSON]

    @property
    def is_endorsed(self):
        """Tell whether units endorse before the department accepts. Uses the prefetched stages where there are some."""
        return any(stage.kind == StageKind.ENDORSEMENT for stage in self.stages.all())

    @property
    def shortlist(self):
        """Return how many may be noted as selected or in reserve together, None for no limit. Rounded up."""
        if self.surplus_percent is None or self.places is None:
            return None
        return -(-self.places * (100 + self.surplus_percent) // 100)

    @property
    def sources_text(self):
        """Return who may bring somebody forward, as words."""
        return [NominationSource(source).label for source in self.sources]


class Stage(models.Model):
    """One row of a call's stage table."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="stages", db_index=False)
    kind = models.CharField(_("阶段"), max_length=16, choices=StageKind)
    order = models.PositiveSmallIntegerField(_("顺序"))

    class Meta:
        verbose_name = verbose_name_plural = _("阶段")
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["call", "kind"], name="stage_once"),
            models.UniqueConstraint(fields=["call", "order"], name="stage_order"),
        ]

    def __str__(self):
        return self.get_kind_display()


class Field(models.Model):
    """One line of a call's form, put together by staff."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="fields", db_index=False)
    order = models.PositiveSmallIntegerField(_("顺序"))
    kind = models.CharField(_("填写方式"), max_length=8, choices=FieldKind)
    label = models.CharField(_("名称"), max_length=60)
    label_en = models.CharField(_("英文名称"), max_length=120, blank=True)
    help = models.CharField(_("填写说明"), max_length=200, blank=True)
    required = models.BooleanField(_("必填"), default=True)
    limit = models.PositiveIntegerField(
        _("字数上限"), default=500, validators=[MinValueValidator(1)]
    )
    choices = ArrayField(
        models.CharField(max_length=60), default=list, blank=True, verbose_name=_("选项")
    )
    # Of a table: [{"name", "kind", "limit", "name_en"}] (calls.tables).
    columns = models.JSONField(_("栏目"), default=list, blank=True)
    # Rows of a table; files of a line.
    most = models.PositiveSmallIntegerField(
        _("最多几行或几个文件"), default=5, validators=[MinValueValidator(1)]
    )
    file_kinds = ArrayField(
        models.CharField(max_length=5, choices=FileKind),
        default=list,
        blank=True,
        verbose_name=_("可以上传"),
    )
    file_mb = models.PositiveSmallIntegerField(
        _("每个文件不超过（MB）"), default=5, validators=[MinValueValidator(1)]
    )
    profile = models.CharField(_("从档案带入"), max_length=20, choices=FromProfile, blank=True)
    identifying = models.BooleanField(
        _("会暴露身份"), default=False, help_text=_("匿名评审时评审专家看不到这一项")
    )

    class Meta:
        verbose_name = verbose_name_plural = _("申报表内容")
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["call", "label"], name="field_label_once"),
            models.CheckConstraint(
                name="field_choice_has_choices",
                condition=~Q(kind="choice") | Q(choices__len__gte=2),
            ),
            models.CheckConstraint(
                name="field_table_has_columns", condition=~Q(kind="table") | ~Q(columns=[])
            ),
            models.CheckConstraint(
                name="field_file_has_kinds",
                condition=~Q(kind="file") | Q(file_kinds__len__gte=1),
            ),
            models.CheckConstraint(
                name="field_most_sane",
                condition=Q(most__gte=1, most__lte=MOST_ROWS, file_mb__gte=1, file_mb__lte=MOST_MB),
            ),
            models.CheckConstraint(
                name="field_limit_sane", condition=Q(limit__gte=1, limit__lte=5000)
            ),
            models.CheckConstraint(
                name="field_profile_is_text", condition=Q(profile="") | Q(kind="text")
            ),
            models.CheckConstraint(
                name="field_naming_her_is_identifying",
                condition=~Q(profile__in=sorted(IDENTIFYING)) | Q(identifying=True),
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def name(self):
        """Return what it is called, in the reader's language where staff wrote it."""
        return (self.label_en if get_language() == "en" else "") or self.label

    @property
    def key(self):
        """Return its name in the form of a page."""
        return f"field_{self.pk}"

    @property
    def profile_words(self):
        """Return what a text begins with, in words."""
        from calls import prefilling  # it knows the models

        return prefilling.words_of(self.profile)

    @property
    def is_table(self):
        """Tell whether it is filled in row by row."""
        return self.kind == FieldKind.TABLE

    @property
    def is_file(self):
        """Tell whether it takes files."""
        return self.kind == FieldKind.FILE

    @property
    def file_kinds_text(self):
        """Return what may be uploaded, as words."""
        return listed(FileKind(kind).label for kind in self.file_kinds)


class Numbering(models.Model):
    """The last number a call has given; locked last, so that saving an application never waits for it."""

    call = models.OneToOneField(Call, models.CASCADE, related_name="numbering", primary_key=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self):
        return str(self.last)
