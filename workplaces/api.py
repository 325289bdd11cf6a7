"""What partners read and send, by theme."""

from workplaces.childcare import api as childcare

urlpatterns = [
    *childcare.urlpatterns,
]
