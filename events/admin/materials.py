"""An event's materials in the admin: put there, described, put in order, replaced, taken down."""

from functools import partial

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from events import operations, rules
from events.admin.history import named_lines
from events.material_forms import EditMaterialForm, FilesForm, LinkForm, ReplaceForm
from events.models import MaterialFile
from kernel.admin.actions import attempt
from kernel.admin.decision import decide
from kernel.downloads import download
from privacy import pieces
from privacy.models import AuditEntry


class MaterialPages:
    """Adds to the admin of events: its materials."""

    def get_urls(self):
        """Add the pages."""
        pages = [
            ("", self.materials, "materials"),
            ("add/", self.add_materials, "add_materials"),
            ("link/", self.add_material_link, "add_material_link"),
            ("<int:number>/edit/", self.edit_material, "edit_material"),
            ("<int:number>/replace/", self.replace_material, "replace_material"),
            ("<int:number>/up/", require_POST(self.move_material_up), "move_material"),
            ("<int:number>/down/", require_POST(self.move_material_down), "lower_material"),
            ("<int:number>/withdraw/", require_POST(self.withdraw_material), "withdraw_material"),
            ("<int:number>/show/", require_POST(self.show_material), "show_material"),
            ("<int:number>/<int:version>/", self.material_file, "material_file"),
            (
                "<int:number>/<int:version>/restore/",
                require_POST(self.restore_material_file),
                "restore_material_file",
            ),
        ]
        urls = [
            path(
                f"<int:pk>/materials/{where}",
                self.admin_site.admin_view(view),
                name=f"events_event_{name}",
            )
            for where, view, name in pages
        ]
        return urls + super().get_urls()

    def materials(self, request, pk):
        """Show the materials in their order, what was taken down, earlier versions, and what happened."""
        event = self.get_or_404(request, pk)
        found = event.materials.select_related("session").prefetch_related("files")
        rows = list(found.order_by("order", "pk"))
        refused = rules.why_not_keep_materials(event, request.user)
        return self.page(
            request,
            "events/admin/materials.html",
            title=_("活动资料"),
            event=event,
            standing=[(one, _versions(one)) for one in rows if not one.is_withdrawn],
            withdrawn=[one for one in rows if one.is_withdrawn],
            may_keep=refused is None,
            why_not=refused,
            history=_history(rows, request.user),
            back=self.address("change", event.pk),
        )

    def _back_to_materials(self, event):
        return redirect(self.address("materials", event.pk))

    def _material_page(self, request, event, **page):
        return decide(
            self,
            request,
            why_not=rules.why_not_keep_materials(event, request.user),
            back=self.address("materials", event.pk),
            **page,
        )

    def add_materials(self, request, pk):
        """Take files, several at once."""
        event = self.get_or_404(request, pk)
        return self._material_page(
            request,
            event,
            title=_("上传资料"),
            facts=[(_("活动"), event.title)],
            outcome=_("上传后马上按“谁能看”显示；图片会去掉拍摄地点等信息。"),
            submit=_("上传"),
            form_class=partial(FilesForm, event=event),
            with_files=True,
            operation=partial(operations.add_materials, event=event),
            done=_added,
        )

    def add_material_link(self, request, pk):
        """Take a link."""
        event = self.get_or_404(request, pk)
        return self._material_page(
            request,
            event,
            title=_("添加链接"),
            facts=[(_("活动"), event.title)],
            submit=_("添加"),
            form_class=partial(LinkForm, event=event),
            operation=partial(operations.add_material_link, event=event),
            done=_("已添加。"),
        )

    def _material(self, request, pk, number):
        """Return one of the materials of an event she runs; 404 for another's."""
        event = self.get_or_404(request, pk)
        found = get_object_or_404(event.materials.select_related("session"), pk=number)
        found.event = event
        return found

    def edit_material(self, request, pk, number):
        """Change what is said of one, and who may read it."""
        material = self._material(request, pk, number)
        return self._material_page(
            request,
            material.event,
            title=_("修改资料"),
            facts=[(_("资料"), material.title)],
            submit=_("保存"),
            form_class=partial(EditMaterialForm, material=material),
            operation=partial(_edit, material),
            done=_("已保存。"),
        )

    def replace_material(self, request, pk, number):
        """Take a new version of its file."""
        material = self._material(request, pk, number)
        return self._material_page(
            request,
            material.event,
            title=_("替换文件"),
            facts=[(_("资料"), material.title), (_("现在的文件"), material.file)],
            outcome=_("地址不变，读者马上看到新版本；旧版本保留 30 天，其间可以换回。"),
            submit=_("替换"),
            form_class=ReplaceForm,
            with_files=True,
            operation=partial(operations.replace_material, material=material),
            done=_("已替换。"),
        )

    def _press_material(self, request, pk, number, operation, done, **more):
        material = self._material(request, pk, number)
        attempt(request, operation, done, material=material, **more)
        return self._back_to_materials(material.event)

    def move_material_up(self, request, pk, number):
        """Let one change places with the one before it."""
        return self._press_material(
            request, pk, number, operations.move_material, _("已上移。"), up=True
        )

    def move_material_down(self, request, pk, number):
        """Let one change places with the one behind it."""
        return self._press_material(
            request, pk, number, operations.move_material, _("已下移。"), up=False
        )

    def withdraw_material(self, request, pk, number):
        """Take one down."""
        done = _("已撤下，读者看不到了；在本页可以恢复。")
        return self._press_material(request, pk, number, operations.withdraw_material, done)

    def show_material(self, request, pk, number):
        """Show one again."""
        return self._press_material(
            request, pk, number, operations.show_material, _("已重新显示。")
        )

    def _version(self, request, pk, number, version):
        material = self._material(request, pk, number)
        return get_object_or_404(MaterialFile, material=material, number=version), material

    def material_file(self, request, pk, number, version) -> HttpResponse:
        """Send one version to whoever runs the event."""
        file, _material = self._version(request, pk, number, version)
        return download(pieces.read(file.pieces), file.file_name)

    def restore_material_file(self, request, pk, number, version):
        """Show an earlier version again."""
        file, material = self._version(request, pk, number, version)
        file.material = material
        attempt(request, operations.restore_material_file, _("已换回。"), version=file)
        return self._back_to_materials(material.event)


def _added(materials):
    words = ngettext("已上传 %(n)s 份资料。", "已上传 %(n)s 份资料。", len(materials))
    return words % {"n": len(materials)}


def _edit(material, *, by, now, **changes):
    return operations.edit_material(material=material, changes=changes, by=by, now=now)


def _versions(material):
    """Return its earlier versions that are still kept, the newest first."""
    return [file for file in material.files.all() if file.replaced_at]


def _history(materials, reader):
    """Return what happened to these materials, in sentences, each with the title it has now."""
    names = {str(material.pk): material.title for material in materials}
    entries = AuditEntry.objects.filter(object_type="events.material", object_id__in=names)
    return named_lines(entries, names, reader)


def material_links(event):
    """Return the button that leads to them: (words, address, icon)."""
    where = reverse("admin:events_event_materials", args=[event.pk])
    return [(_("活动资料"), where, "folder_open")]
