"""The statement's words: each line says why, when, by whom and until when it counts."""

from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from care_points.models import Entry, Redemption, TransferKind
from kernel.words import day_text, moment_text


@dataclass(frozen=True)
class Line:
    """One line as the page shows it; `voucher` is her redemption's id or None."""

    why: str
    when: str
    who: str
    until: str
    code: str
    amount: int
    balance: int
    voucher: int | None

    @property
    def signed(self):
        """Return the amount with its sign, a true minus."""
        return f"+{self.amount}" if self.amount > 0 else f"−{-self.amount}"


def _why(transfer, amount):
    about = {"rule": transfer.rule.label if transfer.rule else "", "about": transfer.about}
    if transfer.kind == TransferKind.EARNED:
        return _("%(rule)s：%(about)s") % about if transfer.about else about["rule"]
    if transfer.kind == TransferKind.REDEEMED:
        return _("爱心加油站服务兑换")
    if transfer.kind == TransferKind.RETURNED:
        return _("兑换已取消，积分退回") if transfer.by_id else _("兑换码过期未使用，积分退回")
    if transfer.kind == TransferKind.REVERSED:
        return _("撤销“%(rule)s”的积分：%(about)s") % about
    return _("积分到期未使用，已清零")


def _who(transfer, user):
    if transfer.by is None:
        return _("系统自动")
    if transfer.by_id == user.pk:
        return _("本人")
    department = transfer.by.department
    return f"{department} {transfer.by.masked_name}" if department else transfer.by.masked_name


def _until(transfer, voucher):
    if transfer.kind == TransferKind.EARNED:
        if transfer.valid_until is None:
            return _("长期有效")
        return _("有效至 %(when)s") % {"when": day_text(timezone.localtime(transfer.valid_until))}
    if voucher is not None:
        return _("兑换码有效至 %(when)s") % {
            "when": day_text(timezone.localtime(voucher.expires_at))
        }
    if transfer.kind == TransferKind.RETURNED:
        return _("退回的积分有效期不变")
    return ""


def lines(account, user, *, before=None):
    """Return (list of Line, next key or None) of her statement; two queries, however many lines."""
    entries, following = Entry.objects.page(account, before=before)
    numbers = [
        int(entry.transfer.source.partition(":")[2])
        for entry in entries
        if entry.transfer.kind == TransferKind.REDEEMED
    ]
    vouchers = Redemption.objects.of(user).in_bulk(numbers)
    shown = []
    for entry in entries:
        transfer = entry.transfer
        redeemed = transfer.kind == TransferKind.REDEEMED
        voucher = vouchers.get(int(transfer.source.partition(":")[2])) if redeemed else None
        shown.append(
            Line(
                why=_why(transfer, entry.amount),
                when=moment_text(transfer.at),
                who=_who(transfer, user),
                until=_until(transfer, voucher),
                code=transfer.code,
                amount=entry.amount,
                balance=entry.balance_after,
                voucher=voucher.pk if voucher else None,
            )
        )
    return shown, following
