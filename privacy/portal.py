"""What the app adds to the portal (kernel.portal)."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kernel.portal import Declaration, Figure, Item, Link, PersonalData, Place
from kernel.retention import Keep, Retention
from privacy import cutting, personal_data, retention

PERMISSIONS = {
    "auditor": ("privacy.view_auditentry", "privacy.view_consent", "privacy.view_retentionrun")
}

VERBS = {
    "privacy.grant_consent": pgettext_lazy("audit", "授权"),
    "privacy.withdraw_consent": pgettext_lazy("audit", "撤回授权"),
    "privacy.reveal": pgettext_lazy("audit", "查看完整号码"),
    "privacy.read_audit": pgettext_lazy("audit", "查看审计日志"),
    "privacy.look_up": pgettext_lazy("audit", "按号码查找"),
    "privacy.alert": pgettext_lazy("audit", "触发异常操作提醒"),
    "privacy.ask_verification": pgettext_lazy("audit", "申请校验审计日志"),
    "privacy.verify_audit": pgettext_lazy("audit", "校验审计日志"),
    "privacy.apply_retention": pgettext_lazy("audit", "按期清理"),
    "privacy.request_copy": pgettext_lazy("audit", "申请个人信息副本"),
    "privacy.make_copy": pgettext_lazy("audit", "备好个人信息副本"),
    "privacy.download_copy": pgettext_lazy("audit", "下载个人信息副本"),
}

ALERTS = {
    "lookups": _("一小时内按号码查找多次落空，已暂停她的查找"),
    "reveals": _("一小时内查看完整号码超过 50 次"),
    "exports": _("导出了含完整号码的名单"),
}

NAVIGATION = (
    Item(0, 60, pgettext_lazy("many", "个人信息授权"), "verified_user", "privacy_consent"),
    Item(0, 80, _("到期清理"), "auto_delete", "privacy_retentionrun"),
    Item(0, 70, _("审计日志"), "policy", "privacy_auditentry"),
)

LINKS = (
    Link(
        "settings",
        30,
        _("我的授权"),
        "my_consents",
        lambda user, found: _("个人信息用在哪里，由您决定"),
    ),
)

declaration = Declaration(
    permissions=PERMISSIONS,
    retention=(
        Retention(
            80,
            "privacy.consents",
            _("授权记录"),
            Keep(years=3),
            _("自被新的答复取代起算，之后删除；最新的答复作为凭证保留"),
            cut=cutting.cut_consents,
        ),
        Retention(
            90,
            "privacy.audit",
            _("审计日志"),
            Keep(years=1),
            _("之后从最早的删起，另留校验用的起点"),
            cut=cutting.cut_log,
        ),
        Retention(
            85,
            "privacy.copies",
            _("您申请过个人信息副本的记录"),
            Keep(days=30),
            _("之后删除；副本本身两天后删除"),
            personal_data.old_copies,
        ),
    ),
    personal_data=PersonalData(
        90,
        _("授权与操作记录"),
        ("privacy.Consent.user", "privacy.DataCopy.user"),
        personal_data.collect,
        lost=personal_data.lost,
        erase=personal_data.erase,
    ),
    consent_sources={"web": _("在“我的授权”页面")},
    verbs=VERBS,
    alerts=ALERTS,
    navigation=NAVIGATION,
    figures=(
        Figure(
            90,
            "privacy.view_retentionrun",
            _("到期清理"),
            _("近 30 天（行）"),
            retention.done_lately,
        ),
    ),
    links=LINKS,
    places=(Place(40, "privacy/", _("隐私说明"), footer=True),),
    beat={
        "privacy.tasks.chain_audit": 60,
        "privacy.tasks.verify_audit": 300,
        "privacy.tasks.make_copies": 60,
        "privacy.tasks.apply_retention": 86400,
    },
)
