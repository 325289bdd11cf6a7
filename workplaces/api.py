"""What partners read and send, by theme."""

from workplaces.childcare import api as childcare
from workplaces.flexible import api as flexible

urlpatterns = [
    *childcare.urlpatterns,
    *flexible.urlpatterns,
]
