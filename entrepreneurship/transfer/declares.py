"""What the theme adds to the portal."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from entrepreneurship.transfer import interests, personal_data, queue
from kernel.portal import Declaration, Entry, Item, Link, Role
from notices.kinds import Kind, Topic
from privacy.purposes import Purpose


def _told(title, body, *placeholders):
    return Kind(title, body, frozenset(placeholders), essential=True)


NOTICES = {
    "entrepreneurship.transfer_to_endorse": _told(
        _("有职务成果等单位同意"),
        _("本单位人员想公开职务成果《%(title)s》，请看过后答复是否同意。"),
        "title",
    ),
    "entrepreneurship.transfer_endorsed": _told(
        _("单位同意了"), _("单位同意公开《%(title)s》，接下来由工作人员审核。"), "title"
    ),
    "entrepreneurship.transfer_returned": _told(
        _("内容需要修改"), _("《%(title)s》已退回，请按页面上的意见修改后重新提交。"), "title"
    ),
    "entrepreneurship.transfer_published": _told(
        _("审核通过，已公开"),
        _("《%(title)s》已公开，到 %(until)s 为止。到期前会提醒您续期。"),
        "title",
        "until",
    ),
    "entrepreneurship.transfer_hidden": _told(
        _("发布的内容暂时撤下"),
        _("《%(title)s》已从页面撤下，原因：%(reason)s。"),
        "title",
        "reason",
    ),
    "entrepreneurship.transfer_shown_again": _told(
        _("发布的内容恢复公开"), _("《%(title)s》恢复公开了。"), "title"
    ),
    "entrepreneurship.transfer_ends": _told(
        _("公开快到期了"),
        _("《%(title)s》公开到 %(until)s。仍然有效的话，打开页面点一下“续期”。"),
        "title",
        "until",
    ),
}

NOTICES |= {
    "entrepreneurship.transfer_asked": _told(
        _("有人对您发布的内容有意向"),
        _("有人想就《%(title)s》合作，请在 %(until)s 前答复。"),
        "title",
        "until",
    ),
    "entrepreneurship.transfer_withdrawn": _told(
        _("对方撤回了意向"), _("《%(title)s》的意向对方已撤回，不用答复了。"), "title"
    ),
    "entrepreneurship.transfer_answered": _told(
        _("对方愿意谈一谈"),
        _("《%(title)s》的发布方愿意，请在 %(until)s 前确认，双方才互相看到联系方式。"),
        "title",
        "until",
    ),
    "entrepreneurship.transfer_declined": _told(
        _("对方谢绝了意向"), _("《%(title)s》的意向对方谢绝了，原因见页面。"), "title"
    ),
    "entrepreneurship.transfer_agreed": _told(
        _("双方都同意了"),
        _("《%(title)s》双方都同意，可以看到对方的联系方式，接下来由技术经理人对接。"),
        "title",
    ),
    "entrepreneurship.transfer_to_mediate": _told(
        _("有合作意向等对接"), _("《%(title)s》双方都同意了，请安排对接。"), "title"
    ),
    "entrepreneurship.transfer_taken_on": _told(
        _("技术经理人开始对接"),
        _("《%(title)s》由技术经理人%(mediator)s对接，接下来签保密协议。"),
        "title",
        "mediator",
    ),
    "entrepreneurship.transfer_handed_over": _told(
        _("有合作意向转给您"), _("《%(title)s》的对接转给您了，请看进展。"), "title"
    ),
    "entrepreneurship.transfer_confidential": _told(
        _("保密协议已登记"), _("《%(title)s》的保密协议已登记，可以交换资料。"), "title"
    ),
    "entrepreneurship.transfer_ended": _told(
        _("合作意向结束了"), _("《%(title)s》的合作意向已结束，原因见页面。"), "title"
    ),
    "entrepreneurship.transfer_lapsed": _told(
        _("意向到期作罢"), _("《%(title)s》的意向到期没有答复，自动作罢。"), "title"
    ),
    "entrepreneurship.transfer_signed": _told(
        _("合同已登记"), _("《%(title)s》的合同已登记为签订。"), "title"
    ),
    "entrepreneurship.transfer_matches": Kind(
        _("有供需与您发布的内容吻合"),
        _("本周找到 %(n)s 条吻合的供需，每条都写明理由，请登录查看。"),
        frozenset({"n"}),
        topic=Topic("entrepreneurship.transfer_matches", _("每周的供需匹配"), 70, by_mail=True),
    ),
}

PURPOSES = (
    Purpose(
        interests.CONTACT,
        62,
        _("把联系方式告诉合作意向的对方（每次单独同意）"),
        "2026-11",
        _("您填写的联系方式、姓名"),
        _("双方都同意以后，对方和对接的技术经理人看到，用于洽谈这一项合作。"),
        _("撤回后对方马上看不到；对方此前已记下的无法收回。"),
        each="transfer_interests",
    ),
    Purpose(
        interests.ABROAD,
        63,
        _("把联系方式提供给境外的对方（每次单独同意）"),
        "2026-11",
        _("您填写的联系方式、姓名"),
        _(
            "接收方的名称、所在地和联系邮箱写在同意的那一页；只用于洽谈这一项合作（个人信息保护法第三十九条）。"
        ),
        _("撤回后对方马上看不到；对方此前已记下的无法收回，可请技术经理人转达删除的要求。"),
        each="transfer_interests",
    ),
)

VERBS = {
    "entrepreneurship.begin_profile": pgettext_lazy("audit", "起草成果或需求"),
    "entrepreneurship.edit_profile": pgettext_lazy("audit", "修改成果或需求"),
    "entrepreneurship.submit_profile": pgettext_lazy("audit", "声明不涉密并提交成果或需求"),
    "entrepreneurship.take_back_profile": pgettext_lazy("audit", "撤回提交的成果或需求"),
    "entrepreneurship.discard_profile": pgettext_lazy("audit", "删除成果或需求的草稿"),
    "entrepreneurship.withdraw_profile": pgettext_lazy("audit", "撤下自己的成果或需求"),
    "entrepreneurship.show_profile_again": pgettext_lazy("audit", "恢复公开自己的成果或需求"),
    "entrepreneurship.renew_profile": pgettext_lazy("audit", "续期成果或需求"),
    "entrepreneurship.endorse_profile": pgettext_lazy("audit", "代表单位同意公开职务成果"),
    "entrepreneurship.refuse_endorsement": pgettext_lazy("audit", "代表单位退回职务成果"),
    "entrepreneurship.return_profile": pgettext_lazy("audit", "退回成果或需求"),
    "entrepreneurship.publish_profile": pgettext_lazy("audit", "审核并公开成果或需求"),
    "entrepreneurship.hide_profile": pgettext_lazy("audit", "下架成果或需求"),
    "entrepreneurship.unhide_profile": pgettext_lazy("audit", "恢复公开成果或需求"),
    "entrepreneurship.read_transfers": pgettext_lazy("audit", "通过接口读取成果和需求"),
    "entrepreneurship.express_interest": pgettext_lazy("audit", "表示合作意向"),
    "entrepreneurship.withdraw_interest": pgettext_lazy("audit", "撤回合作意向"),
    "entrepreneurship.accept_interest": pgettext_lazy("audit", "同意洽谈合作意向"),
    "entrepreneurship.confirm_interest": pgettext_lazy("audit", "确认合作意向"),
    "entrepreneurship.decline_interest": pgettext_lazy("audit", "谢绝合作意向"),
    "entrepreneurship.reconsider_interest": pgettext_lazy("audit", "重新考虑谢绝过的合作意向"),
    "entrepreneurship.take_on_interest": pgettext_lazy("audit", "对接合作意向"),
    "entrepreneurship.hand_over_interest": pgettext_lazy("audit", "转交合作意向的对接"),
    "entrepreneurship.note_confidentiality": pgettext_lazy("audit", "登记保密协议"),
    "entrepreneurship.read_transfer_document": pgettext_lazy("audit", "查看保密协议"),
    "entrepreneurship.end_interest": pgettext_lazy("audit", "结束合作意向"),
    "entrepreneurship.undo_step": pgettext_lazy("audit", "撤销合作意向的上一步"),
    "entrepreneurship.drop_contact": pgettext_lazy("audit", "撤回给对方的联系方式"),
    "entrepreneurship.lapse_interest": pgettext_lazy("audit", "让没有答复的合作意向到期作罢"),
    "entrepreneurship.move_interest": pgettext_lazy("audit", "按放假安排推迟合作意向的答复期限"),
    "entrepreneurship.put_match_aside": pgettext_lazy("audit", "标记供需匹配没用"),
    "entrepreneurship.enter_contract": pgettext_lazy("audit", "登记技术合同"),
    "entrepreneurship.change_contract": pgettext_lazy("audit", "修改技术合同"),
    "entrepreneurship.start_notice": pgettext_lazy("audit", "登记成果定价公示"),
    "entrepreneurship.sign_contract": pgettext_lazy("audit", "登记合同签订"),
    "entrepreneurship.register_contract": pgettext_lazy("audit", "登记合同认定"),
    "entrepreneurship.add_payment": pgettext_lazy("audit", "登记合同到账"),
    "entrepreneurship.take_back_payment": pgettext_lazy("audit", "更正合同到账"),
    "entrepreneurship.undo_registration": pgettext_lazy("audit", "撤销合同认定登记"),
    "entrepreneurship.undo_signing": pgettext_lazy("audit", "撤销合同签订"),
    "entrepreneurship.void_contract": pgettext_lazy("audit", "作废技术合同"),
    "entrepreneurship.export_contracts": pgettext_lazy("audit", "导出技术合同名单"),
    "entrepreneurship.export_interests": pgettext_lazy("audit", "导出合作意向名单"),
    "entrepreneurship.export_matches": pgettext_lazy("audit", "导出供需匹配名单"),
    "entrepreneurship.retry_profile": pgettext_lazy("audit", "重试成果和需求的到期处理"),
    "entrepreneurship.export_profiles": pgettext_lazy("audit", "导出成果和需求名单"),
}

MEDIATING = (
    "entrepreneurship.view_transferprofile",
    "entrepreneurship.check_transferprofile",
    "entrepreneurship.export_transferprofile",
    "entrepreneurship.view_transfermatch",
    "entrepreneurship.export_transfermatch",
    "entrepreneurship.view_transferinterest",
    "entrepreneurship.export_transferinterest",
    "entrepreneurship.mediate_transferinterest",
    "entrepreneurship.view_transfercontract",
    "entrepreneurship.keep_transfercontract",
    "entrepreneurship.export_transfercontract",
)

declaration = Declaration(
    roles=(Role("technology_mediator", _("技术经理人"), 46, scoped=False),),
    permissions={
        "technology_mediator": MEDIATING,
        "auditor": (
            "entrepreneurship.view_transferprofile",
            "entrepreneurship.view_transfercontract",
        ),
        "administrator": ("entrepreneurship.view_transferprofile",),
        "unit_contact": ("entrepreneurship.offer_transfer",),
    },
    notices=NOTICES,
    verbs=VERBS,
    purposes=PURPOSES,
    consent_sources={interests.SOURCE: _("答复合作意向时")},
    consent_effects={
        interests.CONTACT: interests.follow_consent,
        interests.ABROAD: interests.follow_consent,
    },
    terms=(interests.move_terms,),
    departures=personal_data.DEPARTURES,
    navigation=(
        Item(
            2,
            60,
            pgettext_lazy("many", "成果和需求"),
            "lightbulb",
            "entrepreneurship_transferprofile",
        ),
        Item(
            2,
            61,
            pgettext_lazy("many", "合作意向"),
            "handshake",
            "entrepreneurship_transferinterest",
        ),
        Item(
            2,
            62,
            pgettext_lazy("many", "技术合同"),
            "contract",
            "entrepreneurship_transfercontract",
        ),
        Item(
            2,
            63,
            pgettext_lazy("many", "供需匹配"),
            "join_inner",
            "entrepreneurship_transfermatch",
        ),
    ),
    queue=(
        Entry(70, "entrepreneurship.check_transferprofile", queue.to_check),
        Entry(71, "entrepreneurship.mediate_transferinterest", queue.to_mediate),
        Entry(72, "entrepreneurship.check_transferprofile", queue.profiles_set_aside),
    ),
    links=(
        Link(
            "settings",
            21,
            _("成果转化"),
            "my_transfers",
            lambda user, found: _("发布成果和需求，答复合作意向"),
        ),
        Link(
            "work",
            21,
            _("本单位职务成果"),
            "transfer_endorsements",
            lambda user, found: (
                _("本单位人员想公开的职务成果，同意或退回")
                if user.unit_id and user.has_perm("entrepreneurship.offer_transfer")
                else None
            ),
        ),
    ),
    beat={
        "entrepreneurship.transfer.tasks.remind_of_ends": 3600,
        "entrepreneurship.transfer.tasks.lapse_interests": 3600,
        "entrepreneurship.transfer.tasks.match_profiles": 3600,
    },
    scopes={
        "transfer:read": _("读取公开的和本单位的成果、需求"),
        "transfer:write": _("发布本单位的成果、需求，表示意向"),
    },
    api_sections={"transfer": _("科技成果转化")},
    public_models=("entrepreneurship.TransferProfile", "entrepreneurship.TransferVersion"),
)
