"""`manage.py prove_keys`: may the old keys be taken out of FIELD_KEYS?"""

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from privacy import crypto, rotation, sealed

MOST_NAMED = 5


class Command(BaseCommand):
    """Open everything sealed with the newest key alone; exit code 1 when one value does not open.

    Reads and writes nothing. A value that does not open is under an older key (run `rotate_keys`, and
    look for a process that was not restarted), or cannot be read at all.
    """

    help = "Prove that the newest key of FIELD_KEYS alone opens everything; exit code 1 if not."

    def handle(self, *args, **options):
        """Go through every place, a line for each, then say what may be done."""
        read, failed = 0, []
        for place in sealed.places():
            outcomes = list(rotation.unreadable(place))
            # A session's key is what lets somebody in: only its table is named.
            closed = [
                str(place) if place.expendable else f"{place} {key}"
                for key, fails in outcomes
                if fails
            ]
            self.stdout.write(f"{place}: {len(outcomes) - len(closed)}/{len(outcomes)}")
            read += len(outcomes)
            failed += closed
        key = crypto.current_key_id()
        if failed:
            raise CommandError(_sentence(key, failed), returncode=1)
        sentence = ngettext(
            "%(count)s 个加密值仅凭密钥 %(key)s 即可全部读出。",
            "%(count)s 个加密值仅凭密钥 %(key)s 即可全部读出。",
            read,
        ) % {"count": read, "key": key}
        if others := crypto.other_key_ids():
            if wait := max((entry.seconds for entry in sealed.fleeting()), default=0):
                sentence += ngettext(
                    "缓存中的短期加密内容不在此列，所有进程改用新密钥 %(minutes)s 分钟后即自行失效。",
                    "缓存中的短期加密内容不在此列，所有进程改用新密钥 %(minutes)s 分钟后即自行失效。",
                    wait // 60,
                ) % {"minutes": wait // 60}
            sentence += _("可以从 FIELD_KEYS 中去掉：%(keys)s。") % {"keys": "、".join(others)}
        self.stdout.write(sentence)


def _sentence(key, failed):
    sentence = ngettext(
        "有 %(count)s 个值仅凭密钥 %(key)s 读不出（%(where)s）。旧密钥还不能去掉：请确认所有进程都已用新的 "
        "FIELD_KEYS 重启，再运行 rotate_keys。",
        "有 %(count)s 个值仅凭密钥 %(key)s 读不出（%(where)s）。旧密钥还不能去掉：请确认所有进程都已用新的 "
        "FIELD_KEYS 重启，再运行 rotate_keys。",
        len(failed),
    )
    where = "、".join(failed[:MOST_NAMED]) + (" …" if len(failed) > MOST_NAMED else "")
    return sentence % {"count": len(failed), "key": key, "where": where}
