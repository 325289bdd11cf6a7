"""Queueing what people are told. Sending is notices.sending's affair, woken by the worker."""

import json
import time
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db import connection, transaction
from django.db.models import Value
from django.db.models.functions import Concat, StrIndex, Substr
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from kernel import rights
from kernel.errors import Conflict, Refused
from kernel.prepared import Statement
from kernel.worker import nudge
from notices import kinds
from notices.models import MESSAGES, Delivery, DeliveryState, Notice
from notices.quiet import leaves_at
from privacy import audit
from privacy.models import Consent

NUDGE_SECONDS = 1
_nudged = {}  # "at": when this process nudged the worker last (time.monotonic())


@dataclass(frozen=True)
class Letter:
    """One notice not queued yet; the fields are the arguments of `queue`.

    `discreet`: SMS and mail say no more than the kind's `outside` words. `good_until`: the moment
    from which it makes no sense any more; what has not gone out by then is dropped. `needed_by`: the moment by
    which an SMS or a mail has to have come to be of use, `good_until` where left out (notices.quiet).
    """

    kind: str
    to: Any
    obj: Any
    context: dict = field(default_factory=dict)
    due_at: datetime | None = None
    link: str = ""
    discreet: bool = False
    good_until: datetime | None = None
    needed_by: datetime | None = None

    @property
    def key(self):
        """Return (recipient, kind, object) as the table is unique by."""
        return self.to.pk, self.kind, self.obj if isinstance(self.obj, str) else str(self.obj.pk)


@lru_cache(maxsize=1024)
def page_link(name, *args):
    """Return the path of the page `name` as a letter keeps it: in Chinese form, whoever writes it.

    The page switches language by its reader's own choice.
    """
    with translation.override("zh-hans"):
        return reverse(name, args=args)


LETTER = """letter (
    recipient_id bigint, kind text, object_key text, context jsonb, link text, discreet boolean,
    due_at timestamptz, good_until timestamptz, leaves_at timestamptz, essential boolean"""
# What makes the notices of the rows of `letter`, as parts of one statement. Who was told already is left out by
# `notice_once`; by SMS or mail goes what she agreed to, or has to know, and what does not come too late.
TELL = f"""notice AS (
        INSERT INTO notices_notice (recipient_id, kind, object_key, context, link, discreet, due_at, good_until, created_at)
        SELECT recipient_id, kind, object_key, context, link, discreet, due_at, good_until, %(at)s FROM letter
            ON CONFLICT (recipient_id, kind, object_key) DO NOTHING
     RETURNING id, recipient_id, kind, object_key
    ), delivery AS (
        INSERT INTO notices_delivery (notice_id, channel, state, due_at, attempts, error_code)
        SELECT notice.id, CASE WHEN phone_verified THEN 'sms' ELSE 'mail' END, 'pending', leaves_at, 0, ''
          FROM notice JOIN letter USING (recipient_id, kind, object_key)
          JOIN accounts_user ON accounts_user.id = recipient_id
         WHERE leaves_at IS NOT NULL AND (essential OR (
               SELECT granted FROM privacy_consent WHERE user_id = recipient_id AND purpose = '{MESSAGES}'
                ORDER BY id DESC LIMIT 1))
     RETURNING due_at
    )"""  # noqa: S608 (a constant of our own)
QUEUE = Statement(
    f"""
    WITH letter AS (SELECT * FROM jsonb_to_recordset(%(letters)s) AS {LETTER})), {TELL}
    SELECT id, recipient_id, kind, object_key, (SELECT min(due_at) FROM delivery) FROM notice ORDER BY id
""",  # noqa: S608 (constants of our own)
    letters="jsonb",
    at="timestamptz",
)


def queue_all(letters, *, at):
    """Queue many `Letter`s by the rules of `queue`, in one statement; returns the notices that were new."""
    letters_by_key = {}
    for letter in letters:
        letters_by_key.setdefault(letter.key, letter)
    if not letters_by_key:
        return []
    notices = {key: _notice(letter, at) for key, letter in letters_by_key.items()}
    with connection.cursor() as cursor:
        QUEUE.execute(
            cursor, {"letters": json.dumps([_packed(n) for n in notices.values()]), "at": at}
        )
        queued = cursor.fetchall()
    if queued:
        wake_when_due(queued[0][-1], at)
    return [_stored(notices[tuple(key)], pk) for pk, *key, _first_due in queued]


def packed(letter, at):
    """Return a `Letter` as a row of LETTER takes it: plain JSON values, for a statement that has TELL among its parts."""
    return _packed(_notice(letter, at))


def wake_when_due(first_due, at):
    """Wake the sender after the commit if the first of the deliveries is due (a moment, None: there is none)."""
    if first_due and first_due <= at:
        transaction.on_commit(wake_sender)


def _stored(notice, pk):
    notice.pk, notice._state.adding = pk, False
    return notice


def _notice(letter, at):
    kind = kinds.kind(letter.kind)
    kind.check(letter.context, discreet=letter.discreet)
    notice = Notice(
        recipient=letter.to,
        kind=letter.kind,
        object_key=letter.key[2],
        context=kind.stored(letter.context),
        link=letter.link,
        discreet=letter.discreet,
        due_at=letter.due_at or at,
        good_until=letter.good_until,
        created_at=at,
    )
    notice.leaves_at = leaves_at(
        notice.due_at,
        at,
        essential=kind.essential,
        needed_by=letter.needed_by or letter.good_until,
    )
    if notice.leaves_at and letter.due_at:  # planned: the inbox shows it from the same moment on
        notice.due_at = notice.leaves_at
    return notice


def _packed(notice):
    return {
        "recipient_id": notice.recipient_id,
        "kind": notice.kind,
        "object_key": notice.object_key,
        "context": notice.context,
        "link": notice.link,
        "discreet": notice.discreet,
        "due_at": notice.due_at.isoformat(),
        "good_until": notice.good_until and notice.good_until.isoformat(),
        "leaves_at": notice.leaves_at and notice.leaves_at.isoformat(),
        "essential": kinds.kind(notice.kind).essential,
    }


def agreed_to_messages(people):
    """Return those of `people` (keys of users) who agree to SMS and mail now, as a set."""
    consents = Consent.objects.filter(user__in=list(people), purpose=MESSAGES).current()
    return {user_id for user_id, granted in consents.values_list("user_id", "granted") if granted}


def queue(kind, *, to, obj, at, due_at=None, link="", **context):
    """Queue one notice of `kind` (a code some app declares) about `obj` for the User `to`.

    `obj` is a saved model instance, or a string key when one object is told about several times
    (f"{obj.pk}:{n}"). `due_at` (default `at`) delays it: a reminder. `context` holds the kind's
    placeholders only: words, numbers, and the moments and months it declares; a name that is data is
    {"zh-hans": …, "en": …}. Asking twice for the same (to, kind, obj) queues once.
    Goes, by day (notices.quiet), by SMS when she has a verified phone, else by mail, and only if she agreed to messages or the
    kind is essential. Returns the Notice. Must run inside the operation's transaction.
    """
    letter = Letter(kind, to, obj, context, due_at=due_at, link=link)
    new = queue_all([letter], at=at)
    recipient, _kind, key = letter.key
    return new[0] if new else Notice.objects.get(recipient=recipient, kind=kind, object_key=key)


def withdraw_all(*, to, kinds, keys, at):
    """Take back notices of `kinds` about `keys` (strings) to the people `to` that are not out yet."""
    notices = Notice.objects.filter(
        recipient__in=to, kind__in=kinds, object_key__in=keys, due_at__gt=at, withdrawn_at=None
    )
    pks = list(notices.values_list("pk", flat=True))
    if pks:
        Delivery.objects.filter(notice__in=pks, state="pending").update(state="dropped")
        Notice.objects.filter(pk__in=pks).update(withdrawn_at=at)


def overtake_all(*, to, kinds, about, at):
    """Mark what the people `to` were told by `kinds` about the objects `about` (pks) as no longer true.

    A key is the object's pk, or "pk:something" where it is told about several times. The notice stays in
    the inbox with a mark; what of it has not left by SMS or mail yet does not leave any more.
    """
    key = Concat("object_key", Value(":"))
    notices = (
        Notice.objects.annotate(object_pk=Substr(key, 1, StrIndex(key, Value(":")) - 1))
        .filter(recipient__in=to, kind__in=kinds, object_pk__in=[str(pk) for pk in about])
        .filter(due_at__lte=at, withdrawn_at=None, overtaken_at=None)
    )
    if pks := list(notices.values_list("pk", flat=True)):
        Delivery.objects.filter(notice__in=pks, state="pending").update(state="dropped")
        Notice.objects.filter(pk__in=pks).update(overtaken_at=at)


def mark_read(*, user, by, now, only=None):
    """Mark the notices `user` can see as read, or those of them in `only` (pks); returns how many were not.

    Raises Refused unless `by` is she herself.
    """
    if by is not None and by.pk != user.pk:
        raise Refused("not_yours", _("只能查看您自己的通知。"))
    unread = Notice.objects.visible_to(user, now).filter(read_at=None)
    if only is not None:
        unread = unread.filter(pk__in=only)
    return unread.update(read_at=now)


@transaction.atomic
def send_again(*, delivery, by, now):
    """Queue a failed or unsure delivery once more, on a clerk's word.

    Raises Refused; Conflict when it is neither (it arrived, or somebody else has already sent it again).
    """
    rights.require(by, "notices.change_delivery")
    rows = Delivery.objects.in_trouble().filter(pk=delivery.pk)
    if not rows.update(state=DeliveryState.PENDING, due_at=now, attempts=0):
        raise Conflict("delivery_not_failed", _("这条通知已送达、已撤回或正在排队，不用重新发送。"))
    audit.record("notices.send_again", delivery, by=by, at=now)
    transaction.on_commit(wake_sender)


def wake_sender():
    """Nudge the worker, at most once a second from each process; a lost nudge costs nothing, beat sweeps every ten.

    The task starts a second later, so that it finds everything the second's other nudges meant. A process remembers
    by itself: asking Redis whether another one has nudged took longer than a second task that finds nothing.
    """
    now = time.monotonic()
    if now - _nudged.get("at", -NUDGE_SECONDS) >= NUDGE_SECONDS:
        _nudged["at"] = now
        nudge("notices.tasks.send_due", countdown=NUDGE_SECONDS)
