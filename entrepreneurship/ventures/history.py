"""What happened to a venture, in plain sentences, the newest first."""

from django.utils.translation import gettext as _

from entrepreneurship.ventures.models import VentureStageCode
from kernel.words import colon, day_text

Stage = VentureStageCode


def _entered(stage):
    return {
        Stage.IDEA: _("有了构想"),
        Stage.TEAM: _("组成团队"),
        Stage.REGISTERED: _("注册成企业"),
        Stage.OPERATING: _("开始经营"),
        Stage.PAUSED: _("暂停"),
        Stage.CLOSED: _("关闭"),
    }[Stage(stage)]


def step_sentence(step):
    """Return one step of the stages as a sentence."""
    words = {"day": day_text(step.day), "what": _entered(step.stage)}
    if step.takes_back_id:
        return _("撤回“%(day)s %(what)s”，这一步登记有误") % words
    return f"{words['day']} {words['what']}"


def check_sentence(checkpoint):
    """Return one checkpoint as a sentence."""
    words = {
        "day": day_text(checkpoint.day),
        "jobs": checkpoint.jobs,
        "women": checkpoint.women_jobs,
        "revenue": checkpoint.get_revenue_display(),
        "finance": checkpoint.get_finance_display(),
        "patents": checkpoint.patents,
    }
    alive = (
        _("%(day)s 在经营或推进") if checkpoint.alive else _("%(day)s 已不再经营或推进")
    ) % words
    numbers = _(
        "就业 %(jobs)s 人（女 %(women)s 人），营业收入：%(revenue)s，融资和贷款：%(finance)s，有效专利 %(patents)s 件"
    )
    return f"{alive}{colon()}{numbers % words}"


def history(venture):
    """Return [(moment it was entered, sentence, note)], the newest first. Three queries.

    Steps entered at one moment keep their order, the last first: sorting is stable.
    """
    lines = []
    for step in venture.stages.order_by("-pk"):
        note = _("工作人员登记") if step.by_staff else ""
        lines.append((step.noted_at, step_sentence(step), note))
    for one in venture.checkpoints.select_related("replaced_by"):
        notes = [one.get_source_display() if one.source == "phone" else ""]
        notes.append(_("已由后来的更正代替") if hasattr(one, "replaced_by") else "")
        lines.append((one.noted_at, check_sentence(one), "；".join(filter(None, notes))))
    for check in venture.checks.exclude(unknown_at=None):
        sentence = _("%(day)s 的年度问询没有答复，记为“情况不明”") % {"day": day_text(check.due_on)}
        lines.append((check.unknown_at, sentence, ""))
    return sorted(lines, key=lambda line: line[0], reverse=True)
