from django.apps import AppConfig


class MailConfig(AppConfig):
    name = "indgang.foundation.mail"
