"""The API's addresses."""

urlpatterns = []
