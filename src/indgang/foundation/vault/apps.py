from django.apps import AppConfig


class VaultConfig(AppConfig):
    name = "indgang.foundation.vault"
