"""What every admin class of the portal shares: scoped rows, read-only state, pages of its own."""

from functools import cache

from django.conf import settings
from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import label_for_field
from django.core.exceptions import PermissionDenied
from django.db.models.constants import LOOKUP_SEP
from django.http import Http404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from unfold.admin import ModelAdmin, checkbox
from unfold.decorators import display

from kernel.admin.changelist import COLUMNS, CappedPaginator, PortalChangeList

FILTERS = "filters"  # the panel in templates/unfold/helpers/change_list_filter.html
COLUMNS_COOKIE, COLUMNS_KEPT = "columns", 365 * 24 * 3600
# What may stand behind the name of a column in an address: which row it is, nothing that compares.
NOTHING = (None, "", "—", [], {})
ASKED = {"", "exact", "in", "isnull", "id__exact", "pk__exact", "id__in", "id__isnull"}


def has_perm(permission):
    """Return a `has_…_permission` method of an admin class that asks for `permission` ("app.codename").

    unfold takes such names itself, but looks each up in the database when the process starts, which
    on the first migrate is still empty.
    """

    def has_permission(self, request, obj=None):
        return request.user.has_perm(permission)

    return has_permission


@cache
def _tick_box(language):
    """Return unfold's tick box with a place for the key: rendering fifty was a quarter of a list."""
    box = checkbox.render(ACTION_CHECKBOX_NAME, "KEY").replace("{", "{{").replace("}", "}}")
    return box.replace("KEY", "{}")


class StaffAdmin(ModelAdmin):
    """Base of the portal's admin classes: rows through `visible_to`, nothing deleted, sane lists.

    A subclass names the fields staff may edit in `editable`; everything else is shown read-only.
    `add_fieldsets` are asked for when adding, where that is something else than what is shown later.
    `more_columns` are offered besides `list_display`, whose first always stays. `add_words` say what adding
    is, where it is not called that, `empty_words` what to do where the list has nothing yet. `has_history` False
    leaves out the way to the history of rows that are one event themselves: an entry of a log, an answer.
    `row_actions` are actions of the list that the page of one row offers too: {name: (words of the button,
    a function (row, by) that tells whether it would change something)}.
    """

    editable = ()
    more_columns = ()
    add_words = ""
    empty_words = ""
    has_history = True
    row_actions = {}
    change_form_outer_before_template = "kernel/admin/row_actions.html"
    list_per_page = 50
    empty_value_display = "—"
    list_before_template = "kernel/admin/list_head.html"
    # "All of them" would be more rows than a request may work on: a page is ticked, up to 200 rows.
    list_disable_select_all = True
    paginator = CappedPaginator
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
        if obj is None and self.add_fieldsets:
            return []
        shown = [f.name for f in self.model._meta.fields if f.name not in self.editable]
        extra = [name for name in self.readonly_fields if name not in shown]
        return [*shown, *extra]

    def get_fieldsets(self, request, obj=None):
        """Show to who may only look what there is."""
        return self.told_fieldsets(request, obj, super().get_fieldsets(request, obj))

    def told_fieldsets(self, request, obj, fieldsets):
        """Return `fieldsets` without what tells who may only look nothing: a column of dashes."""
        # Not of a new one, nor of an inline's parent.
        if not isinstance(obj, self.model) or self.has_change_permission(request, obj):
            return fieldsets
        shown = [
            (title, options | {"fields": self._told(obj, options["fields"])})
            for title, options in fieldsets
        ]
        return [(title, options) for title, options in shown if options["fields"]]

    def _told(self, obj, names):
        return [name for name in names if isinstance(name, tuple | list) or self._tells(obj, name)]

    def _tells(self, obj, name):
        if name == "id":
            return False
        # `address` is a field of some models and a method of this class; a field of the form alone tells nothing.
        own = None if hasattr(obj, name) else getattr(self, name, None)
        return (own(obj) if own else getattr(obj, name, None)) not in NOTHING

    # --- lists ---
    @display(description=ModelAdmin.action_checkbox.short_description)
    def action_checkbox(self, obj):
        """Return the tick box of a row as unfold renders it; only the row's key is put in anew."""
        return format_html(_tick_box(get_language()), obj.pk)

    def get_changelist(self, request, **kwargs):
        """Use the portal's list."""
        return PortalChangeList

    def offered_columns(self):
        """Return the names of the columns a reader chooses from."""
        return [*self.list_display, *self.more_columns]

    def get_list_display(self, request):
        """Show the columns she chose, the first one always; by default `list_display`."""
        first, *others = super().get_list_display(request)
        chosen = self._chosen_columns(request)
        return [first, *(others if chosen is None else chosen)]

    def _chosen_columns(self, request):
        """Return the names besides the first that the address, else this browser's last choice, asks for, or None."""
        chosen = request.GET.getlist(COLUMNS) or request.COOKIES.get(COLUMNS_COOKIE, "").split(".")
        first, *others = self.offered_columns()
        known = [name for name in others if name in chosen]
        return known if known or first in chosen else None

    def changelist_view(self, request, extra_context=None):
        """Remember the chosen columns for this list: in a cookie, nothing of it is anybody's business.

        An empty choice (`?cols=`) forgets them. What the filters offer is asked for when their panel is opened.
        """
        named = {"title": self.opts.verbose_name_plural}
        response = super().changelist_view(request, named | (extra_context or {}))
        if request.htmx.target == FILTERS and isinstance(response, TemplateResponse):
            response.template_name = "kernel/admin/filters.html"
        if COLUMNS in request.GET:
            self._remember_columns(request, response)
        return response

    def _remember_columns(self, request, response):
        chosen, where = self._chosen_columns(request), self.address("changelist")
        if chosen is None or request.GET.getlist(COLUMNS) == [""]:
            response.delete_cookie(COLUMNS_COOKIE, path=where)
            return
        response.set_cookie(
            COLUMNS_COOKIE,
            ".".join([self.offered_columns()[0], *chosen]),
            max_age=COLUMNS_KEPT,
            path=where,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )

    def list_links(self, request, changelist):
        """Return (words, address, attribute) of pages the list leads to; the attribute may be ""."""
        return []

    def column_words(self, name):
        """Return the heading of a column."""
        return label_for_field(name, self.model, self)

    def lookup_allowed(self, lookup, value, request):
        """Let addresses ask what the list's filters ask, and nothing else.

        Django lets every column of the model through, with every comparison: `?password__startswith=…`
        would spell out a hash, letter by letter, to anybody who may read the list, and
        `?starts_at__year=999999` is a moment no database holds.
        """
        offered = [
            lookup.removeprefix(name).removeprefix(LOOKUP_SEP)
            for name in map(_filter_name, self._offered(request))
            if lookup == name or lookup.startswith(f"{name}{LOOKUP_SEP}")
        ]
        if offered:  # of "unit" and "unit__kind" both begin what is asked
            return any(comparison in ASKED for comparison in offered)
        columns = {"pk"}
        for field in self.opts.get_fields():
            columns |= {field.name, getattr(field, "attname", field.name)}
        if lookup.partition(LOOKUP_SEP)[0] in columns:
            return False
        return super().lookup_allowed(lookup, value, request)

    def _offered(self, request):
        return [*self.get_list_filter(request), *filter(None, [self.date_hierarchy])]

    def response_action(self, request, queryset):
        """Take chosen rows by number only: anything else was not ticked on the page."""
        chosen = request.POST.getlist(ACTION_CHECKBOX_NAME)
        if not all(pk.isdecimal() for pk in chosen):
            messages.warning(request, _("没有找到所选的记录，请刷新列表后重新选择。"))
            return None
        return super().response_action(request, queryset)

    def has_delete_permission(self, request, obj=None):
        """Records are withdrawn or cancelled by operations, not deleted."""
        return False

    # --- pages of one row ---
    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """Call the page by what it is about, and lead to its history where there is any.

        Django's titles are the verbs of a database ("View audit entry").
        """
        adding = object_id is None
        named = {"title": self.add_title() if adding else self.opts.verbose_name}
        named |= {} if self.has_history else {"show_history": False}
        if self.row_actions and not adding:
            named["row_actions"] = self._row_actions(request, self.get_object(request, object_id))
        return super().changeform_view(request, object_id, form_url, named | (extra_context or {}))

    def _row_actions(self, request, row):
        """Return [(name, words)] of the list's actions that would change this row, by this reader."""
        allowed = self.get_actions(request) if row else {}
        return [
            (name, words)
            for name, (words, is_due) in self.row_actions.items()
            if name in allowed and is_due(row, request.user)
        ]

    def add_title(self):
        """Return what the page that adds a row is called."""
        return self.add_words or _("新增%(name)s") % {"name": self.opts.verbose_name}

    # --- what happened: the audit log has it; Django's own log would keep names in the clear ---
    def log_addition(self, request, obj, message):
        """Keep nothing: the operation's audit entry says it."""

    def log_change(self, request, obj, message):
        """Keep nothing: the operation's audit entry says it."""

    def history_view(self, request, object_id, extra_context=None):
        """Show what happened to a row, in sentences (the site knows them: accounts.staff_site)."""
        row = self.get_or_404(request, object_id)
        if not self.has_view_or_change_permission(request, row):
            raise PermissionDenied
        return self.page(
            request,
            "kernel/admin/history.html",
            title=_("历史"),
            about=str(row),
            lines=self.admin_site.history(row, reader=request.user),
            back=self.address("change", row.pk),
        )

    # --- what pages of a model's own need ---
    def get_or_404(self, request, pk):
        """Return the row this member of staff may see; raises Http404."""
        row = self.get_object(request, str(pk))
        if row is None:
            raise Http404
        return row

    def address(self, name, *args):
        """Return the address of one of the model's pages ("changelist", "change" …)."""
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_{name}", args=args)

    def page(self, request, template, *, status=200, **context):
        """Return a page in the admin's frame; `context` has to name its "title"."""
        frame = self.admin_site.each_context(request) | {"opts": self.opts}
        return TemplateResponse(request, template, frame | context, status=status)


class ReadOnly:
    """Rows can be looked at; what adds and changes them are operations. Stands first among the bases."""

    def has_add_permission(self, request, obj=None):
        """Rows come from operations."""
        return False

    def has_change_permission(self, request, obj=None):
        """Rows are changed by operations."""
        return False


def _filter_name(item):
    """Return the column, or the parameter, that an entry of `list_filter` stands for."""
    if isinstance(item, tuple | list):
        item = item[0]
    return item if isinstance(item, str) else item.parameter_name
