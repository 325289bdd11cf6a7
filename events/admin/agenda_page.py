"""The page on which an event's agenda is typed, shown as it will be, and saved."""

from functools import partial

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from events import operations, rules, speaking
from events.forms import AgendaForm
from events.models import Speaker
from kernel.admin.decision import TEMPLATE, decide, form_page
from kernel.words import labelled, listed, moment_text


class AgendaPage:
    """The agenda of one event."""

    def agenda(self, request, pk):
        """Take the lines, show them as sessions, then save them."""
        event = self.get_or_404(request, pk)
        refused = rules.why_not_manage(event, request.user, "events.change_event")
        refused = refused or rules.why_not_edit(event)
        form = AgendaForm(request.POST or None, event=event)
        if not refused and form.is_valid() and not form.was_shown:
            return self._preview(request, event, form)
        return decide(
            self,
            request,
            title=_("编排议程"),
            why_not=refused,
            facts=_facts(event),
            submit=_("预览"),
            form_class=partial(AgendaForm, event=event),
            operation=partial(_save, event),
            done=_("议程已保存。"),
            back=self.address("change", event.pk),
        )

    def _preview(self, request, event, form):
        return form_page(
            self,
            request,
            TEMPLATE,
            form=form.again(),
            title=_("议程将是这样"),
            facts=[*_facts(event), *map(_line, form.planned)],
            outcome=_outcome(event, form.planned),
            submit_label=_("保存议程"),
            back=self.address("change", event.pk),
        )


def _save(event, *, agenda, shown, seen, by, now):
    return operations.set_agenda(event=event, text=agenda, seen=seen, by=by, now=now)


def _facts(event):
    return [(_("活动"), event.title), (_("时间"), moment_text(event.starts_at))]


def _line(session):
    """Return a session as (when, what, who and where)."""
    who = listed(" ".join(filter(None, (one.name, one.what))) for one in session.speakers)
    parts = [session.title, who and labelled(_("主讲人"), who), session.room]
    return (session.when, " · ".join(filter(None, parts)))


def _outcome(event, planned):
    """Say what follows: who of the database is told."""
    before = Speaker.objects.filter(session__event=event).exclude(talent=None)
    names = {speaker.talent_id: speaker.name for speaker in before.select_related("talent")}
    names |= {
        one.talent.pk: one.name for session in planned for one in session.speakers if one.talent
    }
    said = [_("改动还没有保存；可以接着改，再次预览。")]
    if not planned:
        said.append(_("议程会清空。"))
    if names and event.is_published:
        sentence = ngettext(
            "安排有变的，%(names)s会收到通知。", "安排有变的，%(names)s会收到通知。", len(names)
        )
        said.append(sentence % {"names": listed(names.values())})
    elif names:
        said.append(_("活动发布时，%(names)s会收到通知。") % {"names": listed(names.values())})
    return "".join(said)


def shown(event):
    """Return what an event's record in the admin says of its agenda."""
    sessions = speaking.agenda_of(event)
    share = speaking.share(type(event).objects.filter(pk=event.pk))
    return {"agenda": speaking.by_day(sessions), "share": share if share.people else None}
