"""Private cases: a time with a counsellor that no row of the database links with the woman who comes.

Two halves, written apart. The voucher (Redemption) says who, at which station, for how many points, and looks like every
other voucher. The case says which service, with whom, when, under a number of its own. Between them stands the key of the
voucher, sealed, in the case alone.
"""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from care_points.models.apart import apart
from care_points.models.appointments import Provider
from care_points.models.stations import KEY_LENGTH, Service
from kernel import ids
from privacy import crypto
from privacy.fields import BlindIndexField, EncryptedTextField


class CaseState(models.TextChoices):
    """What became of a case."""

    OPEN = "open", _("待开始")
    CAME = "came", _("已进行")
    ABSENT = "absent", _("未到")
    CALLED_OFF = "called_off", _("老师取消")


def key_of(voucher):
    """Return what a case seals of a voucher: its key, always of one length."""
    return f"{voucher.pk:0{KEY_LENGTH}d}"


class PrivateCaseQuerySet(models.QuerySet):
    """Questions about cases. No one but the counsellor sees a list of them, and nobody's name stands in it."""

    def visible_to(self, user):
        """Keep those of the counsellor whose account it is."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        return self.filter(provider__user=user)

    def of_voucher(self, voucher):
        """Keep the case of a voucher; the keyed digest finds it without opening others."""
        return self.filter(voucher_index=crypto.blind_index("voucher", key_of(voucher)))

    def held(self):
        """Keep those that take up their time."""
        return self.filter(held=True)

    def untold(self):
        """Keep those that were called off and no letter has gone out since."""
        return self.filter(told=False, state=CaseState.CALLED_OFF)

    def linked_before(self, before):
        """Keep those whose time was before a moment and of which it is still known whose they are."""
        return self.filter(ends_at__lt=before, voucher_index__isnull=False)


class PrivateCase(models.Model):
    """A time with a counsellor, under a number that says nothing.

    The number is drawn, not counted, and there is no time of making: the order of cases is not to be laid beside the order
    of vouchers. `weeks_waited` is kept in whole weeks for the same reason.
    """

    number = models.CharField(
        _("个案编号"), max_length=10, primary_key=True, default=ids.code, editable=False
    )
    service = models.ForeignKey(
        Service, models.PROTECT, related_name="cases", verbose_name=_("服务"), db_index=False
    )
    provider = models.ForeignKey(
        Provider, models.PROTECT, related_name="cases", verbose_name=_("老师"), db_index=False
    )
    starts_at = models.DateTimeField(_("开始时间"))
    ends_at = models.DateTimeField(_("结束时间"))
    busy_until = models.DateTimeField(_("占用至"))
    held = models.BooleanField(default=True, editable=False)
    state = models.CharField(_("状态"), max_length=10, choices=CaseState, default=CaseState.OPEN)
    weeks_waited = models.PositiveSmallIntegerField(_("等候（周）"))
    # False from the calling off until the letters about it have gone out (operations.reminding).
    told = models.BooleanField(default=True, editable=False)
    voucher = EncryptedTextField(null=True)
    voucher_index = BlindIndexField("voucher", unique=True)

    objects = PrivateCaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("私密个案")
        verbose_name_plural = pgettext_lazy("many", "私密个案")
        ordering = ["starts_at", "number"]
        default_permissions = ()  # no right opens a case: it is the counsellor's own
        constraints = [
            models.CheckConstraint(
                name="case_lasts",
                condition=Q(ends_at__gt=F("starts_at"), busy_until__gte=F("ends_at")),
            ),
            models.CheckConstraint(
                name="case_called_off_is_free", condition=~Q(state="called_off", held=True)
            ),
            models.CheckConstraint(
                name="case_link_whole_or_gone",
                condition=Q(voucher__isnull=True, voucher_index__isnull=True)
                | Q(voucher__isnull=False, voucher_index__isnull=False),
            ),
            apart(
                "case_alone_with_provider",
                "provider",
                until="busy_until",
                condition=Q(held=True),
            ),
        ]
        indexes = [
            models.Index(fields=["provider", "starts_at"], name="case_provider"),
            models.Index(
                fields=["ends_at"], name="case_linked", condition=Q(voucher_index__isnull=False)
            ),
            models.Index(fields=["provider"], name="case_untold", condition=Q(told=False)),
        ]

    def __str__(self):
        return self.number

    @property
    def voucher_id(self):
        """Return the key of the voucher behind it, None once the link is destroyed."""
        return int(self.voucher) if self.voucher else None
