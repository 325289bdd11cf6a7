"""Giving and withdrawing consent, one purpose at a time (PIPL art. 14-16, 29)."""

from dataclasses import dataclass

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from kernel.errors import Invalid
from privacy import audit
from privacy.models import Consent, Purpose


@dataclass(frozen=True)
class Text:
    """What a person is told about one purpose before she decides.

    `version` is stored with her answer and must change with the words. `sensitive` purposes concern
    sensitive personal information and are asked for separately.
    """

    version: str
    data: str
    why: str
    withdrawal: str
    sensitive: bool = False


TEXTS = {
    Purpose.TALENT_DATABASE: Text(
        "2026-11",
        _("姓名、出生年月、单位、职务职称、学历、学科行业、研究方向、海外学习经历"),
        _("用于人才审核、政策服务与统计分析，由您的归口部门查看。"),
        _(
            "撤回后，您的资料将不再用于人才库，无法报名面向入库人才的活动；已完成的活动和积分记录不受影响。"
        ),
    ),
    Purpose.IDENTITY_NUMBER: Text(
        "2026-11",
        _("身份证号（加密保存，页面只显示首尾各四位）"),
        _("仅用于核验身份、避免重复建档；查看完整号码须填写理由并留痕。"),
        _("撤回后，我们不再使用您的身份证号；需要核验身份的事项可能无法办理。"),
        sensitive=True,
    ),
    Purpose.UNIT_SHARING: Text(
        "2026-11",
        _("姓名、职称、研究方向（不含联系方式）"),
        _("让您的工作单位了解本单位入库人才情况，便于推荐与支持。"),
        _("撤回后，您的单位不能再查询到您；此前已取得的信息由单位依法处理。"),
    ),
    Purpose.MESSAGES: Text(
        "2026-11",
        _("手机号、邮箱"),
        _("活动开始前、审核有结果、积分有变动时提醒您。"),
        _("撤回后不再发送提醒，站内通知照常；验证码和您主动办理事项的结果仍会发送。"),
    ),
    Purpose.PUBLICITY: Text(
        "2026-11",
        _("姓名、单位、事迹、照片"),
        _("在门户公开页面展示榜样故事；每次发布前另行与您确认内容。"),
        _("撤回后，我们会从公开页面撤下您的事迹。"),
    ),
}

_effects = {}


def on_change(purpose):
    """Register `function(user=, granted=, by=, now=)` to run when an answer to `purpose` changes.

    Runs inside the transaction, so an app above can act on a withdrawal (take a record out of the
    database, drop queued reminders) or, by raising, keep it from happening. Registered from
    `AppConfig.ready`; registering the same function twice counts once.
    """

    def register(function):
        functions = _effects.setdefault(Purpose(purpose), [])
        if function not in functions:
            functions.append(function)
        return function

    return register


def _decide(user, purpose, granted, by, now, source):
    if purpose not in Purpose.values:
        raise Invalid("unknown_purpose", _("没有这项授权。"))
    purpose = Purpose(purpose)
    with connection.cursor() as cursor:  # two clicks at once: the second sees the first one's row
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [0x636F6E, user.pk % 2**31])
    newest = Consent.objects.filter(user=user, purpose=purpose).order_by("-id").first()
    if newest and newest.granted == granted and newest.text_version == TEXTS[purpose].version:
        return newest
    if newest is None and not granted:
        return None
    consent = Consent.objects.create(
        user=user,
        purpose=purpose,
        granted=granted,
        text_version=TEXTS[purpose].version,
        source=source,
        at=now,
    )
    audit.record(
        "privacy.consent_granted" if granted else "privacy.consent_withdrawn",
        consent,
        by=by,
        at=now,
        purpose=purpose.value,
        version=consent.text_version,
        source=source,
    )
    if newest is None or newest.granted != granted:
        for function in _effects.get(purpose, ()):
            function(user=user, granted=granted, by=by, now=now)
    return consent


@transaction.atomic
def grant(*, user, purpose, by, now, source="web"):
    """Record that `user` agrees to `purpose` (a Purpose or its value); returns the newest Consent.

    Agreeing again to the same text adds nothing; agreeing to a newer text adds a row.
    """
    return _decide(user, purpose, True, by, now, source)


@transaction.atomic
def withdraw(*, user, purpose, by, now, source="web"):
    """Record that `user` withdraws her consent; returns the newest Consent, None if she never gave one.

    Withdrawing twice adds nothing. What was done before the withdrawal stays lawful (PIPL art. 15).
    """
    return _decide(user, purpose, False, by, now, source)


def overview(user):
    """Return what the page shows: one dict for each purpose, in the order of `Purpose`.

    Keys: purpose, text, granted (bool), since (datetime or None).
    """
    newest = {c.purpose: c for c in Consent.objects.filter(user=user).current()}
    rows = []
    for purpose in Purpose:
        answer = newest.get(purpose.value)
        rows.append(
            {
                "purpose": purpose,
                "text": TEXTS[purpose],
                "granted": bool(answer and answer.granted),
                "since": answer and answer.at,
            }
        )
    return rows
