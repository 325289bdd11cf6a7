"""What the app adds to the portal (kernel.portal)."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kernel import content
from kernel.portal import Declaration, Entry, Item, Link, PersonalData, Place, Report
from networks import growth, personal_data, queue, reports, shown
from networks.associations.operations import move_filings
from networks.elections.operations import follow_result
from networks.elections.rules import why_not_stand
from networks.portal.notices import NOTICES
from networks.portal.verbs import VERBS
from privacy.purposes import Purpose
from talents.departures import Departure

SEES = (
    "networks.view_association",
    "networks.view_yearlycheck",
    "networks.view_filing",
    "networks.view_term",
    "networks.view_post",
    "networks.view_holding",
    "networks.view_membership",
    "networks.view_election",
    "networks.view_sharecount",
    "networks.view_sharetarget",
    "networks.view_councilmeeting",
    "networks.view_associationevent",
)
WORKS = (
    *SEES,
    "networks.change_association",
    "networks.extend_term",
    "networks.change_holding",
    "networks.change_membership",
    "networks.import_membership",
    "networks.export_membership",
    "networks.change_election",
    "networks.add_sharecount",
    "networks.confirm_sharecount",
)
LEADS = (*SEES, "networks.lead_association", "networks.confirm_sharecount")


def _office(user, granted, by, now):
    """Have the pages write her name in full, or masked, from now on: she changed her answer."""
    content.touch()


PURPOSES = (
    Purpose(
        shown.OFFICE,
        64,
        _("在协会页面上写我的全名"),
        "2026-11",
        _("姓名、在协会的职务"),
        _(
            "在您任职的协会的公开页面上写全名，可以被搜索引擎收录。不同意的，姓名隐去一部分，任职不受影响。"
        ),
        _("撤回后页面马上隐去；别人此前已保存的无法收回。"),
    ),
)


# What else belongs to an association is reached from its page.
NAVIGATION = (
    Item(3, 40, pgettext_lazy("many", "协会"), "diversity_3", "networks_association"),
    Item(3, 41, pgettext_lazy("many", "协会会员"), "group", "networks_membership"),
    Item(3, 42, pgettext_lazy("many", "任职"), "badge", "networks_holding"),
    Item(3, 43, pgettext_lazy("many", "换届选举"), "how_to_vote", "networks_election"),
    Item(3, 44, pgettext_lazy("many", "女性比例"), "female", "networks_sharecount"),
)
QUEUE = (
    Entry(70, "networks.change_election", queue.elections_overdue),
    Entry(71, "networks.change_election", queue.elections_ahead),
    Entry(72, "networks.change_membership", queue.applications),
    Entry(73, "networks.confirm_sharecount", queue.counts),
    Entry(74, "networks.change_association", queue.filings),
    Entry(75, "networks.change_association", queue.silent),
    Entry(76, "networks.change_association", queue.terms_set_aside),
    Entry(76, "networks.change_membership", queue.memberships_set_aside),
    Entry(76, "networks.change_association", queue.associations_set_aside),
)

declaration = Declaration(
    permissions={
        "department_clerk": WORKS,
        "department_reviewer": LEADS,
        "auditor": SEES,
        "administrator": SEES,
    },
    notices=NOTICES,
    purposes=PURPOSES,
    consent_effects={shown.OFFICE: _office},
    departures=(Departure(40, personal_data.lost_by_leaving, personal_data.leave_all),),
    movings=personal_data.MOVINGS,
    personal_data=PersonalData(
        38,
        pgettext_lazy("networks", "协会"),
        personal_data.COVERS,
        personal_data.collect,
        lost=personal_data.lost,
        erase=personal_data.erase,
    ),
    retention=personal_data.RETENTION,
    verbs=VERBS,
    scopes={"associations:read": _("读取本协会的会员和在任的人")},
    api="networks.api",
    api_sections={"associations": pgettext_lazy("networks", "协会")},
    places=(Place(34, "networks/", pgettext_lazy("networks", "协会"), footer=True),),
    navigation=NAVIGATION,
    queue=QUEUE,
    links=(
        Link(
            "settings",
            18,
            _("我的协会"),
            "my_networks",
            lambda user, found: _("会籍、任职、由我办理的协会"),
        ),
    ),
    report=Report(28, reports.monthly, reports.sections, reports.tables),
    growth=growth.milestones,
    results=(follow_result,),
    why_not_apply=(why_not_stand,),
    terms=(move_filings,),
    public_models=(
        "networks.Association",
        "networks.Term",
        "networks.Post",
        "networks.Holding",
        "networks.Membership",
        "networks.ShareCount",
        "networks.ShareTarget",
        "networks.CouncilMeeting",
        "networks.AssociationEvent",
    ),
    beat={"networks.tasks.follow_associations": 3600},
    demo="networks.demo",
)
