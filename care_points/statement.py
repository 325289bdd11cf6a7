"""The statement's words: each line says why, when, by whom and until when it counts."""

from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from care_points import versions
from care_points.models import Entry, TransferKind
from care_points.sources import source
from kernel.keyset import Keyset, Page
from kernel.words import day_text, moment_text

NEWEST_FIRST = Keyset(("-id",))
LINES = 20


@dataclass(frozen=True)
class Line:
    """One line as the page shows it; `rule` says what the rule of its day said; `voucher` is her redemption's id or None."""

    why: str
    when: str
    who: str
    until: str
    rule: str
    code: str
    amount: int
    balance: int
    voucher: int | None

    @property
    def signed(self):
        """Return the amount with its sign, a true minus."""
        return f"+{self.amount}" if self.amount > 0 else f"−{-self.amount}"


def about(transfer):
    """Return what a transfer is about in the reader's language: an event, an activity, a reason; or ""."""
    if transfer.hours:
        names = {"activity": transfer.about, "hours": transfer.hours.hours_text}
        return _("%(activity)s（%(hours)s）") % names
    if transfer.kind == TransferKind.REVERSED and not transfer.about:
        declared = transfer.rule and source(transfer.rule.code)
        return str(declared.undone) if declared else ""
    return transfer.about


def why(transfer):
    """Return in the reader's language why a transfer moved points."""
    names = {"rule": transfer.rule.label if transfer.rule else "", "about": about(transfer)}
    if transfer.kind == TransferKind.EARNED:
        return _("%(rule)s：%(about)s") % names if names["about"] else names["rule"]
    if transfer.kind == TransferKind.REDEEMED:
        return _("爱心加油站服务兑换")
    if transfer.kind == TransferKind.ADJUSTED:
        return _("更正：%(about)s") % names
    if transfer.request_id:
        return _("撤销更正：%(about)s") % names
    if transfer.kind == TransferKind.RETURNED:
        return _("兑换已取消，积分退回") if transfer.by_id else _("兑换码过期未使用，积分退回")
    if transfer.kind == TransferKind.REVERSED:
        return _("撤销“%(rule)s”的积分：%(about)s") % names
    if transfer.kind == TransferKind.MERGED:
        return _("撤销档案合并，积分转回") if transfer.reverses_id else _("档案合并，积分转移")
    if transfer.kind == TransferKind.RECOVERED:
        return _("退回的积分中，兑换后已被撤销的部分")
    return _("积分到期未使用，已清零")


def _actor_label(transfer, user):
    if transfer.by is None:
        return _("系统自动")
    if transfer.by_id == user.pk:
        return _("本人")
    department = transfer.by.department
    return f"{department} {transfer.by.masked_name}" if department else transfer.by.masked_name


def _until(transfer):
    came_over = transfer.kind == TransferKind.MERGED and transfer.reverses_id is None
    given = transfer.kind == TransferKind.ADJUSTED and transfer.valid_until
    if transfer.kind == TransferKind.EARNED or came_over or given:
        if transfer.valid_until is None:
            return _("长期有效")
        return _("有效至 %(when)s") % {"when": _day(transfer.valid_until)}
    if transfer.kind == TransferKind.REDEEMED:
        if hasattr(transfer.redemption, "appointment"):
            return _("预约时间 %(when)s") % {
                "when": moment_text(transfer.redemption.appointment.starts_at)
            }
        return _("兑换码有效至 %(when)s") % {"when": _day(transfer.redemption.expires_at)}
    if transfer.kind == TransferKind.RETURNED:
        return _("退回的积分有效期不变")
    return ""


def _rule(transfer, rules):
    """Return what the rule said that gave these points; what was taken back was not taken by it."""
    named = transfer.rule_id, transfer.rule_version
    return rules.get(named, "") if transfer.kind == TransferKind.EARNED else ""


def _day(moment):
    return day_text(timezone.localtime(moment))


def _line(entry, user, rules):
    transfer = entry.transfer
    return Line(
        why=why(transfer),
        when=moment_text(transfer.at),
        who=_actor_label(transfer, user),
        until=_until(transfer),
        rule=_rule(transfer, rules),
        code=transfer.code,
        amount=entry.amount,
        balance=entry.balance_after,
        voucher=transfer.redemption_id,
    )


def lines(entries, user):
    """Return the Lines of entries (read with their transfers, as `page` does). One query: the rules of their day."""
    rules = versions.said([entry.transfer for entry in entries])
    return [_line(entry, user, rules) for entry in entries]


def page(account, user, cursor=""):
    """Return a kernel.keyset.Page of Lines of `user`'s own account, newest first, in two queries."""
    if account.pk is None:
        return Page([], "")
    entries = Entry.objects.filter(account=account).select_related(
        "transfer__rule",
        "transfer__by__department",
        "transfer__hours",
        "transfer__redemption__appointment",
    )
    entry_page = NEWEST_FIRST.page(entries, cursor, LINES)
    return Page(lines(entry_page.rows, user), entry_page.after)
