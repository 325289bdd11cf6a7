"""What may be done with elections, and why not: pages ask, operations raise."""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from calls.models import ApplicationState, CallState, StageKind
from kernel.errors import Conflict, Invalid
from kernel.words import record_day_text
from networks.elections.models import Election, ElectionCall
from networks.members.models import Membership

MEASURE = 7
# Every candidate of a call, whatever came of her.
CANDIDATES = (
    ApplicationState.AWARDED,
    ApplicationState.RESERVE,
    ApplicationState.NOT_AWARDED,
)


def why_not_open(association, number, starts_on):
    """Say why an election cannot be prepared: one is under way, or its term does not come behind the others."""
    if Election.objects.under_way().filter(association=association).exists():
        return Conflict("election_under_way", _("已有一次换届正在筹备，请先办完或取消。"))
    return why_not_term_behind(association, number, starts_on)


def why_not_term_behind(association, number, starts_on):
    """Say why a term that is to be elected does not come behind those there are; the last one gives way, begun earlier."""
    if association.terms.filter(number=number).exists():
        return Conflict("term_twice", _("这一届已经登记。"), field="number")
    if starts_on < association.founded_on:
        sentence = _("任期不能从协会成立以前开始。")
        return Invalid("term_before_founding", sentence, field="starts_on")
    last = association.terms.order_by("-starts_on").first()
    if last is None:
        return None
    if number <= last.number:
        sentence = _("届数应在%(term)s之后。") % {"term": last.words}
        return Invalid("term_number", sentence, field="number")
    if starts_on <= last.starts_on:
        sentence = _("新一届应晚于%(term)s的开始（%(day)s）。")
        said = {"term": last.words, "day": record_day_text(last.starts_on)}
        return Invalid("terms_overlap", sentence % said, field="starts_on")
    return None


def why_not_under_way(election):
    """Say that an election has written its term, or was called off."""
    if election.is_under_way:
        return None
    return Conflict("election_over", _("这次换届已写入任职或已取消，不再改动。"))


def why_not_cancelled(election):
    """Say that an election was called off."""
    if election.cancelled_at is None:
        return None
    return Conflict("election_over", _("这次换届已取消。"))


def why_not_prepare(election, post, opens_at, closes_at, surplus_percent, now):
    """Say why no call can be prepared for a post."""
    if error := why_not_cancelled(election):
        return error
    if post.association_id != election.association_id or post.ended_at:
        return Invalid("post_foreign", _("请选择这个协会的职务。"), field="post")
    if not now < closes_at or not opens_at < closes_at:
        sentence = _("截止时间须在以后，并晚于开始时间。")
        return Invalid("closes_before_opening", sentence, field="closes_at")
    if not 1 <= surplus_percent <= 100:
        sentence = _("差额比例应在 1 到 100 之间，候选人才多于席位。")
        return Invalid("surplus_missing", sentence, field="surplus_percent")
    found = ElectionCall.objects.filter(election=election, post=post).first()
    if found is None or found.call.state == CallState.CANCELLED:
        return None
    return Conflict(
        "call_prepared", _("这个职务已有申报通知；取消它以后可以重新准备。"), field="post"
    )


def why_not_cancel(election):
    """Say why an election cannot be called off: it is over, or one of its calls is public."""
    if error := why_not_under_way(election):
        return error
    quiet = (CallState.DRAFT, CallState.CANCELLED)
    if not election.calls.exclude(call__state__in=quiet).exists():
        return None
    return Conflict("call_public", _("还有已发布的申报通知，请先在“申报通知”里取消。"))


def why_not_restore(election):
    """Say why an election that was called off is not taken up again."""
    if election.cancelled_at is None:
        return Conflict("not_cancelled", _("这次换届没有取消。"))
    return why_not_open(election.association, election.number, election.starts_on)


# --- calls (kernel.portal, field `why_not_apply`; raised where results are written) -----------------
def why_not_stand(call, talent, at):
    """Say why a woman does not stand for a post: only members do. None for calls of no election."""
    seat = ElectionCall.objects.of(call) if call.measure == MEASURE else None
    if seat is None:
        return None
    association, day = seat.election.association, timezone.localdate(at)
    if error := why_not_cancelled(seat.election):
        return error
    if Membership.objects.in_force(day).filter(association=association, talent=talent).exists():
        return None
    sentence = _("只有“%(association)s”的会员可以参选；会籍到期的请先续期。")
    return Conflict("not_member", sentence % {"association": association.label})


def why_not_elected(seat):
    """Say why the result of a call does not elect: no more candidates than seats, no public notice, or called off."""
    if error := why_not_cancelled(seat.election):
        return error
    call = seat.call
    if not call.stages.filter(kind=StageKind.PUBLIC_NOTICE).exists():
        return Conflict("notice_missing", _("换届选举须有公示环节。"))
    seats = seat.post.seats
    if call.applications.filter(state__in=CANDIDATES).count() > seats:
        return None
    sentence = ngettext(
        "差额选举：候选人须多于 %(seats)s 个席位。",
        "差额选举：候选人须多于 %(seats)s 个席位。",
        seats,
    )
    return Conflict("no_surplus", sentence % {"seats": seats})
