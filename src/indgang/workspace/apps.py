from django.apps import AppConfig


class WorkspaceConfig(AppConfig):
    name = "indgang.workspace"
