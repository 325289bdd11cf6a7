"""The admin site: sign-in is the portal's own."""

from django.contrib.admin.apps import AdminConfig


class PortalAdminConfig(AdminConfig):
    """Use unfold's site as the default admin site."""

    default_site = "unfold.sites.UnfoldAdminSite"
