"""The ladder of an association in the admin: share by rung, target, gap, the next election, women who fit, what it did."""

from django.utils import timezone
from django.utils.translation import gettext_lazy
from unfold.decorators import action

from kernel.admin.base import has_perm
from networks.meter import activity, candidates, ladder
from networks.posts.models import Rung


class ShowsLadder:
    """An admin class of associations with a page for the ladder of each. Stands before OffersByRule among the bases."""

    has_ladder_permission = has_perm("networks.view_sharecount")

    @action(description=gettext_lazy("女性比例和活动"), url_path="ladder", permissions=["ladder"])
    def ladder_page(self, request, object_id):
        """Show the ladder."""
        association, now = self.get_or_404(request, object_id), timezone.now()
        today = timezone.localdate(now)
        steps = [
            (step, _fitting(association, step, today)) for step in ladder.of(association, today)
        ]
        return self.page(
            request,
            "networks/admin/ladder.html",
            title=association.name,
            association=association,
            steps=steps,
            term=ladder.next_election(association, today),
            today=today,
            activity=activity.of(association, now),
            back=self.address("change", association.pk),
        )


def _fitting(association, step, today):
    """Return how many women fit a rung with a gap and may be asked, None where nobody is missing."""
    if not step.gap or step.rung == Rung.MEMBER:
        return None
    return candidates.who_fit(association, step.rung, today).count()
