"""The papers of a consultation in the admin: put there, opened, taken away, and who opened them."""

from functools import partial

from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from advisory.consultations import operations, rules
from advisory.consultations.admin.forms import PaperForm
from advisory.consultations.models import PaperOpening
from kernel.admin.actions import attempt
from kernel.admin.decision import decide
from kernel.downloads import download

MOST_OPENINGS = 200


def _add(consultation, *, file, confidential, by, now):
    return operations.add_paper(
        consultation=consultation,
        sent=(file.name, file.read()),
        confidential=confidential,
        by=by,
        now=now,
    )


class PaperPages:
    """Adds to the admin of consultations: its papers."""

    def get_urls(self):
        """Add the pages."""
        pages = [
            ("", self.papers, "papers"),
            ("add/", self.add_paper, "add_paper"),
            ("<str:code>/", require_POST(self.paper), "paper"),
            ("<str:code>/remove/", self.remove_paper, "remove_paper"),
        ]
        urls = [
            path(
                f"<int:pk>/papers/{where}",
                self.admin_site.admin_view(view),
                name=f"advisory_consultation_{name}",
            )
            for where, view, name in pages
        ]
        return urls + super().get_urls()

    def papers(self, request, pk):
        """Show the papers, and who opened the confidential ones."""
        row = self.get_or_404(request, pk)
        openings = PaperOpening.objects.filter(paper__consultation=row)
        openings = openings.select_related("paper", "invitation__talent")[:MOST_OPENINGS]
        return self.page(
            request,
            "advisory/admin/papers.html",
            title=_("咨询材料"),
            consultation=row,
            papers=row.papers.order_by("pk"),
            openings=openings,
            may_read=rules.why_not_run(row, request.user) is None,
            why_not=rules.why_not_run(row, request.user) or rules.why_not_papers(row),
            back=self.address("change", row.pk),
        )

    def add_paper(self, request, pk):
        """Take a paper."""
        row = self.get_or_404(request, pk)
        return decide(
            self,
            request,
            why_not=rules.why_not_run(row, request.user) or rules.why_not_papers(row),
            title=_("上传材料"),
            submit=_("上传"),
            facts=self.facts_of(row),
            form_class=PaperForm,
            with_files=True,
            outcome=_("答应参加、没有利害关系或经研究可以参加的人马上能看。"),
            operation=partial(_add, row),
            done=_("已上传。"),
            back=self.address("papers", row.pk),
        )

    def paper(self, request, pk, code):
        """Open a paper; who reads a confidential one is put on record."""
        row = self.get_or_404(request, pk)
        paper = get_object_or_404(row.papers.select_related("consultation"), code=code)
        read = attempt(request, operations.read_paper, paper=paper)
        if read is None:
            return redirect(self.address("papers", row.pk))
        name, data = read
        return download(data, name)

    def remove_paper(self, request, pk, code):
        """Ask once more, then take it away."""
        row = self.get_or_404(request, pk)
        paper = get_object_or_404(row.papers.select_related("consultation"), code=code)
        return decide(
            self,
            request,
            why_not=rules.why_not_run(row, request.user) or rules.why_not_papers(row),
            title=_("删除材料"),
            submit=_("删除"),
            danger=True,
            facts=[*self.facts_of(row), (_("材料"), paper.file_name)],
            outcome=_("文件和打开它的记录都删除，不能恢复；办理记录里留有谁删除的。"),
            operation=partial(operations.remove_paper, paper=paper),
            done=_("已删除。"),
            back=self.address("papers", row.pk),
        )
