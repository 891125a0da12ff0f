from django.apps import AppConfig
from django.core.checks import register

from indgang.foundation.mail.checks import check_mail_server


class MailConfig(AppConfig):
    name = "indgang.foundation.mail"

    def ready(self) -> None:
        """Say at the start when letters cannot leave."""
        register(check_mail_server)
