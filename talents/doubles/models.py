"""Pairs of records that may be one woman's, and merges with the trace that takes them back."""

from datetime import timedelta

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kernel.words import listed
from privacy.fields import EncryptedTextField

KEPT_FOR = timedelta(days=30)


class Likeness(models.TextChoices):
    """What two records have in common; the strongest first."""

    ID_NUMBER = "id_number", _("身份证号相同")
    PHONE = "phone", _("手机号相同")
    WORK = "work", _("姓名、出生年月和单位相同")
    SOUND = "sound", _("姓名读音和出生年月相同")


class PairQuerySet(models.QuerySet):
    """Questions about pairs."""

    def visible_to(self, user):
        """Keep pairs of two records that `user` may see; of a woman's own none."""
        from talents.models import Talent  # which imports this module

        if not user.is_staff or not user.has_perm("talents.view_pair"):
            return self.none()
        seen = Talent.objects.visible_to(user).values("pk")
        return self.filter(first__in=seen, second__in=seen)

    def waiting(self):
        """Keep what nobody has judged, the likeliest first."""
        return self.filter(apart_at=None).order_by("-weight", "pk")


class Pair(models.Model):
    """Two records that may be one woman's (`first` is the older). Judged apart, it stays so until that is undone.

    Written by `finding` alone. Merged, or in a state staff do not see, a record takes its pairs out of every list.
    """

    first = models.ForeignKey(
        "talents.Talent", models.CASCADE, related_name="+", verbose_name=_("档案"), db_index=False
    )
    second = models.ForeignKey(
        "talents.Talent", models.CASCADE, related_name="+", verbose_name=_("另一份档案")
    )
    reasons = ArrayField(
        models.CharField(max_length=10, choices=Likeness), verbose_name=_("相同之处")
    )
    # How likely: 8 for the number, 4 for the phone, 2 for the work, 1 for the sound, added up.
    weight = models.PositiveSmallIntegerField(_("可能性"))
    found_at = models.DateTimeField(_("发现时间"))
    apart_at = models.DateTimeField(_("判断时间"), null=True, blank=True)
    apart_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("判断人"),
    )
    apart_reason = models.CharField(_("判断理由"), max_length=200, blank=True)

    objects = PairQuerySet.as_manager()

    class Meta:
        verbose_name = _("可能重复的档案")
        verbose_name_plural = pgettext_lazy("many", "可能重复的档案")
        ordering = ["-weight", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="pair_once"),
            models.CheckConstraint(name="pair_in_order", condition=Q(first__lt=F("second"))),
            models.CheckConstraint(
                name="pair_apart_has_reason",
                condition=Q(apart_at=None, apart_reason="")
                | (Q(apart_at__isnull=False) & ~Q(apart_reason="")),
            ),
        ]
        indexes = [
            models.Index(fields=["-weight", "id"], name="pair_waiting", condition=Q(apart_at=None))
        ]

    def __str__(self):
        return listed([self.first, self.second])

    @property
    def is_waiting(self):
        """Tell whether nobody has judged it."""
        return self.apart_at is None

    @property
    def likeness(self):
        """Return what the two have in common, in words."""
        return likeness_words(self.reasons)


def likeness_words(reasons):
    """Return what two records have in common, in words; what a stronger likeness says already is left out."""
    said = set(reasons) - ({Likeness.SOUND} if Likeness.WORK in reasons else set())
    return listed(label for value, label in Likeness.choices if value in said)


class ToCompare(models.Model):
    """A record whose pairs have to be found anew. Written by a trigger (0004_compare_again), emptied by `finding`.

    A number, no foreign key: nothing depends on it, and who deletes a record need not know of it.
    """

    talent_id = models.BigIntegerField(primary_key=True)

    class Meta:
        verbose_name = verbose_name_plural = _("待比对的档案")

    def __str__(self):
        return str(self.talent_id)


class MergeQuerySet(models.QuerySet):
    """Questions about merges."""

    def undoable(self):
        """Keep merges whose trace is still there."""
        return self.filter(trace__isnull=False)


class Merge(models.Model):
    """That `lost` was put into `kept`. `trace` (sealed JSON) is what undoing needs; gone after 30 days."""

    kept = models.ForeignKey(
        "talents.Talent", models.PROTECT, related_name="merges", verbose_name=_("保留的档案")
    )
    lost = models.ForeignKey(
        "talents.Talent", models.PROTECT, related_name="merged_into", verbose_name=_("并入的档案")
    )
    trace = EncryptedTextField(null=True, blank=True, editable=False)
    reason = models.CharField(_("理由"), max_length=200)
    at = models.DateTimeField(_("合并时间"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("经办人"),
    )
    undone_at = models.DateTimeField(_("撤销时间"), null=True, blank=True)

    objects = MergeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("档案合并")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["lost"], name="merge_once", condition=Q(undone_at=None)
            ),
            models.CheckConstraint(name="merge_of_two", condition=~Q(kept=F("lost"))),
            models.CheckConstraint(
                name="merge_undone_has_no_trace",
                condition=Q(undone_at=None) | Q(trace__isnull=True),
            ),
        ]
        indexes = [
            models.Index(fields=["at"], name="merge_traced", condition=Q(trace__isnull=False))
        ]

    def __str__(self):
        return f"{self.lost_id} → {self.kept_id}"
