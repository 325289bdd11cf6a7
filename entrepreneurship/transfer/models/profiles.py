"""Profiles of technology: what is offered, needed, or to be found out together."""

from django.apps import apps
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Unit
from entrepreneurship.transfer.models.choices import (
    Readiness,
    RightsKind,
    TransferForm,
    TransferKind,
    VersionState,
)
from kernel import ids
from kernel.sweeps import SweptQuerySet
from talents.codes import Discipline
from talents.models import Talent

WORKING = (VersionState.DRAFT, VersionState.ENDORSING, VersionState.CHECKING)
OFFER_RIGHT = "entrepreneurship.offer_transfer"
SHOWN = Q(published_at__isnull=False, hidden_at=None, withdrawn_at=None)


def acts_for(user):
    """Return the key of the unit `user` speaks for here, or None."""
    return user.unit_id if user.unit_id and user.has_perm(OFFER_RIGHT) else None


class TransferProfileQuerySet(SweptQuerySet):
    """Questions about profiles."""

    def visible_to(self, user):
        """Keep what staff look after: all of them, for who may see them."""
        allowed = user.is_staff and user.has_perm("entrepreneurship.view_transferprofile")
        return self if allowed else self.none()

    def shown(self, today):
        """Keep what everybody may read on a day: rules.is_shown as SQL."""
        return self.filter(SHOWN, expires_on__gte=today)

    def of(self, user):
        """Keep what is hers, and her unit's where she speaks for it."""
        mine = Q(talent__user=user)
        if unit := acts_for(user):
            mine |= Q(unit=unit)
        return self.filter(mine, erased_at=None)

    def with_words(self):
        """Bring whose they are along."""
        return self.select_related("talent__unit", "unit")

    def listed(self):
        """Bring along what a line of the list says, and no more."""
        said = ("code", "kind", "title", "advantage", "field", "readiness", "forms", "published_at")
        whose = ("unit__name", "talent__full_name", "talent__unit__name")
        return self.with_words().only(*said, *whose)

    def set_aside(self):
        """Keep those the clock could not do, or an interest of theirs, which nobody but its two sides sees."""
        own = super().set_aside().values("pk")
        interests = apps.get_model("entrepreneurship", "TransferInterest").objects.set_aside()
        return self.filter(Q(pk__in=own) | Exists(interests.filter(profile=OuterRef("pk"))))

    def to_remind(self, until):
        """Keep what ends by a day, of which its owner was not told yet for that end."""
        told = Q(reminded_for=F("expires_on"))
        return self.filter(SHOWN, expires_on__lte=until).exclude(told)

    def to_match(self, before, today):
        """Keep what is shown and was last compared before a moment, or never."""
        due = Q(matched_at=None) | Q(matched_at__lt=before)
        return self.shown(today).filter(due).exclude(kind=TransferKind.JOINT)


class TransferProfile(models.Model):
    """One offer, need or proposal, of a woman or of a unit; its words stand in its versions.

    What the list shows and is searched by is copied from the published version (transfer.showing): one table answers it.
    """

    code = models.CharField(_("编号"), max_length=10, unique=True, default=ids.code, editable=False)
    kind = models.CharField(_("类别"), max_length=8, choices=TransferKind)
    talent = models.ForeignKey(
        Talent,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="transfer_profiles",
        verbose_name=_("人才"),
    )
    unit = models.ForeignKey(
        Unit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="transfer_profiles",
        verbose_name=_("单位"),
    )
    # --- as it is published -----------------------------------------------------------------------
    title = models.CharField(_("名称"), max_length=60, blank=True)
    advantage = models.CharField(_("优势"), max_length=300, blank=True)
    field = models.CharField(_("领域"), max_length=3, choices=Discipline, blank=True)
    readiness = models.PositiveSmallIntegerField(
        _("技术就绪水平"), choices=Readiness, null=True, blank=True
    )
    forms = ArrayField(
        models.CharField(max_length=8, choices=TransferForm),
        verbose_name=_("合作方式"),
        default=list,
    )
    keywords = ArrayField(models.CharField(max_length=20), verbose_name=_("关键词"), default=list)
    search_text = models.TextField(default="", editable=False)
    search_grams = ArrayField(models.IntegerField(), default=list, editable=False)
    # --- its life ---------------------------------------------------------------------------------
    created_at = models.DateTimeField(_("开始时间"))
    published_at = models.DateTimeField(_("公开时间"), null=True, blank=True)
    expires_on = models.DateField(_("公开到"), null=True, blank=True)
    reminded_for = models.DateField(null=True, blank=True, editable=False)
    withdrawn_at = models.DateTimeField(_("本人撤下时间"), null=True, blank=True)
    hidden_at = models.DateTimeField(_("工作人员撤下时间"), null=True, blank=True)
    hidden_reason = models.CharField(_("撤下理由"), max_length=200, blank=True)
    erased_at = models.DateTimeField(_("本人信息删除时间"), null=True, blank=True)
    matched_at = models.DateTimeField(null=True, blank=True, editable=False)
    sweep_failures = models.PositiveSmallIntegerField(default=0, editable=False)

    objects = TransferProfileQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("one", "成果和需求")
        verbose_name_plural = pgettext_lazy("many", "成果和需求")
        ordering = ["-id"]
        permissions = [
            ("check_transferprofile", _("可以审核成果和需求")),
            ("export_transferprofile", _("可以导出成果转化名单")),
            ("offer_transfer", _("可以代表单位发布成果和需求")),
        ]
        indexes = [
            models.Index(fields=["-published_at", "-id"], name="transfer_shown", condition=SHOWN),
            models.Index(
                fields=["field", "kind", "-published_at", "-id"],
                name="transfer_shown_field",
                condition=SHOWN,
            ),
            models.Index(
                fields=["kind", "-published_at", "-id"],
                name="transfer_shown_kind",
                condition=SHOWN,
            ),
            models.Index(fields=["expires_on"], name="transfer_expires", condition=SHOWN),
            GinIndex(fields=["search_grams"], name="transfer_search", fastupdate=False),
        ]
        constraints = [
            models.CheckConstraint(
                name="transfer_of_one",
                condition=Q(talent__isnull=False, unit=None, erased_at=None)
                | Q(talent=None, unit__isnull=False, erased_at=None)
                | Q(talent=None, unit=None, erased_at__isnull=False),
            ),
            models.CheckConstraint(
                name="transfer_published_until",
                condition=Q(published_at=None) | Q(expires_on__isnull=False),
            ),
            models.CheckConstraint(
                name="transfer_readiness_nine",
                condition=Q(readiness=None) | Q(readiness__gte=1, readiness__lte=9),
            ),
            models.CheckConstraint(
                name="transfer_hidden_why",
                condition=Q(hidden_at=None, hidden_reason="")
                | Q(hidden_at__isnull=False) & ~Q(hidden_reason=""),
            ),
        ]

    def __str__(self):
        return self.title or self.code

    def get_absolute_url(self):
        """Return the address of its public page."""
        return reverse("transfer", args=[self.code])

    @property
    def audit_name(self):
        """Return what the audit log calls it."""
        return self.code

    @property
    def working(self):
        """Return the version that is not public yet, or None."""
        return self.versions.filter(state__in=WORKING).first()

    @property
    def published(self):
        """Return the version everybody reads, or None."""
        return self.versions.filter(state=VersionState.PUBLISHED).first()

    @property
    def newest(self):
        """Return its newest version: the one worked on, else the last."""
        return self.versions.order_by("-number").first()

    @property
    def who(self):
        """Return whose it is as the public may read it: a unit in full, a woman's name masked, with her unit."""
        if self.unit:
            return self.unit.name
        if self.talent is None:
            return ""
        unit = self.talent.unit.name if self.talent.unit else ""
        return " · ".join(filter(None, (self.talent.masked_name, unit)))

    @property
    def form_words(self):
        """Return the forms it would take, in words."""
        return [TransferForm(form).label for form in self.forms]

    def is_shown(self, today):
        """Tell whether everybody may read it on a day."""
        off = self.withdrawn_at or self.hidden_at or self.erased_at
        return bool(self.published_at) and not off and self.expires_on >= today

    @property
    def stage(self):
        """Return the code of where it stands for its owner: of the working version, else of what is public."""
        if self.withdrawn_at:
            return "withdrawn"
        if self.hidden_at:
            return "hidden"
        if self.published_at:
            return "shown" if self.expires_on >= timezone.localdate() else "expired"
        return ""


class TransferVersion(models.Model):
    """One version of a profile, word by word; once it was handed in no word changes any more (a trigger)."""

    profile = models.ForeignKey(
        TransferProfile, models.CASCADE, related_name="versions", db_index=False
    )
    number = models.PositiveSmallIntegerField(_("版本"))
    state = models.CharField(
        _("状态"), max_length=10, choices=VersionState, default=VersionState.DRAFT
    )
    title = models.CharField(_("名称"), max_length=60)
    problem = models.TextField(_("解决什么问题"), max_length=1000)
    advantage = models.CharField(_("优势，用数字说"), max_length=300, blank=True)
    field = models.CharField(_("领域"), max_length=3, choices=Discipline)
    readiness = models.PositiveSmallIntegerField(_("技术就绪水平"), choices=Readiness)
    forms = ArrayField(
        models.CharField(max_length=8, choices=TransferForm), verbose_name=_("合作方式")
    )
    keywords = ArrayField(models.CharField(max_length=20), verbose_name=_("关键词"))
    rights_kind = models.CharField(_("权利"), max_length=10, choices=RightsKind, blank=True)
    application_number = models.CharField(_("申请号"), max_length=14, blank=True)
    is_service = models.BooleanField(_("职务成果"), default=False)
    endorser = models.ForeignKey(
        Unit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("须经哪个单位同意"),
    )
    endorsed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("单位经办人"),
    )
    endorsed_at = models.DateTimeField(_("单位同意时间"), null=True, blank=True)
    is_abroad = models.BooleanField(_("发布方在境外"), default=False)
    affirmed_at = models.DateTimeField(_("声明不涉密时间"), null=True, blank=True)
    affirmed_text = models.CharField(_("声明文本版本"), max_length=10, blank=True)
    novelty_at = models.DateTimeField(_("确认知道公开会丧失新颖性"), null=True, blank=True)
    # Everybody who wrote in it, by number of account: none of them may check it.
    editors = ArrayField(models.BigIntegerField(), verbose_name=_("编写人"), default=list)
    edited_at = models.DateTimeField(_("修改时间"))
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("提交人"),
    )
    submitted_at = models.DateTimeField(_("提交时间"), null=True, blank=True)
    # What the unit or the second person would have otherwise.
    wish = models.CharField(_("退回时的修改意见"), max_length=300, blank=True)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("审核人"),
    )
    published_at = models.DateTimeField(_("公开时间"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("成果和需求的版本")
        ordering = ["profile", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["profile", "number"], name="transfer_version_once"),
            models.UniqueConstraint(
                fields=["profile"], condition=Q(state="published"), name="transfer_one_published"
            ),
            models.UniqueConstraint(
                fields=["profile"],
                condition=Q(state__in=["draft", "endorsing", "checking"]),
                name="transfer_one_working",
            ),
            models.CheckConstraint(
                name="transfer_version_nine", condition=Q(readiness__gte=1, readiness__lte=9)
            ),
            models.CheckConstraint(
                name="transfer_affirmed",
                condition=Q(state="draft")
                | Q(affirmed_at__isnull=False, submitted_at__isnull=False) & ~Q(affirmed_text=""),
            ),
            models.CheckConstraint(
                name="transfer_endorsed",
                condition=Q(state__in=["draft", "endorsing"])
                | Q(is_service=False)
                | Q(endorsed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="transfer_novelty",
                condition=Q(state="draft")
                | ~Q(rights_kind="unfiled")
                | Q(novelty_at__isnull=False),
            ),
            models.CheckConstraint(
                name="transfer_published_checked",
                condition=Q(published_at=None) | Q(checked_by__isnull=False),
            ),
            models.CheckConstraint(
                name="transfer_public_when",
                condition=~Q(state__in=["published", "replaced"]) | Q(published_at__isnull=False),
            ),
            # The second pair of eyes belongs to somebody else, whoever writes the row.
            models.CheckConstraint(
                name="transfer_two_people",
                condition=Q(checked_by=None)
                | Q(submitted_by=None)
                | ~Q(checked_by=F("submitted_by")),
            ),
        ]
        indexes = [
            models.Index(
                fields=["endorser", "submitted_at"],
                name="transfer_to_endorse",
                condition=Q(state="endorsing"),
            ),
            models.Index(
                fields=["submitted_at"], name="transfer_to_check", condition=Q(state="checking")
            ),
        ]

    def __str__(self):
        return f"{self.profile_id}.{self.number}"

    @property
    def is_unfiled(self):
        """Tell whether what it describes is not protected by anything yet."""
        return self.rights_kind == RightsKind.UNFILED

    @property
    def form_words(self):
        """Return the forms it would take, in words."""
        return [TransferForm(form).label for form in self.forms]
