"""The admin site: sign-in is the portal's own, with a second factor for staff."""

from django.contrib.admin.apps import AdminConfig


class PortalAdminConfig(AdminConfig):
    """Use the portal's site (accounts.staff_site) as the default admin site."""

    default_site = "accounts.staff_site.StaffSite"
