"""What every admin class of the portal shares: scoped rows, read-only state, actions through operations."""

from functools import wraps

from django.contrib import messages
from django.contrib.admin.options import ModelAdmin as DjangoModelAdmin
from unfold.admin import ModelAdmin

from liangjiang.errors import DomainError


class StaffAdmin(ModelAdmin):
    """Base of the portal's admin classes: rows through `visible_to`, nothing deleted, sane lists.

    A subclass names the fields staff may edit in `editable`; everything else is shown read-only.
    """

    editable = ()
    list_per_page = 50
    show_full_result_count = False
    list_filter_submit = True
    compressed_fields = True
    warn_unsaved_form = True

    def get_queryset(self, request):
        """Show the rows this member of staff may see."""
        manager = self.model._default_manager
        if hasattr(manager.all(), "visible_to"):
            return (
                manager.all()
                .visible_to(request.user)
                .order_by(*self.get_ordering(request) or ("-pk",))
            )
        return super().get_queryset(request)

    def get_readonly_fields(self, request, obj=None):
        """Everything that is not named editable."""
        shown = [f.name for f in self.model._meta.fields if f.name not in self.editable]
        extra = [name for name in self.readonly_fields if name not in shown]
        return [*shown, *extra]

    def has_delete_permission(self, request, obj=None):
        """Records are withdrawn or cancelled by operations, not deleted."""
        return False


def operation_action(function):
    """Wrap an admin action (self, request, queryset) so that a DomainError becomes a message."""

    @wraps(function)
    def action(self: DjangoModelAdmin, request, *args, **kwargs):
        try:
            return function(self, request, *args, **kwargs)
        except DomainError as error:
            self.message_user(request, str(error), messages.ERROR)
            return None

    return action
