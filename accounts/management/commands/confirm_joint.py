"""`manage.py confirm_joint`: the console as second person, where nobody is left in the portal who could be."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import joint
from accounts.models import JointAction
from kernel.errors import DomainError


class Command(BaseCommand):
    """Confirm a request by its number; refused while an administrator or auditor can do it."""

    help = "Confirm a two-person request where no administrator or auditor is left who could."

    def add_arguments(self, parser):
        """Take the request's number."""
        parser.add_argument("number", type=int, help="the number in the address of its page")

    def handle(self, *args, number, **options):
        """Confirm it and say so."""
        action = JointAction.objects.filter(pk=number).first()
        if action is None:
            raise CommandError(_("没有这个编号的双人确认申请。"))
        try:
            joint.confirm(action=action, by=None, now=timezone.now())
        except DomainError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(_("已确认并执行。"))
