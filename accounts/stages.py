"""Sign-in steps that differ from allauth's."""

from allauth.account.stages import EmailVerificationStage
from allauth.account.utils import has_verified_email


class ProvedContactStage(EmailVerificationStage):
    """One proved contact is enough: a verified phone stands for the e-mail address.

    allauth asks every account for a verified address once verification is mandatory, and it has to
    be mandatory or sign-up would tell which addresses are known.
    """

    def handle(self):
        """Let people with a proved phone (or a second, proved address) pass."""
        user = self.login.user
        if user is not None and (user.phone_verified or has_verified_email(user)):
            return None, True
        return super().handle()
