from django.apps import AppConfig


class IdentityConfig(AppConfig):
    name = "indgang.foundation.identity"
