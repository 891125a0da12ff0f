from django.apps import AppConfig
from django.core.checks import register
from django.utils.module_loading import import_string

from indgang.config.checks import check_translations


class ConfigConfig(AppConfig):
    name = "indgang.config"
    label = "roof"

    def ready(self) -> None:
        """Kinds and retention need models, which are there only now."""
        register(check_translations)
        import_string("indgang.config.kinds.register_kinds")()
        import_string("indgang.config.retention.register_retention")()
