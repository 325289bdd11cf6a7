"""What staff count of the team: each figure leads to the list it is of."""

from django.utils.translation import gettext as _

from kernel.admin.figures import Line, Part
from kernel.admin.queue import changelist
from outreach.volunteers.models import VisitTopic, Volunteer, VolunteerState

VOLUNTEERS = "outreach_volunteer"


def part(user, day):
    """Return the Part of the volunteers a member of staff looks after."""
    hers = Volunteer.objects.visible_to(user)
    team = hers.active()
    lines = [
        Line(_("在队志愿者"), team.count(), changelist(VOLUNTEERS, "state__exact=active")),
        Line(_("今天可以上门"), hers.ready(day).count(), changelist(VOLUNTEERS, "proof=ready")),
        Line(_("暂停中"), hers.paused(day).count(), changelist(VOLUNTEERS, "proof=paused")),
        Line(
            _("缺培训或审查"), hers.unproven(day).count(), changelist(VOLUNTEERS, "proof=lacking")
        ),
        Line(
            _("三十天内到期"), hers.running_out(day).count(), changelist(VOLUNTEERS, "proof=soon")
        ),
        Line(
            _("待确认的报名"),
            hers.filter(state=VolunteerState.APPLIED).count(),
            changelist(VOLUNTEERS, "state__exact=applied"),
        ),
    ]
    for topic in VisitTopic:
        count = hers.ready(day).filter(topics__contains=[topic.value]).count()
        lines.append(Line(str(topic.label), count, changelist(VOLUNTEERS, f"topic={topic.value}")))
    note = _("可以上门：在队、没有暂停、上岗培训和从业审查都在有效期内；各项内容也只数可以上门的。")
    return Part(_("巾帼科技志愿服务队"), tuple(lines), note)
