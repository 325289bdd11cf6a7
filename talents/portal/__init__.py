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
from talents import cards, operations, personal_data, queue, reports
from talents.asking import operations as asking
from talents.career import operations as career
from talents.erasure import operations as erasure
from talents.growth import record as growth
from talents.imports import running
from talents.merging import MOVINGS
from talents.models import IDENTITY_NUMBER, TALENT_DATABASE
from talents.operations import endorsements
from talents.portal.letters import NOTICES
from talents.portal.purposes import PURPOSES
from talents.portal.verbs import VERBS
from talents.public import operations as public_page
from talents.public.operations import PUBLIC_PAGE

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
        Retention(
            29,
            "talents.asked",
            _("邀请记录（什么时候为什么事邀请过谁、怎样答复）"),
            Keep(years=3),
            _("自邀请起算，之后删除"),
            cut=asking.cut,
        ),
    ),
    consent_sources={
        "profile": _("填写档案时"),
        "claim": _("认领档案时"),
        "asking": _("设置邀请意愿时"),
    },
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
            lambda user, found: _("对您开放的活动、申报和服务，以及为什么适合您"),
        ),
        Link(
            "settings",
            13,
            _("邀请意愿"),
            "asking",
            lambda user, found: _("是否可以邀请您咨询、宣讲，多久一次；邀请记录"),
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
