"""An event's photos in the admin: put up, described, shown, taken off; how many agree to be in them."""

from functools import partial

from django import forms
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from events import operations, rules
from events.admin.history import named_lines
from events.models import PhotoAnswer
from events.photo_forms import DescribeForm, PhotosForm
from kernel.admin.actions import attempt
from kernel.admin.decision import decide
from privacy.models import AuditEntry


class PhotoPages:
    """Adds to the admin of events: its photos, for who may know who comes."""

    def get_urls(self):
        """Add the pages."""
        pages = [
            ("", self.photos, "photos"),
            ("add/", self.add_photos, "add_photos"),
            ("<int:number>/describe/", self.describe_photo, "describe_photo"),
            ("<int:number>/publish/", require_POST(self.publish_photo), "publish_photo"),
            ("<int:number>/hide/", require_POST(self.hide_photo), "hide_photo"),
            ("<int:number>/delete/", self.delete_photo, "delete_photo"),
        ]
        urls = [
            path(
                f"<int:pk>/photos/{where}",
                self.admin_site.admin_view(view),
                name=f"events_event_{name}",
            )
            for where, view, name in pages
        ]
        return urls + super().get_urls()

    def _with_photos(self, request, pk):
        """Return the event, for who may know who comes; 404 as for an event she does not run."""
        event = self.get_or_404(request, pk)
        if rules.why_not_see_photos(event, request.user):
            raise Http404
        return event

    def photos(self, request, pk):
        """Show the photos with what each lacks, how many agree, and what happened."""
        event = self._with_photos(request, pk)
        refused = rules.why_not_keep_photos(event, request.user)
        found = event.photos.with_press().prefetch_related(
            "people__booking__talent", "people__booking__photo_answer"
        )
        rows = list(found.order_by("pk"))
        for row in rows:
            row.event = event
        return self.page(
            request,
            "events/admin/photos.html",
            title=_("活动照片"),
            event=event,
            why_not=refused,
            may_keep=refused is None,
            rows=[(row, *_state(row)) for row in rows],
            answers=_answers(event),
            at_door=event.is_published and event.has_door_for(request.user),
            history=_history(event, rows, request.user),
            back=self.address("change", event.pk),
        )

    def _back_to_photos(self, event):
        return redirect(self.address("photos", event.pk))

    def _photo(self, request, pk, number):
        event = self._with_photos(request, pk)
        found = get_object_or_404(event.photos, pk=number)
        found.event = event
        return found

    def _photo_page(self, request, event, **page):
        return decide(
            self,
            request,
            why_not=rules.why_not_keep_photos(event, request.user),
            back=self.address("photos", event.pk),
            **page,
        )

    def add_photos(self, request, pk):
        """Take photos, several at once."""
        event = self._with_photos(request, pk)
        return self._photo_page(
            request,
            event,
            title=_("上传照片"),
            facts=[(_("活动"), event.title)],
            outcome=_(
                "会去掉拍摄地点、时间和设备信息。上传后先填文字说明、选出认得出的人，再发布；未发布的只有工作人员看得到。"
            ),
            submit=_("上传"),
            form_class=PhotosForm,
            with_files=True,
            operation=partial(operations.add_photos, event=event),
            done=_added,
        )

    def describe_photo(self, request, pk, number):
        """Say what a photo shows and who is in it."""
        photo = self._photo(request, pk, number)
        return self._photo_page(
            request,
            photo.event,
            title=_("说明和人物"),
            facts=[(_("照片"), _picture(photo))],
            outcome=_("展示中的照片，选出的人里有没有同意的，会马上下架。"),
            submit=_("保存"),
            form_class=partial(DescribeForm, photo=photo),
            operation=partial(operations.describe_photo, photo=photo),
            done=_("已保存。"),
        )

    def _press_photo(self, request, pk, number, operation, done):
        photo = self._photo(request, pk, number)
        attempt(request, operation, done, photo=photo)
        return self._back_to_photos(photo.event)

    def publish_photo(self, request, pk, number):
        """Show one."""
        done = _("已发布，活动页面上可以看到。")
        return self._press_photo(request, pk, number, operations.publish_photo, done)

    def hide_photo(self, request, pk, number):
        """Take one off."""
        done = _("已下架，可以重新发布。")
        return self._press_photo(request, pk, number, operations.hide_photo, done)

    def delete_photo(self, request, pk, number):
        """Ask before one is deleted."""
        photo = self._photo(request, pk, number)
        return self._photo_page(
            request,
            photo.event,
            title=_("删除照片"),
            facts=[(_("照片"), _picture(photo))],
            outcome=_("照片和文件都会删除，不能恢复；只是暂时不展示，请用“下架”。"),
            submit=_("删除"),
            danger=True,
            form_class=forms.Form,
            operation=partial(operations.delete_photo, photo=photo),
            done=_("已删除。"),
        )


def _picture(photo):
    """Return the picture, for the page that is about it."""
    size = {"src": photo.get_absolute_url(), "alt": photo.alt or _("还没有文字说明")}
    return format_html('<img class="portal-photo" src="{src}" alt="{alt}">', **size)


def _added(photos):
    words = ngettext(
        "已上传 %(n)s 张，请逐张填写说明和人物。",
        "已上传 %(n)s 张，请逐张填写说明和人物。",
        len(photos),
    )
    return words % {"n": len(photos)}


def _state(photo):
    """Return (its state in words, why it cannot be shown or None)."""
    why_not = rules.why_not_publish_photo(photo)
    if photo.is_published and why_not is None:
        return _("展示中"), None
    if photo.hidden_at:
        return photo.get_hidden_why_display(), why_not
    return _("未发布"), why_not


def _answers(event):
    """Return how many of those with a seat agree: {all, site, press, none}; numbers, no names."""
    seated = event.bookings.seated()
    said = PhotoAnswer.objects.filter(booking__in=seated)
    site, press = said.filter(site=True).count(), said.filter(press=True).count()
    return {"all": seated.count(), "site": site, "press": press, "said": said.count()}


def _history(event, photos, reader):
    names = {str(photo.pk): photo.alt for photo in photos}
    entries = AuditEntry.objects.filter(object_type="events.photo", object_id__in=names)
    gone = AuditEntry.objects.filter(
        object_type="events.event", object_id=str(event.pk), action="events.delete_photo"
    )
    return named_lines(entries | gone, names, reader)


def photo_links(event, user):
    """Return the button that leads to them: (words, address, icon), for who may see them."""
    if not event.is_published or event.sensitive_topic or rules.why_not_see_photos(event, user):
        return []
    return [(_("活动照片"), reverse("admin:events_event_photos", args=[event.pk]), "photo_camera")]
