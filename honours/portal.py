"""What the app adds to the portal (kernel.portal)."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from care_points.sources import Source
from honours import growth, held, operations, personal_data, queue, reserves
from honours.operations.awarding import PURPOSE, follow_consent
from kernel.portal import (
    Declaration,
    Entry,
    Item,
    Line,
    Link,
    Openings,
    Page,
    PersonalData,
    Place,
)
from kernel.retention import Keep, Retention
from notices.kinds import Kind
from privacy.purposes import Purpose
from talents.departures import Departure

SEES = ("honours.view_honour", "honours.view_award", "honours.view_recommendation")
WORKS = (
    *SEES,
    "honours.add_honour",
    "honours.change_honour",
    "honours.add_award",
    "honours.change_award",
    "honours.revoke_award",
    "honours.export_award",
    "honours.change_recommendation",
)


def _told(title, body, *placeholders):
    return Kind(title, body, frozenset({"honour", *placeholders}), essential=True)


NOTICES = {
    "honours.granted": _told(
        _("您获得一项荣誉"),
        _("祝贺您获得“%(honour)s”。已记入“我的荣誉”，证书可以在那里下载。"),
    ),
    "honours.corrected": _told(
        _("荣誉证书已更新"),
        _("“%(honour)s”的记录已更正，请在“我的荣誉”下载新的证书，原证书不再有效。"),
    ),
    "honours.revoked": _told(
        _("荣誉记录有变动"),
        _("您的“%(honour)s”记录有变动，具体情况请看“我的荣誉”。有疑问请联系经办部门。"),
    ),
    "honours.restored": _told(
        _("荣誉记录已恢复"),
        _("您的“%(honour)s”已恢复，请在“我的荣誉”下载新的证书。"),
    ),
    "honours.sent": _told(
        _("您已被推荐"),
        _("您已被推荐参评“%(honour)s”，材料报送%(to)s。有结果会通知您。"),
        "to",
    ),
    "honours.not_granted": _told(
        _("推荐结果"),
        _("推荐您参评的“%(honour)s”，这次没有授予。谢谢您的付出，以后的申报欢迎您继续参加。"),
    ),
    "honours.looked_at_again": _told(
        _("推荐结果正在核对"),
        _("“%(honour)s”的推荐结果正在重新核对，确定后会再通知您。"),
    ),
    "honours.withdrawn": _told(
        _("推荐已撤回"),
        _("“%(honour)s”的推荐已撤回，原因请看“我的荣誉”。"),
    ),
    "honours.suggested": Kind(
        _("有适合您的申报"),
        _("《%(title)s》开始申报。您以前申报同一荣誉时列为备选，可以优先考虑。"),
        frozenset({"title"}),
    ),
}

VERBS = {
    "honours.add_honour": pgettext_lazy("audit", "新建荣誉称号"),
    "honours.edit_honour": pgettext_lazy("audit", "修改荣誉称号"),
    "honours.set_call_honour": pgettext_lazy("audit", "设置申报授予的荣誉"),
    "honours.grant_award": pgettext_lazy("audit", "授予荣誉"),
    "honours.correct_award": pgettext_lazy("audit", "更正荣誉"),
    "honours.revoke_award": pgettext_lazy("audit", "撤销荣誉"),
    "honours.restore_award": pgettext_lazy("audit", "恢复荣誉"),
    "honours.reissue_certificate": pgettext_lazy("audit", "换发荣誉证书"),
    "honours.fetch_certificate": pgettext_lazy("audit", "取出荣誉证书"),
    "honours.attach_evidence": pgettext_lazy("audit", "添加荣誉的依据文件"),
    "honours.detach_evidence": pgettext_lazy("audit", "删除荣誉的依据文件"),
    "honours.read_evidence": pgettext_lazy("audit", "查看荣誉的依据文件"),
    "honours.list_award": pgettext_lazy("audit", "列入荣誉榜"),
    "honours.unlist_award": pgettext_lazy("audit", "从荣誉榜撤下"),
    "honours.export_awards": pgettext_lazy("audit", "导出荣誉名单"),
    "honours.recommend": pgettext_lazy("audit", "向上推荐"),
    "honours.send_recommendation": pgettext_lazy("audit", "登记推荐的报送"),
    "honours.answer_recommendation": pgettext_lazy("audit", "登记推荐的结果"),
    "honours.undo_answer": pgettext_lazy("audit", "撤回推荐的结果"),
    "honours.withdraw_recommendation": pgettext_lazy("audit", "撤回推荐"),
    "honours.suggest_to_reserves": pgettext_lazy("audit", "通知备选人员有新的申报"),
}


def _points(name, name_en, points):
    return Source(name, name_en, unit="event", points=points, undone=_("荣誉记录更正"))


# Measure 5 encourages, measure 9 says with what. A team's honour earns nobody points of her own.
POINTS = {
    "honour_national": _points("获得国家级荣誉", "National honour", 300),
    "honour_municipal": _points("获得市级荣誉", "Municipal honour", 200),
    "honour_district": _points("获得区级荣誉", "District honour", 100),
}

declaration = Declaration(
    permissions={"department_clerk": WORKS, "auditor": SEES, "administrator": SEES},
    notices=NOTICES,
    verbs=VERBS,
    points=POINTS,
    purposes=(
        Purpose(
            PURPOSE,
            55,
            _("在荣誉榜上公开我的全名"),
            "2026-11",
            _("姓名、单位、获得的荣誉和日期"),
            _("在公开的荣誉榜上写出您的姓名全称和单位。不同意时隐去姓名中间的字，不写单位。"),
            _("撤回后，荣誉榜上隐去您姓名中间的字；也可以在“我的荣誉”里把某一项完全撤下。"),
        ),
    ),
    consent_effects={PURPOSE: follow_consent},
    departures=(Departure(25, personal_data.lost_by_leaving, personal_data.mask),),
    movings=personal_data.MOVINGS,
    personal_data=PersonalData(
        33,
        _("荣誉"),
        personal_data.COVERS,
        personal_data.collect,
        lost=personal_data.lost,
        erase=personal_data.erase,
        files=personal_data.files,
    ),
    retention=(
        Line(43, _("获得的荣誉、依据文件和有效的证书：账号注销以前。")),
        Retention(
            44,
            "honours.reasons",
            _("撤销荣誉的原因，撤销了的荣誉的依据文件"),
            Keep(years=3),
            _("自撤销起算，之后只留曾经撤销"),
            personal_data.old_revoked,
            personal_data.drop_reasons,
        ),
        Retention(
            45,
            "honours.certificates",
            _("失效的荣誉证书"),
            Keep(years=10),
            _("自失效起算，之后删除，不再能核验"),
            personal_data.old_void,
        ),
    ),
    places=(Place(26, "honours/", _("荣誉榜"), footer=True),),
    navigation=(
        Item(3, 1, pgettext_lazy("many", "获得的荣誉"), "award_star", "honours_award"),
        Item(3, 2, pgettext_lazy("many", "向上推荐"), "upgrade", "honours_recommendation"),
        Item(3, 3, pgettext_lazy("many", "荣誉称号"), "military_tech", "honours_honour"),
    ),
    queue=(
        Entry(49, "honours.change_recommendation", queue.to_send),
        Entry(50, "honours.add_award", queue.calls_without_honour),
        Entry(51, "honours.add_award", queue.suggestions_set_aside),
    ),
    links=(
        Link(
            "settings",
            14,
            _("我的荣誉"),
            "my_honours",
            lambda user, found: _("荣誉、证书、推荐结果"),
        ),
    ),
    openings=Openings(16, reserves.RULES, reserves.find),
    results=(operations.follow_result,),
    growth=growth.milestones,
    honours=growth.standing,
    honours_held=(held.held_by,),
    beat={"honours.tasks.suggest_calls": 600},
    bench=(Page(65, "roll of honours", "/honours/", "荣誉", "anybody", {"cpu": 5}),),
    demo="honours.demo",
)
