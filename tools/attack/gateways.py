"""Gateways for a portal in production mode: what would leave is written into OUTBOX_DIR."""

from kernel import gateways


class Sms(gateways.LocalSms):
    """Production refuses the developer's gateway by its name; this one is the attack's own."""


class Mail(gateways.LocalMail):
    """The same for mail, which says what its headers would have been."""

    def send_messages(self, messages):
        """Write each message down whole, as SMTP would carry it."""
        for message in messages:
            for address in message.recipients():
                gateways._write("mail", address, message.subject, message.message().as_string())
        return len(messages)
