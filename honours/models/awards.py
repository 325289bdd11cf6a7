"""An honour that was granted."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Department
from calls.models import Application
from care_points.models import Transfer
from honours.models.catalogue import Honour
from kernel import bigrams, ids, masking
from talents.models import Talent


class AwardSource(models.TextChoices):
    """How the portal knows of it."""

    CALL = "call", _("申报入选")
    UPWARD = "upward", _("推荐获批")
    STAFF = "staff", _("工作人员登记")


class AwardQuerySet(models.QuerySet):
    """Questions about honours granted."""

    def visible_to(self, user):
        """Keep her own; for staff, those their department granted or registered."""
        if not user.is_staff or not user.has_perm("honours.view_award"):
            return self.of_woman(user)
        return self if user.sees_all_departments else self.filter(department=user.department_id)

    def of_woman(self, user):
        """Keep hers."""
        return self.filter(talent__user=user.pk)

    def standing(self):
        """Keep those that were not revoked."""
        return self.filter(revoked_at=None)

    def on_roll(self):
        """Keep what the public roll shows."""
        return self.standing().filter(hidden=False)


class Award(models.Model):
    """That somebody was granted an honour: on her record, on the roll, with a certificate and points by rule.

    What it says is a snapshot: `recipient` is her name as it was, or the name of the team or post. `named` says that
    she agreed to stand on the roll with her full name, `hidden` that she asked not to stand there at all.
    """

    code = models.CharField(max_length=12, unique=True, default=ids.code, editable=False)
    honour = models.ForeignKey(
        Honour,
        models.PROTECT,
        related_name="awards",
        verbose_name=_("荣誉称号"),
        db_index=False,
    )
    # Of a team or a post: who stands for it.
    talent = models.ForeignKey(
        Talent,
        models.PROTECT,
        related_name="awards",
        verbose_name=_("女性科技人才"),
        db_index=False,
    )
    department = models.ForeignKey(
        Department, models.PROTECT, verbose_name=_("经办部门"), related_name="+", db_index=False
    )
    recipient = models.CharField(
        _("获得者"), max_length=80, help_text=_("个人写姓名，集体和文明岗写全称")
    )
    recipient_en = models.CharField(_("获得者英文名称"), max_length=160, blank=True)
    unit_text = models.CharField(_("单位"), max_length=120, blank=True)
    granted_on = models.DateField(_("授予日期"), help_text=_("表彰文件上的日期"))
    granted_by = models.CharField(_("授予单位"), max_length=80)
    document_number = models.CharField(
        _("文号"), max_length=60, blank=True, help_text=_("表彰文件的文号，如“渝妇发〔2026〕8号”")
    )
    evidence = models.CharField(
        _("依据"),
        max_length=200,
        blank=True,
        help_text=_("在哪里核对到的，如文件名称、网址、证书原件"),
    )
    source = models.CharField(_("来源"), max_length=8, choices=AwardSource)
    application = models.OneToOneField(
        Application,
        models.PROTECT,
        null=True,
        related_name="award",
        verbose_name=_("申报"),
    )
    noted_at = models.DateTimeField(_("登记时间"))
    earned = models.OneToOneField(
        Transfer, models.PROTECT, null=True, related_name="+", verbose_name=_("积分")
    )
    # How often its points were taken back: giving them anew needs another key.
    turns = models.PositiveSmallIntegerField(default=0, editable=False)
    named = models.BooleanField(_("公开全名"), default=False)
    hidden = models.BooleanField(_("不上荣誉榜"), default=False)
    revoked_at = models.DateTimeField(_("撤销时间"), null=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("撤销人"),
        db_index=False,
    )
    revoke_reason = models.CharField(_("撤销原因"), max_length=200, blank=True)
    search_text = models.TextField(editable=False, default="")
    search_grams = ArrayField(models.IntegerField(), default=list, editable=False)

    objects = AwardQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("one", "获得的荣誉")
        verbose_name_plural = pgettext_lazy("many", "获得的荣誉")
        ordering = ["-id"]
        permissions = [
            ("revoke_award", _("可以撤销和恢复荣誉")),
            ("export_award", _("可以导出荣誉名单")),
        ]
        constraints = [
            # A correction that found her twice would find the certificate and the points twice as well.
            models.UniqueConstraint(
                fields=["talent", "honour", "granted_on"],
                condition=Q(revoked_at=None),
                name="award_once",
            ),
            models.CheckConstraint(
                name="award_revoked_has_reason",
                condition=Q(revoked_at=None, revoke_reason="")
                | (Q(revoked_at__isnull=False) & ~Q(revoke_reason="")),
            ),
            models.CheckConstraint(
                name="award_points_while_it_stands", condition=Q(revoked_at=None) | Q(earned=None)
            ),
        ]
        indexes = [
            models.Index(
                F("granted_on").desc(),
                F("id").desc(),
                condition=Q(revoked_at=None, hidden=False),
                name="award_roll",
            ),
            models.Index(
                F("honour"),
                F("granted_on").desc(),
                F("id").desc(),
                condition=Q(revoked_at=None, hidden=False),
                name="award_roll_of_honour",
            ),
            models.Index(fields=["talent", "-granted_on", "-id"], name="award_hers"),
            models.Index(fields=["department", "-id"], name="award_department"),
            GinIndex(fields=["search_grams"], name="award_grams", fastupdate=False),
        ]

    audit_code = "code"

    def __str__(self):
        return f"{self.recipient} · {self.honour.label}"

    def save(self, *args, update_fields=None, **kwargs):
        """Keep what it is found by in step."""
        self.search_text = bigrams.text(*self._found_by())
        self.search_grams = bigrams.grams(self.search_text)
        if update_fields is not None:
            update_fields = {*update_fields, "search_text", "search_grams"}
        super().save(*args, update_fields=update_fields, **kwargs)

    def get_absolute_url(self):
        """Return where she reads it."""
        return reverse("my_honours") + f"#{self.code}"

    def _found_by(self):
        """Return what the roll shows of it: nobody is found by a name that is masked."""
        honour = self.honour
        shown = (self.recipient, self.recipient_en, self.unit_text) if self.tells_who else ()
        return (*shown, honour.name, honour.name_en)

    @property
    def stands(self):
        """Tell whether it counts: what other apps ask before they show anything of it."""
        return self.revoked_at is None

    @property
    def tells_who(self):
        """Tell whether the roll shows the full name: that of a team is nobody's own, a woman decides on hers."""
        return self.named or not self.honour.is_personal

    @property
    def shown_recipient(self):
        """Return who was honoured, as everybody may read it."""
        return self.recipient if self.tells_who else masking.name(self.recipient)

    @property
    def shown_unit(self):
        """Return her unit as everybody may read it: with a masked name it would tell who she is."""
        return self.unit_text if self.tells_who else ""

    @property
    def certificate(self):
        """Return the valid certificate, or None. One query."""
        return self.certificates.valid().first()
