"""The kinds of letters the app sends (notices.kinds)."""

from django.utils.translation import gettext_lazy as _

from notices.kinds import Kind

NOTICES = {
    "talents.verified": Kind(
        _("您的档案已通过审核"),
        _("%(name)s，您的档案已由%(department)s审核通过，您已进入女性科技人才库。"),
        frozenset({"name", "department"}),
        essential=True,
    ),
    "talents.returned": Kind(
        _("您的档案需要补充"),
        _("%(name)s，您的档案需要补充：%(reason)s。请登录门户修改后重新提交。"),
        frozenset({"name", "reason"}),
        essential=True,
    ),
    "talents.return_taken_back": Kind(
        _("您的档案不用补充了"),
        _("退回有误，已经撤回：您的档案回到原来的位置等待审核，您不用修改。"),
        essential=True,
    ),
    "talents.verification_taken_back": Kind(
        _("您的档案恢复为待审核"),
        _(
            "审核通过有误，已撤回：%(reason)s。您的档案回到原来的位置等待审核，结果会通知您。%(held)s"
        ),
        frozenset({"reason", "held"}),
        essential=True,
    ),
    "talents.change_accepted": Kind(
        _("更正申请已通过"),
        _("您申请更正的身份信息已核对通过，档案和账号已更新。"),
        essential=True,
    ),
    "talents.change_refused": Kind(
        _("更正申请未通过"),
        _("您申请更正的身份信息没有通过核对：%(reason)s。档案保持原样，可以重新提出。"),
        frozenset({"reason"}),
        essential=True,
    ),
    "talents.corrected": Kind(
        _("您的档案已由工作人员更正"),
        _("%(name)s，工作人员更正了您档案里的%(fields)s。请登录核对，如有疑问请联系工作人员。"),
        frozenset({"name", "fields"}),
        essential=True,
    ),
    "talents.confirm_due": Kind(
        _("请核对您的档案"),
        _(
            "%(name)s，您的人才档案需要核对一次。没有变化，登录后点一下“仍然准确”即可；有变化请顺手修改。"
        ),
        frozenset({"name"}),
    ),
    "talents.confirm_overdue": Kind(
        _("您的档案暂不用于咨询推荐"),
        _(
            "%(name)s，您的人才档案很久没有核对，各部门咨询专家、推荐人选时暂时找不到您。登录后点一下“仍然准确”就恢复。"
        ),
        frozenset({"name"}),
    ),
    "talents.erasure_asked": Kind(
        _("已收到注销申请"),
        _(
            "您的账号和个人信息将于%(day)s之后删除，此前可在“我的数据”撤回。如非本人申请，请立即撤回并修改密码。"
        ),
        frozenset({"day"}),
        moments=frozenset({"day"}),
        essential=True,
    ),
    "talents.erasure_soon": Kind(
        _("您的个人信息即将删除"),
        _("您的账号和个人信息将于%(day)s之后删除，不能恢复。不想删除的，请在“我的数据”撤回。"),
        frozenset({"day"}),
        moments=frozenset({"day"}),
        essential=True,
    ),
    "talents.claim_granted": Kind(
        _("认领已通过"),
        _("单位报送的档案已归到您的账号，您已在人才库中。请核对一遍，有变化随时修改。"),
        essential=True,
    ),
    "talents.claim_refused": Kind(
        _("认领未通过"),
        _("您的认领申请没有通过：%(reason)s。您可以自己填写档案，或重新申请。"),
        frozenset({"reason"}),
        essential=True,
    ),
    "talents.claim_undone": Kind(
        _("认领已撤销"),
        _("您认领的档案经核对不属于您，已撤销：%(reason)s。您自己填写的内容已回到草稿。"),
        frozenset({"reason"}),
        essential=True,
    ),
    "talents.endorsed": Kind(
        _("您的单位推荐了您"),
        _("%(unit)s向人才库推荐了您，审核时会作为依据。如与您的意愿不符，请联系所属部门撤回。"),
        frozenset({"unit"}),
        essential=True,
    ),
    "talents.paused": Kind(
        _("您的档案已暂停咨询推荐"),
        _("工作人员暂停了向各部门推荐您：%(reason)s。报名和积分不受影响，如有疑问请联系所属部门。"),
        frozenset({"reason"}),
        essential=True,
    ),
    "talents.resumed": Kind(
        _("您的档案已恢复咨询推荐"),
        _("您的档案已恢复，各部门咨询专家、推荐人选时可以找到您。"),
        essential=True,
    ),
    "talents.moved_away": Kind(
        _("已登记您离开两江新区"),
        _("工作人员登记您已离开两江新区：%(reason)s。档案为您保留，如有不符请联系所属部门。"),
        frozenset({"reason"}),
        essential=True,
    ),
    "talents.moved_back": Kind(
        _("已登记您回到两江新区"),
        _("您的档案已恢复，可以报名活动、兑换服务。"),
        essential=True,
    ),
    "talents.merged": Kind(
        _("您的两份档案已合并"),
        _(
            "工作人员核对后把您的两份档案合并成了一份，报名、积分都已归到一起。请核对一遍，有变化随时修改。"
        ),
        essential=True,
    ),
    "talents.merge_undone": Kind(
        _("档案合并已撤销"),
        _("工作人员撤销了您档案的合并，档案已恢复原样。请登录核对，如有疑问请联系所属部门。"),
        essential=True,
    ),
    "talents.export_ready": Kind(
        _("您导出的名单已生成"),
        _("您申请的 %(count)s 人名单已生成，请在%(until)s前到“我的导出”下载，之后自动删除。"),
        frozenset({"count", "until"}),
        moments=frozenset({"until"}),
        essential=True,
    ),
    "talents.export_failed": Kind(
        _("您导出的名单没有生成"),
        _("您申请的 %(count)s 人名单没有生成，请到人才库重新导出；再次失败请联系系统管理员。"),
        frozenset({"count"}),
        essential=True,
    ),
    "talents.import_expired": Kind(
        _("名单没有确认，已取消"),
        _("《%(file)s》上传满 30 天没有确认，已取消，里面的信息已删除。仍要导入的，请重新上传。"),
        frozenset({"file"}),
        essential=True,
    ),
    "talents.import_finished": Kind(
        _("导入完成"),
        _("《%(file)s》导入完成：新增 %(created)s 人，更新 %(updated)s 人，退回 %(refused)s 行。"),
        frozenset({"file", "created", "updated", "refused"}),
        essential=True,
    ),
}
