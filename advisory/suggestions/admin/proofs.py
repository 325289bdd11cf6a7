"""The proofs of an adoption in the admin: put there, opened, taken away."""

from functools import partial

from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from advisory.suggestions import operations
from advisory.suggestions.admin.forms import ProofForm
from advisory.suggestions.rules import effects, who
from kernel.admin.actions import attempt
from kernel.admin.decision import decide
from kernel.downloads import download


def why_not_prove(adoption, by):
    """Say why `by` cannot change its proofs."""
    return who.why_not_lead_or_coordinate(adoption.suggestion, by) or effects.why_not_proof(
        adoption
    )


def _add(adoption, *, file, by, now):
    sent = (file.name, file.read())
    return operations.add_proof(adoption=adoption, sent=sent, by=by, now=now)


class ProofPages:
    """Adds to the admin of adoptions: its proofs."""

    def get_urls(self):
        """Add the pages."""
        pages = [
            ("", self.proofs, "proofs"),
            ("add/", self.add_proof, "add_proof"),
            ("<str:code>/", require_POST(self.proof), "proof"),
            ("<str:code>/remove/", self.remove_proof, "remove_proof"),
        ]
        urls = [
            path(
                f"<int:pk>/proofs/{where}",
                self.admin_site.admin_view(view),
                name=f"advisory_adoption_{name}",
            )
            for where, view, name in pages
        ]
        return urls + super().get_urls()

    def proofs(self, request, pk):
        """Show the proofs."""
        row = self.get_or_404(request, pk)
        return self.page(
            request,
            "advisory/admin/proofs.html",
            title=_("采纳证明"),
            adoption=row,
            proofs=row.proofs.order_by("pk"),
            may_read=who.why_not_lead_or_coordinate(row.suggestion, request.user) is None,
            why_not=why_not_prove(row, request.user),
            back=self.address("change", row.pk),
        )

    def add_proof(self, request, pk):
        """Take a proof."""
        row = self.get_or_404(request, pk)
        return decide(
            self,
            request,
            why_not=why_not_prove(row, request.user),
            title=_("上传证明"),
            submit=_("上传"),
            facts=self.facts_of(row),
            form_class=ProofForm,
            with_files=True,
            outcome=_("文件或网址有一样，另一位经办人就可以核实。"),
            operation=partial(_add, row),
            done=_("已上传。"),
            back=self.address("proofs", row.pk),
        )

    def proof(self, request, pk, code):
        """Open a proof; who does is put on record."""
        row = self.get_or_404(request, pk)
        proof = get_object_or_404(row.proofs.select_related("adoption"), code=code)
        read = attempt(request, operations.read_proof, proof=proof)
        if read is None:
            return redirect(self.address("proofs", row.pk))
        name, data = read
        return download(data, name)

    def remove_proof(self, request, pk, code):
        """Ask once more, then take it away."""
        row = self.get_or_404(request, pk)
        proof = get_object_or_404(row.proofs.select_related("adoption"), code=code)
        return decide(
            self,
            request,
            why_not=why_not_prove(row, request.user) or effects.why_not_remove_proof(row),
            title=_("删除证明"),
            submit=_("删除"),
            danger=True,
            facts=[*self.facts_of(row), (_("证明"), proof.file_name)],
            outcome=_("文件删除，不能恢复；办理记录里留有谁删除的。"),
            operation=partial(operations.remove_proof, proof=proof),
            done=_("已删除。"),
            back=self.address("proofs", row.pk),
        )
