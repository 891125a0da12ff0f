from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "indgang.foundation.ui"
