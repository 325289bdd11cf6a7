"""A story's photos in the admin: put up with their words, described anew, approved, taken off, deleted."""

from functools import partial

from django import forms
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kernel.admin.actions import attempt
from kernel.admin.decision import decide
from role_models import operations, rules
from role_models.admin.forms import PhotoForm, described


class PhotoPages:
    """Adds to the admin of stories: their photos."""

    def get_urls(self):
        """Add the pages."""
        pages = [
            ("", self.photos, "photos"),
            ("add/", self.add_photo, "add_photo"),
            ("<int:number>/describe/", self.describe_photo, "describe_photo"),
            ("<int:number>/approve/", require_POST(self.approve_photo), "approve_photo"),
            ("<int:number>/hide/", require_POST(self.hide_photo), "hide_photo"),
            ("<int:number>/show/", require_POST(self.show_photo), "show_photo"),
            ("<int:number>/delete/", self.delete_photo, "delete_photo"),
        ]
        urls = [
            path(
                f"<int:pk>/photos/{where}",
                self.admin_site.admin_view(view),
                name=f"role_models_story_{name}",
            )
            for where, view, name in pages
        ]
        return urls + super().get_urls()

    def _may(self, story, request, right):
        return rules.why_not_look_after(story, request.user, f"role_models.{right}_story")

    def photos(self, request, pk):
        """Show the photos, and where each stands."""
        story = self.get_or_404(request, pk)
        rows = list(story.photos.order_by("pk"))
        for row in rows:
            row.story = story
        return self.page(
            request,
            "role_models/admin/photos.html",
            title=_("故事照片"),
            story=story,
            may_write=self._may(story, request, "change") is None,
            may_publish=self._may(story, request, "publish") is None,
            rows=[(row, _state(row), rules.why_not_approve(row, request.user)) for row in rows],
            back=self.address("change", story.pk),
        )

    def _photo(self, request, pk, number):
        story = self.get_or_404(request, pk)
        found = get_object_or_404(story.photos, pk=number)
        found.story = story
        return found

    def _photo_page(self, request, story, **page):
        return decide(
            self,
            request,
            why_not=self._may(story, request, "change"),
            back=self.address("photos", story.pk),
            **page,
        )

    def add_photo(self, request, pk):
        """Take a photo with its words."""
        story = self.get_or_404(request, pk)
        return self._photo_page(
            request,
            story,
            title=_("上传照片"),
            outcome=_("会去掉拍摄地点、时间和设备信息。她同意、另一位同事审核以后才会展示。"),
            submit=_("上传"),
            form_class=PhotoForm,
            with_files=True,
            operation=partial(operations.add_photo, story=story),
            done=_("已上传。"),
        )

    def describe_photo(self, request, pk, number):
        """Write its words anew."""
        photo = self._photo(request, pk, number)
        return self._photo_page(
            request,
            photo.story,
            title=_("修改说明"),
            facts=[(_("照片"), _picture(photo))],
            outcome=_("改了说明要请她重新同意，同意以前照片不展示。"),
            submit=_("保存"),
            form_class=described(photo),
            operation=partial(operations.describe_photo, photo=photo),
            done=_("已保存。"),
        )

    def _press(self, request, pk, number, operation, done):
        photo = self._photo(request, pk, number)
        attempt(request, operation, done, photo=photo)
        return redirect(self.address("photos", photo.story.pk))

    def approve_photo(self, request, pk, number):
        """Show one she agreed to."""
        return self._press(
            request, pk, number, operations.approve_photo, _("已审核，故事发布后展示。")
        )

    def hide_photo(self, request, pk, number):
        """Take one off."""
        return self._press(request, pk, number, operations.hide_photo, _("已撤下，可以恢复。"))

    def show_photo(self, request, pk, number):
        """Show one again."""
        return self._press(request, pk, number, operations.show_photo, _("已恢复。"))

    def delete_photo(self, request, pk, number):
        """Ask before one is deleted."""
        photo = self._photo(request, pk, number)
        return self._photo_page(
            request,
            photo.story,
            title=_("删除照片"),
            facts=[(_("照片"), _picture(photo))],
            outcome=_("照片和文件都会删除，不能恢复；只是暂时不展示，请用“撤下”。"),
            submit=_("删除"),
            danger=True,
            form_class=forms.Form,
            operation=partial(operations.delete_photo, photo=photo),
            done=_("已删除。"),
        )


def _picture(photo):
    return format_html(
        '<img class="portal-photo" src="{}" alt="{}">', photo.get_absolute_url(), photo.alt
    )


def _state(photo):
    """Return where a photo stands, in words."""
    if photo.hidden_at:
        return _("已撤下")
    if photo.is_shown:
        return _("展示中") if photo.story.is_shown else _("随故事展示")
    if photo.agreed_at:
        return _("本人已同意，待审核")
    return _("本人不同意展示") if photo.answered_at else _("等本人同意")
