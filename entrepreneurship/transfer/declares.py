"""What the theme adds to the portal."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from entrepreneurship.transfer import personal_data, queue
from kernel.portal import Declaration, Entry, Item, Link, Role
from notices.kinds import Kind


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
    "entrepreneurship.export_profiles": pgettext_lazy("audit", "导出成果和需求名单"),
}

MEDIATING = (
    "entrepreneurship.view_transferprofile",
    "entrepreneurship.check_transferprofile",
    "entrepreneurship.export_transferprofile",
)

declaration = Declaration(
    roles=(Role("technology_mediator", _("技术经理人"), 45, scoped=False),),
    permissions={
        "technology_mediator": MEDIATING,
        "auditor": ("entrepreneurship.view_transferprofile",),
        "administrator": ("entrepreneurship.view_transferprofile",),
        "unit_contact": ("entrepreneurship.offer_transfer",),
    },
    notices=NOTICES,
    verbs=VERBS,
    departures=personal_data.DEPARTURES,
    navigation=(
        Item(
            2,
            60,
            pgettext_lazy("many", "成果和需求"),
            "lightbulb",
            "entrepreneurship_transferprofile",
        ),
    ),
    queue=(Entry(70, "entrepreneurship.check_transferprofile", queue.to_check),),
    links=(
        Link(
            "settings",
            21,
            _("成果转化"),
            "my_transfers",
            lambda user, found: _("发布成果和需求，续期、撤下"),
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
    beat={"entrepreneurship.transfer.tasks.remind_of_ends": 3600},
    public_models=("entrepreneurship.TransferProfile", "entrepreneurship.TransferVersion"),
)
