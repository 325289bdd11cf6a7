"""One call of every operation of the theme, for tests/test_rights.py."""

from entrepreneurship.plans import operations
from entrepreneurship.plans.models import PlanMember
from tests import factories
from tests.entrepreneurship import make
from tests.rights import call


def clerk(given=None):
    """Return a clerk of the department that leads the plan."""
    return factories.staff("department_clerk")


def _linked():
    member = make.plan_member()
    return {"member": member, "venture": make.venture(member.talent)}


CALLS = (
    call(operations.link_venture, _linked, insider=clerk),
    call(
        operations.export_plan_members,
        lambda: {"rows": PlanMember.objects.all()},
        insider=clerk,
        open_to=("staff elsewhere",),  # her own department's alone
    ),
)
