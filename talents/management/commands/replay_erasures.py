"""`manage.py replay_erasures`: after a restore, erase again who was erased since the backup."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from talents.erasure import outside


class Command(BaseCommand):
    """Read the list of erasures kept outside the database and carry out those this database does not know."""

    help = "After a restore: erase again who was erased since the backup was made."

    def add_arguments(self, parser):
        """Offer another file, and only counting."""
        parser.add_argument("--file", type=Path, default=settings.ERASURE_LIST)
        parser.add_argument("--dry-run", action="store_true")

    def handle(self, *args, file, dry_run=False, **options):
        """Print what was found; exit code 1 where the list is missing or one could not be erased."""
        if file is None or not file.exists():
            raise CommandError(_("没有找到删除清单 %(file)s。") % {"file": file})
        found = outside.replay(file, now=timezone.now(), dry=dry_run)
        said = (
            _("将重新删除 %(again)s 人；已是删除状态 %(still)s 人，备份里没有 %(absent)s 人。")
            if dry_run
            else _("已重新删除 %(again)s 人；已是删除状态 %(still)s 人，备份里没有 %(absent)s 人。")
        )
        self.stdout.write(said % vars(found))
        if found.failed:
            sentence = _("%(failed)s 人没有删除成功，后台会再试；编号见日志。")
            raise CommandError(sentence % vars(found), returncode=1)
