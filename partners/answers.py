"""Once for each Idempotency-Key: what a unit's program was answered is kept for a month and given again.

Apps whose writing has a row of its own for each request keep the key there (events, talents, role_models); this is for
those that have none.
"""

import hashlib
import json

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from kernel.errors import Invalid
from partners.models import KeptAnswer


@transaction.atomic
def once(*, unit_id, scope, key, said, now, carry_out):
    """Return what `carry_out()` returns (plain JSON values) the first time a unit sends `key`, and the same ever after.

    `said` are the request's plain JSON values: the same key with others raises Invalid("idempotency_key_reused"). A second
    request waits for the first; what `carry_out` refuses is not kept, so the key may be used again.
    """
    text = json.dumps(said, sort_keys=True, ensure_ascii=False)
    digest = hashlib.sha256(text.encode()).hexdigest()
    kept, new = KeptAnswer.objects.get_or_create(
        unit_id=unit_id, scope=scope, key=key, defaults={"digest": digest, "at": now}
    )
    if kept.digest != digest:
        sentence = _("这个 Idempotency-Key 已用于另一份内容，请换一个新的值。")
        raise Invalid("idempotency_key_reused", sentence)
    if new:
        kept.answer = carry_out()
        kept.save(update_fields=["answer"])
    return kept.answer


def forget_codes(codes, name):
    """Take these codes out of the list `name` of what units were answered; returns in how many answers one stood."""
    mentioned = Q(pk__in=[])
    for code in codes:
        mentioned |= Q(**{f"answer__{name}__contains": [code]})
    rows = list(KeptAnswer.objects.filter(mentioned).select_for_update().order_by("pk"))
    for kept in rows:
        kept.answer[name] = [code for code in kept.answer[name] if code not in codes]
        kept.save(update_fields=["answer"])
    return len(rows)


def old(before):
    """Return what was answered before a moment: no program repeats a request so late."""
    return KeptAnswer.objects.filter(at__lt=before)
