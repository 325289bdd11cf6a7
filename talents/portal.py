"""What the app adds to the portal (kernel.portal)."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kernel.api import errors
from kernel.portal import (
    Card,
    Declaration,
    Entry,
    Figure,
    Item,
    Joint,
    Line,
    Link,
    Page,
    PersonalData,
    Report,
)
from kernel.retention import Keep, Retention
from notices.kinds import Kind
from privacy.purposes import Purpose
from talents import cards, operations, personal_data, queue, reports
from talents.career import operations as career
from talents.erasure import operations as erasure
from talents.growth import record as growth
from talents.imports import running
from talents.merging import MOVINGS
from talents.models import IDENTITY_NUMBER, TALENT_DATABASE, UNIT_SHARING
from talents.operations import endorsements
from talents.public import operations as public_page
from talents.public.operations import PUBLIC_PAGE

PURPOSES = (
    Purpose(
        TALENT_DATABASE,
        10,
        _("将我的档案存入两江新区女性科技人才数据库"),
        "2026-11",
        _("姓名、出生年月、单位、职务职称、学历、学科行业、研究方向、海外学习经历"),
        _("用于人才审核、政策服务与统计分析，由您的所属部门查看。"),
        _("撤回后，您的档案不再用于人才库，须入库才能办理的事项也无法再办理；已经办完的不受影响。"),
        at_signup=True,
    ),
    Purpose(
        IDENTITY_NUMBER,
        20,
        _("收集并核对我的身份证号（敏感个人信息，单独同意）"),
        "2026-11",
        _("身份证号（加密保存，页面只显示首尾各四位）"),
        _("仅用于核对身份、避免重复建档；查看完整号码须填写理由并留痕。"),
        _("撤回后，我们不再使用您的身份证号；需要核对身份的事项可能无法办理。"),
        sensitive=True,
    ),
    Purpose(
        PUBLIC_PAGE,
        45,
        _("在公开主页上展示我选择的内容"),
        "2026-11",
        _("您在“公开主页”逐项选择的内容"),
        _("让合作方、媒体和同行了解您；默认不公开，公开前可以预览。"),
        _("撤回后，公开主页立即不可访问；别人此前已看到、转载的内容无法收回。"),
    ),
    Purpose(
        UNIT_SHARING,
        30,
        _("向我的工作单位提供我的姓名、职称与研究方向"),
        "2026-11",
        _("姓名、职称、研究方向（不含联系方式）"),
        _("让您的工作单位了解本单位入库人才情况，便于推荐与支持。"),
        _("撤回后，您的单位不能再查询到您；此前已取得的信息由单位依法处理。"),
        at_signup=True,
    ),
)

PERMISSIONS = {
    "auditor": ("talents.view_erasure",),
    "administrator": ("talents.view_erasure", erasure.AGAIN),
    "department_clerk": (
        "talents.view_talent",
        "talents.view_proposal",
        "talents.view_claim",
        "talents.view_pair",
        "talents.verify_talent",
        "talents.import_talent",
        "talents.view_importrun",
        "talents.export_talent",
        "talents.view_export",
        "talents.erase_talent",
        "talents.view_erasure",
        "talents.retry_erasure",
    ),
    "department_reviewer": (
        "talents.view_talent",
        "talents.view_proposal",
        "talents.view_claim",
        "talents.view_pair",
        "talents.verify_talent",
        "talents.reveal_talent",
        "talents.reveal_proposal",
        "talents.export_talent",
        "talents.view_export",
        "talents.reveal_claim",
    ),
}

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

VERBS = {
    "talents.save_step": pgettext_lazy("audit", "修改档案"),
    "talents.change_verified": pgettext_lazy("audit", "修改已入库档案的关键内容"),
    "talents.propose_change": pgettext_lazy("audit", "申请更正身份信息"),
    "talents.withdraw_change": pgettext_lazy("audit", "撤回更正申请"),
    "talents.accept_change": pgettext_lazy("audit", "核对通过，更正身份信息"),
    "talents.refuse_change": pgettext_lazy("audit", "不通过更正申请"),
    "talents.propose_by_unit": pgettext_lazy("audit", "单位报来更正"),
    "talents.accept_unit_change": pgettext_lazy("audit", "核对通过单位报来的更正"),
    "talents.follow_phone": pgettext_lazy("audit", "按账号更新手机号"),
    "talents.confirm": pgettext_lazy("audit", "核对档案，仍然准确"),
    "talents.confirm_people": pgettext_lazy("audit", "收到单位核对结果（仍然准确）"),
    "talents.question_people": pgettext_lazy("audit", "收到单位反映的变化（待核对）"),
    "talents.save_entry": pgettext_lazy("audit", "填写履历"),
    "talents.delete_entry": pgettext_lazy("audit", "删除履历"),
    "talents.end_tier": pgettext_lazy("audit", "人才称号到期，调整人才层次"),
    "talents.restore_entry": pgettext_lazy("audit", "恢复履历"),
    "talents.read_evidence": pgettext_lazy("audit", "查看履历的证明材料"),
    "talents.submit": pgettext_lazy("audit", "提交审核"),
    "talents.verify": pgettext_lazy("audit", "审核通过"),
    "talents.return_with_reason": pgettext_lazy("audit", "退回补充"),
    "talents.take_back_return": pgettext_lazy("audit", "撤回退回"),
    "talents.take_back_verification": pgettext_lazy("audit", "撤回审核通过"),
    "talents.hand_over": pgettext_lazy("audit", "转交部门"),
    "talents.correct": pgettext_lazy("audit", "更正档案"),
    "talents.endorse": pgettext_lazy("audit", "登记单位推荐意见"),
    "talents.endorse_by_unit": pgettext_lazy("audit", "收到单位通过接口的推荐"),
    "talents.take_back_by_unit": pgettext_lazy("audit", "收到单位通过接口撤回的推荐"),
    "talents.take_back_endorsement": pgettext_lazy("audit", "撤回单位推荐意见"),
    "talents.pause": pgettext_lazy("audit", "暂停咨询推荐"),
    "talents.resume": pgettext_lazy("audit", "恢复咨询推荐"),
    "talents.move_away": pgettext_lazy("audit", "登记离开两江新区"),
    "talents.move_back": pgettext_lazy("audit", "登记回到两江新区"),
    "talents.merge_records": pgettext_lazy("audit", "合并档案"),
    "talents.undo_merge": pgettext_lazy("audit", "撤销档案合并"),
    "talents.close_merge": pgettext_lazy("audit", "删除合并满 30 天的并入内容"),
    "talents.judge_apart": pgettext_lazy("audit", "判断为两个人，不合并"),
    "talents.judge_again": pgettext_lazy("audit", "撤销“两个人”的判断"),
    "talents.export_list": pgettext_lazy("audit", "导出人才名单"),
    "talents.order_export": pgettext_lazy("audit", "申请导出人才名单"),
    "talents.write_export": pgettext_lazy("audit", "生成人才名单"),
    "talents.fail_export": pgettext_lazy("audit", "未能生成人才名单"),
    "talents.cancel_export": pgettext_lazy("audit", "取消导出人才名单"),
    "talents.fetch_export": pgettext_lazy("audit", "下载导出的人才名单"),
    "talents.merge_draft": pgettext_lazy("audit", "将草稿并入认领的档案"),
    "talents.ask_for_record": pgettext_lazy("audit", "申请认领档案"),
    "talents.send_claim_code": pgettext_lazy("audit", "重新发送认领验证码"),
    "talents.withdraw_claim": pgettext_lazy("audit", "撤回认领申请"),
    "talents.claim": pgettext_lazy("audit", "认领通过"),
    "talents.refuse_claim": pgettext_lazy("audit", "不通过认领"),
    "talents.undo_claim": pgettext_lazy("audit", "撤销认领"),
    "talents.hand_over_claim": pgettext_lazy("audit", "转交认领申请"),
    "talents.leave_database": pgettext_lazy("audit", "撤回授权，退出人才库"),
    "talents.rejoin_database": pgettext_lazy("audit", "重新授权，恢复入库"),
    "talents.save_public_page": pgettext_lazy("audit", "选择公开主页的内容"),
    "talents.publish_page": pgettext_lazy("audit", "公开主页"),
    "talents.take_page_back": pgettext_lazy("audit", "撤下公开主页"),
    "talents.ask_erasure": pgettext_lazy("audit", "申请删除个人信息"),
    "talents.withdraw_erasure": pgettext_lazy("audit", "撤回删除个人信息的申请"),
    "talents.retry_erasure": pgettext_lazy("audit", "重试没有成功的个人信息删除"),
    "talents.erase": pgettext_lazy("audit", "删除个人信息"),
    "talents.erase_id_number": pgettext_lazy("audit", "撤回授权，删除身份证号"),
    "talents.upload_import": pgettext_lazy("audit", "上传名单"),
    "talents.preview_import": pgettext_lazy("audit", "核对名单"),
    "talents.confirm_import": pgettext_lazy("audit", "确认导入名单"),
    "talents.cancel_import": pgettext_lazy("audit", "取消导入名单"),
    "talents.finish_import": pgettext_lazy("audit", "完成名单导入"),
    "talents.fail_import": pgettext_lazy("audit", "未能导入名单"),
    "talents.choose_in_import": pgettext_lazy("audit", "选择名单中不一致的内容"),
    "talents.map_import_columns": pgettext_lazy("audit", "说明名单里的列"),
    "talents.forget_import_columns": pgettext_lazy("audit", "忘记名单里列的说明"),
    "talents.settle_import_units": pgettext_lazy("audit", "对应名单中的单位"),
    "talents.undo_import": pgettext_lazy("audit", "撤销名单导入"),
    "talents.finish_undo_import": pgettext_lazy("audit", "完成撤销名单导入"),
    "talents.restore_by_undo": pgettext_lazy("audit", "撤销名单导入，资料恢复原样"),
    "talents.export_refused": pgettext_lazy("audit", "下载退回的行"),
    "talents.import_talent": pgettext_lazy("audit", "名单导入建档"),
    "talents.update_by_import": pgettext_lazy("audit", "名单导入更新"),
}

ALERTS = {
    "claims": _("认领档案的申请次数达到上限，已暂停她的申请"),
    "claim_codes": _("认领档案的验证码多次输错，这份申请不能再试"),
}

NAVIGATION = (
    Item(0, 65, _("删除个人信息"), "person_off", "talents_erasure"),
    Item(1, 10, _("人才库"), "groups", "talents_talent"),
    Item(1, 14, pgettext_lazy("many", "认领申请"), "how_to_reg", "talents_claim"),
    Item(1, 12, pgettext_lazy("many", "更正申请"), "badge", "talents_proposal"),
    Item(1, 16, pgettext_lazy("many", "可能重复的档案"), "content_copy", "talents_pair"),
    Item(1, 20, pgettext_lazy("many", "名单导入"), "upload_file", "talents_importrun"),
    Item(1, 22, pgettext_lazy("many", "我的导出"), "download", "talents_export"),
)

QUEUE = (
    Entry(10, "talents.verify_talent", queue.to_verify),
    Entry(12, "talents.verify_talent", queue.proposals_to_decide),
    Entry(14, "talents.verify_talent", queue.claims_to_decide),
    Entry(16, "talents.verify_talent", queue.pairs_to_judge),
    Entry(18, erasure.AGAIN, queue.erasures_set_aside),
    Entry(20, "talents.import_talent", queue.imports_to_confirm),
)

FIGURES = (
    Figure(10, "talents.view_talent", _("在库人才"), _("已审核入库"), queue.verified),
    Figure(20, "talents.view_talent", _("本月新入库"), _("本月审核通过"), queue.new_this_month),
)

BENCH = (
    Page(90, "admin talents", "{list}", "field-name_shown", "clerk", {"p50": 60}),
    Page(91, "admin talents, name search", "{search}", "{found}", "clerk", {"p50": 80}),
)

# What pages ask of the record of the woman who reads; what else it holds is fetched where it is shown.
READ_WITH_USER = {
    "talents.Talent": (
        "id",
        "user",
        "code",
        "state",
        "full_name",
        "department",
        "updated_at",
        "moved_away_on",
        "confirm_from",
    ),
}

PROBLEMS = {
    "endorsed_too_often": errors.Kind(409, _("推荐、撤回太频繁"), endorsements.TOO_OFTEN),
}

declaration = Declaration(
    problems=PROBLEMS,
    read_with_user=READ_WITH_USER,
    purposes=PURPOSES,
    consent_effects={
        TALENT_DATABASE: operations.on_database_consent,
        PUBLIC_PAGE: public_page.on_consent,
        IDENTITY_NUMBER: operations.on_identity_consent,
    },
    growth=growth.milestones,
    personal_data=PersonalData(
        20,
        _("人才档案"),
        personal_data.COVERS,
        personal_data.collect,
        personal_data.evidence,
        lost=personal_data.lost,
        erase=personal_data.erase,
    ),
    joint={
        erasure.ERASE: Joint(
            _("删除一位女性的个人信息"), erasure.carry_out, erasure.facts, erasure.RIGHT
        )
    },
    retention=(
        Line(20, _("人才档案：账号注销以前。")),
        Retention(
            25,
            "talents.import_rows",
            _("单位报送名单的原始行"),
            Keep(days=running.RETENTION.days),
            _("导入办结后起算，之后删除"),
            personal_data.old_rows,
        ),
        Retention(
            26,
            "talents.claims",
            _("认领申请里填写的内容"),
            Keep(years=1),
            _("自办结起算，之后只留办理结果"),
            personal_data.old_claims,
            personal_data.empty_claims,
        ),
        Retention(
            27,
            "talents.proposals",
            _("更正申请里填写的内容"),
            Keep(years=1),
            _("自办结起算，之后只留办理结果"),
            personal_data.old_proposals,
            personal_data.empty_proposals,
        ),
        Retention(
            28,
            "talents.deleted_entries",
            _("删除的履历和证明材料"),
            Keep(days=career.KEPT.days),
            _("期间可以恢复，之后彻底删除"),
            personal_data.deleted_entries,
        ),
    ),
    consent_sources={"profile": _("填写档案时"), "claim": _("认领档案时")},
    consent_losses={TALENT_DATABASE: operations.lost_with_database},
    permissions=PERMISSIONS,
    notices=NOTICES,
    verbs=VERBS,
    alerts=ALERTS,
    scopes={
        "talents:read": _("读取本单位已授权人员"),
        "talents:confirm": _("核对本单位已授权人员的资料是否仍然准确"),
        "talents:endorse": _("推荐本单位人员入库"),
    },
    api="talents.api",
    api_sections={"talents": _("本单位已授权人员")},
    navigation=NAVIGATION,
    queue=QUEUE,
    figures=FIGURES,
    cards=(Card("top", 10, "talents/card.html", cards.about_her_record, cards.CARD),),
    links=(
        Link("settings", 10, _("我的档案"), "profile", cards.record_state),
        Link(
            "settings",
            11,
            _("成长轨迹"),
            "growth",
            lambda user, found: _("学习、工作、成果、活动和积分，按年份看"),
        ),
        Link(
            "settings",
            12,
            _("适合我的机会"),
            "openings",
            lambda user, found: _("对您开放的活动和服务，以及为什么适合您"),
        ),
        Link(
            "settings",
            33,
            _("公开主页"),
            "public_choose",
            lambda user, found: _("给所有人看的内容，由您逐项选择"),
        ),
        Link(
            "settings",
            35,
            _("我的数据"),
            "my_data",
            lambda user, found: _("下载副本，或注销账号、删除信息"),
        ),
    ),
    report=Report(10, reports.monthly, reports.sections, reports.tables, reports.trends),
    statistics={"talents": reports.STATISTICS},
    movings=MOVINGS,
    beat={
        "talents.tasks.refresh_trends": 12 * 3600,
        "talents.tasks.erase_due": 600,
        "talents.tasks.resume_imports": 30,
        "talents.tasks.resume_exports": 60,
        "talents.tasks.ask_to_confirm": 3600,
        "talents.tasks.forget_unit_keys": 86400,
        "talents.tasks.end_tiers": 86400,
        "talents.tasks.find_doubles": 60,
        "talents.tasks.follow_merges": 300,
    },
    queues={
        "talents.tasks.work_import": "imports",
        "talents.tasks.resume_imports": "imports",
        "talents.tasks.write_export": "exports",
        "talents.tasks.resume_exports": "exports",
    },
    demo="talents.demo",
    bench=BENCH,
)
