"""`manage.py rotate_keys`: encrypt everything sealed again with the newest key of FIELD_KEYS."""

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from privacy import crypto, rotation, sealed


class Command(BaseCommand):
    """Run it once every process knows the new key and encrypts with it; then `prove_keys`.

    Safe while the portal runs and safe to start again after it was cut short. `--indexes` also
    recomputes the blind indexes after INDEX_KEY was changed (set AUDIT_KEY to the old INDEX_KEY
    first, so that the audit chain goes on).
    """

    help = "Re-encrypt everything sealed with the newest key in FIELD_KEYS."

    def add_arguments(self, parser):
        """Offer --dry-run, --indexes and --batch."""
        parser.add_argument("--dry-run", action="store_true", help="count only, write nothing")
        parser.add_argument("--indexes", action="store_true", help="recompute blind indexes too")
        parser.add_argument("--batch", type=int, default=rotation.BATCH, help="rows at a time")

    def handle(self, *args, dry_run=False, indexes=False, batch=rotation.BATCH, **options):
        """Go through every place, a line for each."""
        if batch < 1:
            raise CommandError(_("--batch 须为正整数。"))
        total = 0
        try:
            for place in sealed.places():
                total += self._place(place, dry_run, batch)
            for model, field in rotation.indexes() if indexes else ():
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

    def _place(self, place, dry_run, batch):
        todo = rotation.outdated(place)
        if dry_run or not todo:
            self.stdout.write(f"{place}: {todo}")
            return todo
        total = 0
        for replaced, overtaken in rotation.rotate(place, batch=batch):
            total += replaced
            if replaced or overtaken:
                note = f" (+{overtaken})" if overtaken else ""
                self.stdout.write(f"{place}: {total}/{todo}{note}")
        return total
