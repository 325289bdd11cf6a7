"""What partners read and send, by theme."""

from entrepreneurship.bases import api as bases
from entrepreneurship.finance import api as finance
from entrepreneurship.learning import api as learning
from entrepreneurship.transfer import api as transfer
from entrepreneurship.ventures import api as ventures

urlpatterns = [
    *ventures.urlpatterns,
    *learning.urlpatterns,
    *finance.urlpatterns,
    *bases.urlpatterns,
    *transfer.urlpatterns,
]
