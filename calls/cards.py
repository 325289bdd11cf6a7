"""What 我的 asks of this app."""

from calls.models import Reviewer
from kernel.prepared import Prepared

# Rights are two queries for whoever has none to speak of; a seat on a panel is a part of the page's one statement.
PANEL_SEATS = Prepared(
    lambda who: Reviewer.objects.of(who).values_list("pk")[:1],
    who="accounts.User",
)
