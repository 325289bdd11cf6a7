"""Seats that were had for points."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from care_points.models import Redemption
from events.models.bookings import Booking


class PaidSeat(models.Model):
    """A booking and the voucher that paid for it, written together; the rule of giving it back as it was then."""

    booking = models.OneToOneField(
        Booking, models.CASCADE, related_name="paid", verbose_name=_("报名")
    )
    redemption = models.OneToOneField(
        Redemption, models.PROTECT, related_name="seat", verbose_name=_("兑换")
    )
    cancel_hours = models.PositiveSmallIntegerField(_("提前几小时可以取消"))
    late_refund = models.BooleanField(_("之后取消也退积分"))

    class Meta:
        verbose_name = verbose_name_plural = _("用积分兑换的席位")

    def __str__(self):
        return str(self.pk)
