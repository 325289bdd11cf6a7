"""The pages where staff keep seats of an event back for some, open them, and count its guests."""

from functools import partial

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _

from events import operations, rules
from events.admin.event_pages import facts
from events.forms import SendForm
from events.pool_forms import GuestsForm, NewPoolForm, PoolForm
from kernel.admin.decision import decide
from kernel.words import moment_text

CHANGE = "events.change_event"


def why_not_keep(event, user):
    """Say why `user` cannot change how an event's seats are shared out."""
    return rules.why_not_manage(event, user, CHANGE) or rules.why_not_edit(event)


def _open(*, sure, **rest):
    return operations.open_pool(**rest)


def _free(event):
    return [*facts(event), (_("空余席位"), str(event.seats_free))]


class SeatPages:
    """How the seats of one event are shared out."""

    def keep_seats(self, request, pk):
        """Keep seats back for the women's track or a unit."""
        event = self.get_or_404(request, pk)
        return decide(
            self,
            request,
            title=_("保留席位"),
            why_not=why_not_keep(event, request.user),
            facts=_free(event),
            outcome=_(
                "只有这些人能用保留的席位；她们中已在普通席位上的会换过来，空出的席位给候补的人。"
            ),
            submit=_("保留"),
            form_class=NewPoolForm,
            operation=partial(operations.add_pool, event=event),
            done=_("已保留席位。"),
            back=self.address("change", event.pk),
        )

    def _pool_page(self, request, pk, number):
        event = self.get_or_404(request, pk)
        pool = get_object_or_404(event.pools.closed().select_related("unit", "event"), pk=number)
        page = partial(
            decide,
            self,
            request,
            why_not=why_not_keep(event, request.user),
            facts=[(_("保留给"), str(pool)), *_free(event)],
            back=self.address("change", event.pk),
        )
        return pool, page

    def edit_pool(self, request, pk, number):
        """Change how many seats are kept, and until when."""
        pool, page = self._pool_page(request, pk, number)
        shown = {name: getattr(pool, name) for name in ("seats", "label", "opens_to_all_at")}
        return page(
            title=_("调整保留席位"),
            outcome=_("减少的席位马上按候补顺序给其他人；已有人的不会减少。"),
            submit=_("保存"),
            form_class=partial(PoolForm, initial=shown),
            operation=partial(operations.edit_pool, pool=pool),
            done=_("已调整保留席位。"),
        )

    def open_pool(self, request, pk, number):
        """Let everybody have the kept seats nobody has."""
        pool, page = self._pool_page(request, pk, number)
        return page(
            title=_("向所有人开放"),
            outcome=_(
                "其中没有人的 %(left)s 席马上按候补顺序给其他人；已有席位的人不变。不能收回。"
            )
            % {"left": pool.left},
            submit=_("向所有人开放"),
            danger=True,
            form_class=SendForm,
            operation=partial(_open, pool=pool),
            done=_("已向所有人开放。"),
        )

    def guests(self, request, pk):
        """Say how many guests from outside the database come, or came."""
        event = self.get_or_404(request, pk)
        shown = {"women": event.guests_women, "men": event.guests_men}
        return decide(
            self,
            request,
            title=_("库外来宾"),
            why_not=why_not_keep(event, request.user),
            facts=_free(event),
            outcome=_("只记人数，不记姓名；每人占一个席位。活动后可以改成实际到场的人数。"),
            submit=_("保存"),
            form_class=partial(GuestsForm, initial=shown),
            operation=partial(operations.set_guests, event=event),
            done=_("已登记来宾人数。"),
            back=self.address("change", event.pk),
        )


def shares(event, user):
    """Return how an event's seats are shared out, as rows of the table above its form.

    Each is {label, seats, taken, came, note, links: [(words, page)]}; none where nothing is shared out.
    """
    if not (event.pooled or event.guests or event.childcare_places):
        return []
    may = why_not_keep(event, user) is None and not event.has_started(timezone.now())
    rows = _of_pools(event, may) if event.pooled else []
    if event.guests:
        words = _("女 %(women)s，男 %(men)s")
        note = words % {"women": event.guests_women, "men": event.guests_men}
        rows.append(_row(_("库外来宾"), event.guests, event.guests, None, note))
    if event.childcare_places:
        taken, places = event.childcare_taken, event.childcare_places
        rows.append(_row(_("儿童托管（孩子）"), places, taken, None, _waiting_children(event)))
    return rows


def _row(label, seats, taken, came, note="", links=()):
    return {
        "label": label,
        "seats": seats,
        "taken": taken,
        "came": came,
        "note": note,
        "links": links,
    }


def _of_pools(event, may):
    pools = list(event.pools.with_arrivals())
    taken = event.seats_taken - sum(pool.taken for pool in pools)
    came = event.bookings.checked_in().count() - sum(pool.came for pool in pools)
    everybody = _row(_("所有人"), taken + max(event.seats_free, 0), taken, came)
    return [everybody, *(_of_pool(pool, may) for pool in pools)]


def _of_pool(pool, may):
    note = ""
    if pool.opened_at:
        note = _("%(when)s 已向所有人开放") % {"when": moment_text(pool.opened_at)}
    elif pool.opens_to_all_at:
        note = _("%(when)s 向所有人开放") % {"when": moment_text(pool.opens_to_all_at)}
    links = (
        [(_("调整"), "edit", pool.pk), (_("向所有人开放"), "open", pool.pk)]
        if may and not pool.opened_at
        else []
    )
    return _row(str(pool), pool.seats, pool.taken, pool.came, note, links)


def _waiting_children(event):
    waiting = event.bookings.children_waiting()
    return _("另有 %(count)s 个孩子排队") % {"count": waiting} if waiting else ""
