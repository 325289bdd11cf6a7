"""`manage.py verify_audit`: is the audit log what was written?"""

import json

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext_lazy as _

from privacy import audit

SENTENCES = {
    "changed": _("审计日志被改动：第 %(entry)s 条与链上的摘要不符。"),
    "missing": _("审计日志缺少记录：第 %(entry)s 条已不在库中。"),
    "inserted": _("审计日志多出记录：第 %(entry)s 条不是按正常途径写入的。"),
    "base": _("审计日志的起点不可信：第 %(entry)s 条以前不是按规则清理的。"),
    "rewritten": _("审计链被重写：第 %(entry)s 条的摘要与库外留存的不符。"),
}


class Command(BaseCommand):
    """Walk the hash chain; exit code 1 and the number of the first wrong entry when it is broken."""

    help = (
        "Check the audit log's hash chain; exit code 1 when an entry was changed, removed or added."
    )

    def add_arguments(self, parser):
        """Offer --json."""
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args, json: bool = False, **options):
        """Print one sentence or one JSON object."""
        verdict = audit.verify()
        if json:
            self.stdout.write(_as_json(verdict))
        elif verdict.holds:
            self.stdout.write(
                _(
                    "审计日志完好：已核对 %(checked)s 条，另有 %(pending)s 条等待入链；链首摘要 %(head)s；"
                    "与库外留存的摘要一致：%(anchored)s 处。"
                )
                % {
                    "checked": verdict.checked,
                    "pending": verdict.pending,
                    "head": verdict.head[:16] or "-",
                    "anchored": verdict.anchored,
                }
            )
            if verdict.base:
                self.stdout.write(_("第 %(n)s 条及以前已按规则清理。") % {"n": verdict.base})
        if not verdict.holds:
            sentence = SENTENCES[verdict.fault] % {"entry": verdict.entry_id}
            raise CommandError(sentence, returncode=1)


def _as_json(verdict):
    return json.dumps(
        {
            "holds": verdict.holds,
            "checked": verdict.checked,
            "pending": verdict.pending,
            "entry_id": verdict.entry_id,
            "fault": verdict.fault,
            "head": verdict.head,
            "anchored": verdict.anchored,
            "base": verdict.base,
        }
    )
