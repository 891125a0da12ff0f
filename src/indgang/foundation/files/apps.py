from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "indgang.foundation.files"
