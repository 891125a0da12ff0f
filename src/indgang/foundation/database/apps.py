from django.apps import AppConfig


class DatabaseConfig(AppConfig):
    name = "indgang.foundation.database"
