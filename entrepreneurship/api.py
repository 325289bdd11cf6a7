"""What partners read and send, by theme."""

from entrepreneurship.bases import api as bases
from entrepreneurship.finance import api as finance
from entrepreneurship.transfer import api as transfer

urlpatterns = [
    *finance.urlpatterns,
    *bases.urlpatterns,
    *transfer.urlpatterns,
]
