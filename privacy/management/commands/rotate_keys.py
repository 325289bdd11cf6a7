"""`manage.py rotate_keys`: re-encrypt personal data with the newest key of FIELD_KEYS."""

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from privacy import crypto, rotation
from privacy.fields import BlindIndexField, EncryptedTextField


class Command(BaseCommand):
    """Put a new key first in FIELD_KEYS, restart, run this, then take the old key out.

    Safe while the portal runs and safe to start again after it was cut short. `--indexes` also
    recomputes the blind indexes after INDEX_KEY was changed (set AUDIT_KEY to the old INDEX_KEY
    first, so that the audit chain goes on).
    """

    help = "Re-encrypt every encrypted field with the newest key in FIELD_KEYS."

    def add_arguments(self, parser):
        """Offer --dry-run, --indexes and --batch."""
        parser.add_argument("--dry-run", action="store_true", help="count only, write nothing")
        parser.add_argument("--indexes", action="store_true", help="recompute blind indexes too")
        parser.add_argument("--batch", type=int, default=rotation.BATCH, help="rows at a time")

    def handle(self, *args, dry_run=False, indexes=False, batch=rotation.BATCH, **options):
        """Go through every column, a line for each."""
        if batch < 1:
            raise CommandError(_("--batch 须为正整数。"))
        total = 0
        try:
            for model, field in rotation.columns(EncryptedTextField):
                total += self._column(model, field, dry_run, batch)
            for model, field in rotation.columns(BlindIndexField) if indexes else ():
                changed = sum(rotation.reindex(model, field, batch=batch, write=not dry_run))
                total += changed
                self.stdout.write(f"{model._meta.label}.{field.name}: {changed}")
        except crypto.DecryptionError as error:
            raise CommandError(
                _("停在一个解不开的值上（%(where)s）。请把它的密钥放回 FIELD_KEYS 后重新运行。")
                % {"where": error}
            ) from error
        if dry_run:
            sentence = ngettext(
                "共有 %(count)s 个值需要改用新密钥 %(key)s；未写入任何内容。",
                "共有 %(count)s 个值需要改用新密钥 %(key)s；未写入任何内容。",
                total,
            )
        else:
            sentence = ngettext(
                "已有 %(count)s 个值改用新密钥 %(key)s。",
                "已有 %(count)s 个值改用新密钥 %(key)s。",
                total,
            )
        self.stdout.write(sentence % {"count": total, "key": crypto.current_key_id()})

    def _column(self, model, field, dry_run, batch):
        name = f"{model._meta.label}.{field.name}"
        todo = rotation.outdated(model, field)
        if dry_run or not todo:
            self.stdout.write(f"{name}: {todo}")
            return todo
        total = 0
        for replaced, overtaken in rotation.rotate(model, field, batch=batch):
            total += replaced
            self.stdout.write(f"{name}: {total}/{todo}" + (f" (+{overtaken})" if overtaken else ""))
        return total
