"""Services given in a period, once a year to each woman (health checks): who had her turn, and how many came of a unit."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Unit
from care_points.models.stations import KEY_LENGTH, Service
from kernel import ids
from privacy import crypto
from privacy.fields import BlindIndexField, EncryptedTextField


def sealed_turn(user_id, service_id, year):
    """Return what a YearTurn seals: whose turn of which service in which year, always of one length."""
    return f"{user_id:0{KEY_LENGTH}d}:{service_id:0{KEY_LENGTH}d}:{year}"


def index_of(turn):
    """Return the keyed digest by which a sealed turn is found."""
    return crypto.blind_index("turn", turn)


class YearTurn(models.Model):
    """That somebody has had her turn of a service that is given once a year.

    Whose is sealed, as in `PrivateCase`, so that `rotate_keys` carries it through a change of either key. The number is
    drawn: rows in the order of vouchers would say which voucher it was.
    """

    number = models.CharField(max_length=10, primary_key=True, default=ids.code, editable=False)
    turn = EncryptedTextField()
    turn_index = BlindIndexField("turn", unique=True)
    year = models.PositiveSmallIntegerField()

    class Meta:
        default_permissions = ()
        verbose_name = verbose_name_plural = _("每年一次的服务")

    def __str__(self):
        return self.number


class UnitYear(models.Model):
    """How many women of a unit came to a campaign of a year, counted as it happens: never who, never with what result.

    A woman counts for the unit she had when she came; without one for none.
    """

    service = models.ForeignKey(Service, models.PROTECT, related_name="unit_years", db_index=False)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", db_index=False)
    year = models.PositiveSmallIntegerField()
    came = models.PositiveIntegerField(default=0)

    class Meta:
        default_permissions = ()
        verbose_name = verbose_name_plural = _("各单位参加年度活动的人数")
        constraints = [
            models.UniqueConstraint(
                fields=["service", "year", "unit"], name="unit_year_once", nulls_distinct=False
            )
        ]
        indexes = [models.Index(fields=["unit"], name="unit_year_unit")]

    def __str__(self):
        return f"{self.service_id} {self.unit_id} {self.year}"
