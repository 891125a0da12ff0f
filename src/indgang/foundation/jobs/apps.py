from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "indgang.foundation.jobs"
