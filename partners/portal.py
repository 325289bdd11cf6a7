"""What the app adds to the portal (kernel.portal)."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kernel.api.errors import Kind
from kernel.portal import Declaration, Item
from kernel.retention import Keep, Retention
from partners import answers

PERMISSIONS = {
    "auditor": ("partners.view_partnerkey",),
    "administrator": (
        "partners.view_partnerkey",
        "partners.add_partnerkey",
        "partners.change_partnerkey",
    ),
}

PROBLEMS = {
    "invalid_token_request": Kind(400, _("令牌请求有误"), _("换取令牌的请求有误：%(reason)s")),
    "invalid_token": Kind(
        401, _("访问令牌无效"), _("访问令牌不存在、已作废或已过期，请重新换取。")
    ),
    "invalid_client": Kind(
        401, _("密钥不正确"), _("客户端编号或密钥不正确，或密钥已停用，请联系密钥的发放部门。")
    ),
    "key_inactive": Kind(
        401, _("接口密钥已停用"), _("该密钥已停用、到期，或单位已终止合作，请联系密钥的发放部门。")
    ),
    "insufficient_scope": Kind(
        403,
        _("权限范围不足"),
        _("此接口需要权限范围 %(scope)s，当前令牌没有。请换取带此范围的令牌，或申请开通。"),
    ),
}

declaration = Declaration(
    permissions=PERMISSIONS,
    verbs={
        "partners.create_key": pgettext_lazy("audit", "创建接口密钥"),
        "partners.revoke_key": pgettext_lazy("audit", "停用接口密钥"),
    },
    problems=PROBLEMS,
    retention=(
        Retention(
            54,
            "partners.answers",
            _("合作单位的程序提交后收到的办理结果"),
            Keep(days=30),
            _("自提交起算，之后删除"),
            answers.old,
        ),
    ),
    api="partners.oauth",
    api_sections={"oauth": _("访问令牌")},
    navigation=(Item(0, 40, pgettext_lazy("many", "接口密钥"), "key", "partners_partnerkey"),),
    beat={"partners.tasks.clear_expired_tokens": 3600},
    demo="partners.demo",
)
