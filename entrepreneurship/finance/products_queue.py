"""What of banks and products waits for the officer."""

from django.utils import timezone
from django.utils.translation import gettext as _

from entrepreneurship.finance.models import BankPaper, FinanceTerms
from kernel.admin.queue import capped, changelist
from kernel.portal import Task


def terms_going(user, now):
    """Return the line about products that vanish from the public pages within a month."""
    rows = FinanceTerms.objects.visible_to(user).going(timezone.localdate(now))
    return Task(
        _("快要撤下的金融产品"),
        capped(rows),
        _("向银行核实后点“核实”；条件变了的新增一版。到期或 180 天没有核实，页面自动不再显示。"),
        changelist("entrepreneurship_financeterms", "going=soon"),
    )


def papers_ending(user, now):
    """Return the line about agreements and assessments that end within a month."""
    day = timezone.localdate(now)
    rows = BankPaper.objects.visible_to(user).ending(day).filter(valid_until__gte=day)
    return Task(
        _("快要到期的银行协议和评估"),
        capped(rows),
        _("续签后登记新的文件；协议到期，这家银行的产品不再公开。"),
        changelist("entrepreneurship_bankpaper", "ends=soon"),
    )
