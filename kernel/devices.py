"""Which devices of a reader's phone a page may ask for: none but those of the settings, unless a view says so."""

from functools import wraps

from django.conf import settings
from django_permissions_policy import PermissionsPolicyMiddleware

HEADER = "Permissions-Policy"


class DevicesPolicy(PermissionsPolicyMiddleware):
    """The header of the settings, written once; only what a view marked by `asks_position` answers lets itself ask."""

    def __call__(self, request):
        """Set the header, and that of a page of its own over it."""
        response = super().__call__(request)
        if more := getattr(response, "devices", None):
            policy = settings.PERMISSIONS_POLICY | more
            response[HEADER] = self.compute_header_value(policy, HEADER)
        return response


def asks_position(view):
    """Let the page of a view ask the phone where it is; its owner is asked by the browser each time."""

    @wraps(view)
    def asking(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        response.devices = {"geolocation": "self"}
        return response

    return asking
