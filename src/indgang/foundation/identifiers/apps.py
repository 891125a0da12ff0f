from django.apps import AppConfig


class IdentifiersConfig(AppConfig):
    name = "indgang.foundation.identifiers"
