"""That somebody waits to be erased, as claims and merges have to know it: they may not change who that is."""

from django.db.models import Q
from django.utils.translation import gettext as _

from kernel.errors import Conflict
from notices import operations as notices
from privacy import audit
from talents.erasure.models import Erasure, ErasureState, Ground
from talents.models import Talent

LETTERS = ("talents.erasure_asked", "talents.erasure_soon")


def why_waits(*, user=None, talents=()):
    """Return that an account, or one of these records, waits to be erased (Conflict), or None."""
    about = Q(talent__in=[talent.pk for talent in talents])
    about |= Q(user=user) if user else Q()
    if Erasure.objects.waiting().filter(about).exists():
        sentence = _("账号或档案正在等待删除，不能办理。本人在“我的数据”撤回删除申请后再办理。")
        return Conflict("erasure_waits", sentence)
    return None


def end(erasure, by, now):
    """Take a waiting erasure back, and the letters about it."""
    erasure.state, erasure.ended_at = ErasureState.WITHDRAWN, now
    erasure.save(update_fields=["state", "ended_at"])
    if erasure.user_id:
        notices.withdraw_all(to=[erasure.user_id], kinds=LETTERS, keys=[str(erasure.pk)], at=now)
    audit.record("talents.withdraw_erasure", erasure, by=by, at=now)


def follow_account(user_id, *, by, now):
    """Have the waiting erasure of an account name the record that is its own by now; the account is locked.

    She who asked herself is erased with what is hers. What was asked for in writing was about the record the account
    has lost: whose request it was is to be looked into anew, so it is taken back.
    """
    erasure = Erasure.objects.waiting().filter(user=user_id).first()
    own = Talent.objects.filter(user=user_id).first()
    if erasure is None or erasure.talent == own:
        return
    if erasure.ground == Ground.WRITTEN:
        end(erasure, by, now)
    else:
        erasure.talent = own
        erasure.save(update_fields=["talent"])
