from django.apps import AppConfig
from django.utils.module_loading import import_string


class ConfigConfig(AppConfig):
    name = "indgang.config"
    label = "roof"

    def ready(self) -> None:
        """Kinds and retention need models, which are there only now."""
        import_string("indgang.config.kinds.register_kinds")()
        import_string("indgang.config.retention.register_retention")()
