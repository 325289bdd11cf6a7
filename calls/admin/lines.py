"""What staff lay down of a draft call line by line: its form, its conditions, what follows; each list on pages of its own."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from calls import rules
from kernel.admin.actions import attempt
from kernel.admin.decision import decide

RIGHT = "calls.change_call"


@dataclass(frozen=True)
class Lines:
    """One such list.

    Arguments:
        one: what a line is called in addresses, forms and operations ("requirement").
        folder: where its pages stand below the call's ("requirements").
        page: the action that shows the list ("requirements_page").
        rows: as the call names them.
        form: the form of a line; takes `<one>=` the line that is changed.
        save: operation(call=, <one>=, values=, by=, now=).
        remove: operation(<one>=, by=, now=).
        moves: {"up": operation(<one>=, by=, now=)}.
        titles: (of the list, of adding a line, of changing one).
    """

    one: str
    folder: str
    page: str
    rows: str
    form: Any
    save: Any
    remove: Any
    moves: dict
    titles: tuple

    @property
    def template(self):
        """Return the page of the list."""
        return f"calls/admin/{self.folder}.html"


def why_not_lay_down(call, by):
    """Say why `by` does not write what belongs to a call: those who lead it do, while it is a draft."""
    return rules.why_not_manage(call, by, RIGHT) or rules.why_not_write(call)


class LinePages:
    """Adds to the admin of calls the pages of the lists in `line_lists`."""

    line_lists = ()

    def get_urls(self):
        """Add the pages."""
        own = [url for lines in self.line_lists for url in self._urls_of(lines)]
        return own + super().get_urls()

    def _urls_of(self, lines):
        every, line = f"<int:pk>/{lines.folder}/", f"<int:pk>/{lines.folder}/<int:number>/"
        pages = [
            (f"{every}add/", partial(self.add_line, lines), f"add_{lines.one}"),
            (line, partial(self.edit_line, lines), f"edit_{lines.one}"),
            (f"{line}remove/", partial(self.remove_line, lines), f"remove_{lines.one}"),
        ]
        for way in lines.moves:
            view = require_POST(partial(self.move_line, lines, way))
            pages.append((f"{line}{way}/", view, f"{lines.one}_{way}"))
        wrap = self.admin_site.admin_view
        return [path(where, wrap(view), name=f"calls_call_{name}") for where, view, name in pages]

    def show_lines(self, request, object_id, lines):
        """Show the lines in their order."""
        call = self.get_or_404(request, object_id)
        return self.page(
            request,
            lines.template,
            title=lines.titles[0],
            call=call,
            lines=getattr(call, lines.rows).all(),
            of=lines.one,
            ways=tuple(lines.moves),
            why_not=why_not_lay_down(call, request.user),
            back=self.address("change", call.pk),
        )

    def _line_page(self, request, call, lines, **page):
        if not request.user.has_perm(RIGHT):
            raise PermissionDenied
        return decide(
            self,
            request,
            why_not=why_not_lay_down(call, request.user),
            facts=[(_("申报通知"), call.label)],
            back=self.address(lines.page, call.pk),
            **page,
        )

    def _line(self, request, lines, pk, number):
        call = self.get_or_404(request, pk)
        rows = getattr(call, lines.rows).select_related("call")
        return call, get_object_or_404(rows, pk=number)

    def add_line(self, lines, request, pk):
        """Ask what the new line is."""
        call = self.get_or_404(request, pk)
        return self._line_page(
            request,
            call,
            lines,
            title=lines.titles[1],
            submit=_("添加"),
            form_class=lines.form,
            operation=_saving(lines, call, None),
            done=_("已添加。"),
        )

    def edit_line(self, lines, request, pk, number):
        """Change a line."""
        call, line = self._line(request, lines, pk, number)
        return self._line_page(
            request,
            call,
            lines,
            title=lines.titles[2],
            submit=_("保存"),
            form_class=partial(lines.form, **{lines.one: line}),
            operation=_saving(lines, call, line),
            done=_("已保存。"),
        )

    def remove_line(self, lines, request, pk, number):
        """Ask, then take a line out."""
        call, line = self._line(request, lines, pk, number)
        return self._line_page(
            request,
            call,
            lines,
            title=_("删除“%(name)s”") % {"name": line},
            submit=_("删除"),
            danger=True,
            operation=partial(lines.remove, **{lines.one: line}),
            done=_("已删除。"),
        )

    def move_line(self, lines, way, request, pk, number):
        """Let a line change places with a neighbour."""
        if not request.user.has_perm(RIGHT):
            raise PermissionDenied
        call, line = self._line(request, lines, pk, number)
        attempt(request, lines.moves[way], **{lines.one: line})
        return redirect(self.address(lines.page, call.pk))


def _saving(lines, call, line):
    def save(*, by, now, **values):
        return lines.save(call=call, values=values, by=by, now=now, **{lines.one: line})

    return save
