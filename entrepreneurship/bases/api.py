"""What of the theme partners may read and send, below /api/v1/."""

urlpatterns = []
