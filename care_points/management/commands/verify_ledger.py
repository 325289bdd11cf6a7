"""`manage.py verify_ledger [--json]`: does the points ledger add up?"""

import json
import sys

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from care_points.reconciliation import reconcile
from kernel.words import listed


class Command(BaseCommand):
    """Say in one sentence whether the ledger adds up; exit code 1 when it does not."""

    help = "Check that transfers sum to zero and balances equal their entries."

    def add_arguments(self, parser):
        """Take `--json` for machines."""
        parser.add_argument(
            "--json", action="store_true", help="print the result as one JSON object"
        )

    def handle(self, *args, **options):
        """Reconcile, print, exit."""
        result = reconcile()
        if options["json"]:
            self.stdout.write(json.dumps(result.as_dict()))
        else:
            self.stdout.write(self._sentence(result))
        if not result.sound:
            sys.exit(1)

    def _sentence(self, result):
        if result.sound:
            text = _("对账无误：%(transfers)s 笔流水收支相抵，%(accounts)s 个账户余额与分录一致。")
            return text % {"transfers": result.transfers, "accounts": result.accounts}
        text = _(
            "对账有误：收支不抵的流水 %(transfers)s，余额不符的账户 %(accounts)s，"
            "逐笔余额不符的分录 %(entries)s。请停止兑换并联系管理员。"
        )
        named = {
            "transfers": result.unbalanced_transfers,
            "accounts": result.wrong_accounts,
            "entries": result.wrong_entries,
        }
        none = _("无")
        return text % {name: listed(pks[:20]) or none for name, pks in named.items()}
