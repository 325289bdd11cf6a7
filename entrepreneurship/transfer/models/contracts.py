"""Contracts that came of an interest, and what was paid."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from entrepreneurship.transfer.models.choices import ContractKind, ContractState, PriceWay
from entrepreneurship.transfer.models.interests import TransferInterest

MOST = 14  # digits of an amount, two of them behind the point


class TransferContractQuerySet(models.QuerySet):
    """Questions about contracts."""

    def visible_to(self, user):
        """Keep what a mediator keeps: of interests that are hers; all for auditors."""
        if not (user.is_staff and user.has_perm("entrepreneurship.view_transfercontract")):
            return self.none()
        if user.sees_all_departments:
            return self
        return self.filter(interest__mediator=user.pk)

    def counted(self):
        """Keep what counts as a contract: signed, and not void. One number is one contract."""
        return self.filter(state__in=(ContractState.SIGNED, ContractState.REGISTERED))


class TransferContract(models.Model):
    """One technology contract. Its number is unique, so that it is counted once whoever enters it."""

    interest = models.ForeignKey(
        TransferInterest, models.PROTECT, related_name="contracts", verbose_name=_("合作意向")
    )
    number = models.CharField(_("合同编号"), max_length=40)
    kind = models.CharField(_("合同类型"), max_length=12, choices=ContractKind)
    state = models.CharField(
        _("状态"), max_length=10, choices=ContractState, default=ContractState.PREPARED
    )
    amount_signed = models.DecimalField(_("合同金额（元）"), max_digits=MOST, decimal_places=2)
    price_way = models.CharField(_("定价方式"), max_length=10, choices=PriceWay)
    is_public_owner = models.BooleanField(_("成果归国家设立的院所或高校"), default=False)
    notice_from = models.DateField(_("公示开始"), null=True, blank=True)
    notice_ends = models.DateField(_("公示截止"), null=True, blank=True)
    signed_on = models.DateField(_("签订日期"), null=True, blank=True)
    registered_on = models.DateField(_("认定登记日期"), null=True, blank=True)
    registration = models.CharField(_("登记编号"), max_length=40, blank=True)
    amount_registered = models.DecimalField(
        _("认定的技术交易额（元）"), max_digits=MOST, decimal_places=2, null=True, blank=True
    )
    # Kept by a trigger: the sum of its payments.
    paid = models.DecimalField(_("已到账（元）"), max_digits=MOST, decimal_places=2, default=0)
    void_reason = models.CharField(_("作废理由"), max_length=200, blank=True)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("登记人"),
    )
    entered_at = models.DateTimeField(_("登记时间"))

    objects = TransferContractQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("one", "技术合同")
        verbose_name_plural = pgettext_lazy("many", "技术合同")
        ordering = ["-id"]
        permissions = [
            ("keep_transfercontract", _("可以登记技术合同")),
            ("export_transfercontract", _("可以导出技术合同")),
        ]
        indexes = [models.Index(fields=["state", "-id"], name="transfer_contract_state")]
        constraints = [
            models.UniqueConstraint(
                fields=["number"], condition=~Q(state="void"), name="transfer_contract_number"
            ),
            models.UniqueConstraint(
                fields=["registration"],
                condition=~Q(registration="") & ~Q(state="void"),
                name="transfer_contract_registration",
            ),
            models.CheckConstraint(
                name="transfer_contract_amount", condition=Q(amount_signed__gt=0)
            ),
            models.CheckConstraint(
                name="transfer_contract_paid",
                condition=Q(paid__gte=0, paid__lte=F("amount_signed")),
            ),
            models.CheckConstraint(
                name="transfer_contract_registered",
                condition=Q(
                    state="registered", registered_on__isnull=False, amount_registered__gt=0
                )
                & Q(amount_registered__lte=F("amount_signed"))
                & ~Q(registration="")
                | ~Q(state="registered"),
            ),
            models.CheckConstraint(
                name="transfer_contract_signed",
                condition=~Q(state__in=["signed", "registered"]) | Q(signed_on__isnull=False),
            ),
            # A public owner's negotiated price is shown in its house first, the fifteen days to their end.
            models.CheckConstraint(
                name="transfer_contract_notice",
                condition=Q(signed_on=None)
                | Q(is_public_owner=False)
                | ~Q(price_way="negotiated")
                | Q(notice_ends__isnull=False, signed_on__gt=F("notice_ends")),
            ),
            models.CheckConstraint(
                name="transfer_contract_void_why",
                condition=Q(state="void") & ~Q(void_reason="")
                | ~Q(state="void") & Q(void_reason=""),
            ),
        ]

    def __str__(self):
        return self.number

    @property
    def needs_notice(self):
        """Tell whether its price has to be shown for fifteen days before it is signed."""
        return self.is_public_owner and self.price_way == PriceWay.NEGOTIATED

    @property
    def outstanding(self):
        """Return what is still to be paid."""
        return self.amount_signed - self.paid


class TransferPayment(models.Model):
    """Money that arrived, append-only (a trigger); a mistake is taken back by a second row that names the first."""

    contract = models.ForeignKey(TransferContract, models.PROTECT, related_name="payments")
    amount = models.DecimalField(_("金额（元）"), max_digits=MOST, decimal_places=2)
    paid_on = models.DateField(_("到账日期"))
    takes_back = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="taken_back",
        verbose_name=_("更正哪一笔"),
    )
    reason = models.CharField(_("更正理由"), max_length=200, blank=True)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("登记人"),
    )
    entered_at = models.DateTimeField(_("登记时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("合同到账")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="transfer_payment_amount",
                condition=Q(takes_back=None, amount__gt=0, reason="")
                | Q(takes_back__isnull=False, amount__lt=0) & ~Q(reason=""),
            )
        ]

    def __str__(self):
        return f"{self.contract_id}: {self.amount}"
