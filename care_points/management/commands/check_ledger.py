"""`manage.py check_ledger [--json]`: does the points ledger add up?"""

import json
import sys

from django.core.management.base import BaseCommand
from django.utils import timezone

from care_points import operations
from care_points.reconciliation import sentence

FOUND = (
    "sound",
    "transfers",
    "accounts",
    "unbalanced_transfers",
    "wrong_accounts",
    "wrong_entries",
)


class Command(BaseCommand):
    """Check the ledger, keep the outcome as every check's, say it in one sentence; exit code 1 when it does not add up."""

    help = "Check that transfers sum to zero and balances equal their entries."

    def add_arguments(self, parser):
        """Take `--json` for machines."""
        parser.add_argument(
            "--json", action="store_true", help="print the result as one JSON object"
        )

    def handle(self, *args, **options):
        """Check, print, exit."""
        now = timezone.now()
        check = operations.run_check(check=operations.ask_check(by=None, now=now), now=now)
        if options["json"]:
            self.stdout.write(json.dumps({name: getattr(check, name) for name in FOUND}))
        else:
            self.stdout.write(sentence(check))
        if not check.sound:
            sys.exit(1)
