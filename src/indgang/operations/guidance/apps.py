from django.apps import AppConfig


class GuidanceConfig(AppConfig):
    name = "indgang.operations.guidance"
