"""What may be done with a venture, and why not: pages ask, operations raise."""

from datetime import timedelta
from decimal import Decimal

from dateutil.relativedelta import relativedelta
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from entrepreneurship.ventures.models import (
    FounderKind,
    MoneyBand,
    Venture,
    VentureRole,
    VentureStageCode,
)
from kernel.errors import Conflict, Invalid, Refused
from talents import codes

Stage = VentureStageCode
MOST_VENTURES, MOST_FOUNDERS = 10, 20
EARLIEST = 1978
CORRECTED_WITHIN = timedelta(days=30)
WHOLE = Decimal(100)
# Where a venture can go from each stage; from a pause it goes back to where it was or on.
NEXT = {
    Stage.IDEA: (Stage.TEAM, Stage.REGISTERED, Stage.PAUSED, Stage.CLOSED),
    Stage.TEAM: (Stage.REGISTERED, Stage.PAUSED, Stage.CLOSED),
    Stage.REGISTERED: (Stage.OPERATING, Stage.PAUSED, Stage.CLOSED),
    Stage.OPERATING: (Stage.PAUSED, Stage.CLOSED),
    Stage.CLOSED: (),
}
TYPED = ("name", "summary", "industry", "base", "uscc")


# --- who -------------------------------------------------------------------------------------------
def why_not_create(talent, by):
    """Say why `by` may not enter a venture for a woman (a Talent or None): she does, once she is in the database."""
    if talent is None or not talent.is_verified:
        return Refused("not_verified", _("档案审核入库后，就可以登记创业项目。"))
    if by is not None and talent.user_id != by.pk:
        return Refused("not_yours", _("只有本人可以登记自己的创业项目。"))
    return None


def why_not_more(talent):
    """Say that she keeps as many ventures as anybody does."""
    if Venture.objects.running().filter(talent=talent).count() < MOST_VENTURES:
        return None
    sentence = ngettext(
        "同时最多登记 %(most)s 个创业项目，请先登记已经结束的。",
        "同时最多登记 %(most)s 个创业项目，请先登记已经结束的。",
        MOST_VENTURES,
    )
    return Conflict("ventures_many", sentence % {"most": MOST_VENTURES})


def is_founder(venture, user):
    """Tell whether a user confirmed that she is a founder. One query."""
    return venture.founders.confirmed().filter(talent__user=user.pk).exists()


def why_not_write(venture, by):
    """Say why `by` does not write in a venture: its founders do, each who confirmed it."""
    if by is None or is_founder(venture, by):
        return None
    return Refused("not_founder", _("只有已确认的创始人可以填写这个创业项目。"))


def why_not_keep(venture, by):
    """Say why `by` does not decide who founds it with her: who keeps it does."""
    if by is None or venture.talent.user_id == by.pk:
        return None
    return Refused("not_keeper", _("只有发起人可以邀请和移出创始人，请与发起人联系。"))


def why_not_correct(venture, by):
    """Say why `by` may not put a venture right as staff: her department's clerks do, never on their own."""
    if by is None:
        return None
    own = by.sees_all_departments or by.department_id == venture.department_id
    if not (by.is_staff and own and by.has_perm("entrepreneurship.correct_venture")):
        return Refused("not_allowed", _("只有所属部门的经办人可以更正，请与该部门联系。"))
    if is_founder(venture, by):
        return Refused("own_venture", _("不能办理自己的创业项目，请同事办理。"))
    if not Venture.objects.visible_to(by).filter(pk=venture.pk).exists():
        return Refused("not_shown", _("发起人已不在人才数据库里，不能更正。"))
    if venture.forgotten:
        return Conflict("forgotten", _("项目资料已随本人注销删除，只留统计用的数字，不能更正。"))
    return None


def why_not_either(venture, by):
    """Say why `by` may neither write in a venture nor put it right."""
    if by is None or why_not_write(venture, by) is None:
        return None
    if by.is_staff and by.has_perm("entrepreneurship.correct_venture"):
        return why_not_correct(venture, by)
    return why_not_write(venture, by)


# --- what is typed ---------------------------------------------------------------------------------
def why_not_typed(values):
    """Say what is wrong with name and industry."""
    if not (values.get("name") or "").strip():
        return Invalid("name_missing", _("请填写项目或企业的名称。"), field="name")
    if values.get("industry") not in codes.Industry.values:
        return Invalid("industry_missing", _("请选择行业。"), field="industry")
    return None


def why_not_uscc(uscc, venture=None):
    """Say that a code stands with another venture, or cannot be left out any more."""
    if uscc is None:
        if venture is not None and venture.registered_on:
            sentence = _("注册以后须有统一社会信用代码，可以改，不能清空。")
            return Invalid("uscc_missing", sentence, field="uscc")
        return None
    others = Venture.objects.filter(uscc=uscc).exclude(pk=venture and venture.pk)
    if not others.exists():
        return None
    sentence = _(
        "这个统一社会信用代码已在另一个创业项目里。同一家企业请向发起人要邀请链接；填错了请核对。"
    )
    return Conflict("uscc_taken", sentence, field="uscc")


def why_not_open(venture):
    """Say that a venture is over."""
    if not venture.is_closed:
        return None
    return Conflict("venture_closed", _("这个项目已关闭；关闭登记错了，请先撤回这一步。"))


# --- founders --------------------------------------------------------------------------------------
def why_not_role(role):
    """Say that a role is none of the list."""
    if role in VentureRole.values:
        return None
    return Invalid("role_unknown", _("请选择分工。"), field="role")


def why_not_share(venture, share, *, besides=None):
    """Say why a founder cannot have this share: 0 to 100 with two decimals, and all of them at most 100."""
    if share is None or not share.is_finite() or not 0 <= share <= WHOLE:
        return Invalid("share_range", _("份额请填 0 到 100 之间的数。"), field="share")
    if share != share.quantize(Decimal("0.01")):
        return Invalid("share_decimals", _("份额最多两位小数。"), field="share")
    others = venture.shares - (besides.share if besides else 0)
    if others + share <= WHOLE:
        return None
    sentence = _("各位创始人的份额合计不能超过 100%%，还可以填 %(left)s%%。")
    return Invalid("share_sum", sentence % {"left": plain(WHOLE - others)}, field="share")


def plain(number):
    """Return a share as it is read, without noughts at its end."""
    return f"{number:f}".rstrip("0").rstrip(".") if "." in f"{number:f}" else f"{number:f}"


def why_not_more_founders(venture):
    """Say that a venture has as many founders and open links as it can."""
    if venture.founders.standing().count() < MOST_FOUNDERS:
        return None
    sentence = ngettext(
        "最多登记 %(most)s 位创始人，请先移出一位。",
        "最多登记 %(most)s 位创始人，请先移出一位。",
        MOST_FOUNDERS,
    )
    return Conflict("founders_full", sentence % {"most": MOST_FOUNDERS})


def why_not_join_at_all(founder, talent, by):
    """Say why `by` can never accept a link: she has no record that was checked."""
    if talent is None or not talent.is_verified:
        return Refused("not_verified", _("档案审核入库后，才能确认自己是创始人。"))
    if by is not None and talent.user_id != by.pk:
        return Refused("not_hers", _("只有本人可以确认自己是创始人。"))
    return None


def why_not_join(founder, talent):
    """Say why she cannot accept this link now."""
    if founder.ended_at is not None:
        return Conflict("link_closed", _("邀请已收回，请向发起人要新的链接。"))
    if founder.accepted_at is not None:
        return Conflict("link_used", _("这个链接已有人接受，请向发起人要新的链接。"))
    if founder.venture.founders.confirmed().filter(talent=talent).exists():
        return Conflict("founder_already", _("您已经是这个项目的创始人。"))
    return why_not_open(founder.venture)


def is_herself(founder, user):
    """Tell whether a user is this founder."""
    return founder.talent_id is not None and founder.talent.user_id == user.pk


def why_not_set(founder, by):
    """Say why `by` does not set this founder's role and share: she herself, of others who keeps the venture."""
    if by is None or is_herself(founder, by):
        return None
    if founder.talent_id:
        return Refused("not_hers", _("分工和份额由她本人填写。"))
    return why_not_keep(founder.venture, by)


def why_not_end(founder, by):
    """Say why `by` does not take a founder out: who keeps the venture, or she herself; who keeps it stays."""
    if by is None:
        return None
    error = None if is_herself(founder, by) else why_not_keep(founder.venture, by)
    if error:
        return error
    if founder.talent_id is not None and founder.talent_id == founder.venture.talent_id:
        sentence = _("发起人不能退出；项目由别人负责时，请先转交。")
        return Refused("keeper_stays", sentence)
    return None


def why_not_hand_over(founder):
    """Say why a venture cannot be handed to this founder."""
    if founder.kind == FounderKind.RECORD and founder.talent_id and founder.ended_at is None:
        return None
    return Conflict("not_confirmed", _("只能转交给已确认的创始人。"))


# --- stages ----------------------------------------------------------------------------------------
def next_stages(venture):
    """Return the stages a venture may enter from where it stands."""
    if venture.stage == Stage.PAUSED:
        if venture.registered_on:
            return (Stage.OPERATING, Stage.CLOSED)
        return (Stage.IDEA, Stage.TEAM, Stage.REGISTERED, Stage.CLOSED)
    return NEXT[Stage(venture.stage)]


def why_not_day(day, now, *, since=None):
    """Say what is wrong with the day of a step: not in the future, not before the one before."""
    if day is None or day > timezone.localdate(now):
        return Invalid("day_in_future", _("日期最晚到今天，请修改。"), field="day")
    if day.year < EARLIEST:
        return Invalid("day_too_early", _("日期太早，请核对。"), field="day")
    if since is not None and day < since:
        sentence = _("日期不能早于上一步（%(since)s）；上一步填错了，请先撤回它。")
        return Invalid("day_before_last", sentence % {"since": since.isoformat()}, field="day")
    return None


def why_not_enter(venture, stage, day, uscc, now):
    """Say why a venture cannot enter a stage on a day with this code."""
    if stage not in next_stages(venture):
        if stage == Stage.OPERATING and not venture.registered_on:
            sentence = _("请先登记“已注册”和统一社会信用代码，再登记“经营中”。")
            return Conflict("not_registered", sentence, field="stage")
        sentence = _("现在不能进入这一阶段，请从列出的阶段里选择。")
        return Conflict("stage_not_next", sentence, field="stage")
    if error := why_not_day(day, now, since=venture.stage_on):
        return error
    if stage == Stage.REGISTERED and not (uscc or venture.uscc):
        sentence = _("登记“已注册”须填统一社会信用代码，在营业执照上。")
        return Invalid("uscc_missing", sentence, field="uscc")
    return None


def why_not_take_back(venture):
    """Say why the last step cannot be taken back: it is the first."""
    if venture.stages.standing().count() > 1:
        return None
    return Conflict("first_stage", _("这是第一步，没有更早的阶段可以退回。"))


# --- the yearly check ------------------------------------------------------------------------------
def why_not_checkpoint(values, now):
    """Say what is wrong with what was answered."""
    for name in ("jobs", "women_jobs", "patents"):
        number = values.get(name)
        if number is None or number < 0 or number > 1_000_000:
            return Invalid("number_range", _("请填 0 或正整数。"), field=name)
    if values["women_jobs"] > values["jobs"]:
        sentence = _("女性人数不能多于就业人数，请核对。")
        return Invalid("women_above_jobs", sentence, field="women_jobs")
    for name in ("revenue", "finance"):
        if values.get(name) not in MoneyBand.values:
            return Invalid("band_missing", _("请选择一档。"), field=name)
    if values.get("alive") not in (True, False):
        return Invalid("alive_missing", _("请选择是否还在经营或推进。"), field="alive")
    return None


def why_not_correct_checkpoint(checkpoint, by, now):
    """Say why a checkpoint cannot be replaced: within 30 days, once each, the newest one."""
    if hasattr(checkpoint, "replaced_by"):
        return Conflict("replaced", _("这一次已经更正过，请更正最新的一次。"))
    staff = by is not None and by.is_staff and why_not_correct(checkpoint.venture, by) is None
    if by is None or staff or now <= checkpoint.noted_at + CORRECTED_WITHIN:
        return None
    sentence = _("填写 30 天后不能自己更正，请联系所属部门。")
    return Conflict("too_late", sentence)


def next_check(venture, after):
    """Return the first anniversary of a venture's registration (or of its entry) behind a day; None once it is over."""
    if venture.is_closed:
        return None
    start = venture.registered_on or timezone.localdate(venture.created_at)
    years = max(after.year - start.year, 1)
    day = start + relativedelta(years=years)
    return day if day > after else start + relativedelta(years=years + 1)


def why_not_begin(stage, day, uscc, now):
    """Say why a venture cannot be entered at this stage."""
    if stage not in (Stage.IDEA, Stage.TEAM, Stage.REGISTERED):
        sentence = _("请从“构想”“组队”“已注册”里选择，以后的阶段登记后再加。")
        return Invalid("stage_unknown", sentence, field="stage")
    if error := why_not_day(day, now):
        return error
    if stage == Stage.REGISTERED and not uscc:
        sentence = _("登记“已注册”须填统一社会信用代码，在营业执照上。")
        return Invalid("uscc_missing", sentence, field="uscc")
    return None


def number(share):
    """Return a share as a Decimal; None for what is none."""
    try:
        return Decimal(str(share)) if share is not None else None
    except ArithmeticError:
        return None


def why_not_standing(founder):
    """Say that a founder has left or a link was taken back."""
    if founder.ended_at is None:
        return None
    return Conflict("founder_gone", _("这位创始人已经退出，请刷新页面。"))


def lately(venture, now):
    """Return the standing checkpoint of the last 30 days, or None."""
    rows = venture.checkpoints.standing().filter(noted_at__gt=now - CORRECTED_WITHIN)
    return rows.first()


def why_not_alive(venture, values):
    """Say that a venture that is over is not going on: a closing that was wrong is taken back first."""
    return why_not_open(venture) if values.get("alive") else None


def answered_lately():
    """Say that it was answered within 30 days."""
    sentence = _("最近 30 天内已填过一次，要改请用“更正”。")
    return Conflict("answered_lately", sentence)
