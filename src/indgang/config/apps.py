from django.apps import AppConfig
from django.utils.module_loading import import_string


class ConfigConfig(AppConfig):
    name = "indgang.config"
    label = "roof"

    def ready(self) -> None:
        """The kinds need models, which are there only now."""
        import_string("indgang.config.kinds.register_kinds")()
