from django.apps import AppConfig
from django.utils.translation import pgettext_lazy


class AuditConfig(AppConfig):
    name = "puente.audit"
    label = "audit"

    def ready(self) -> None:
        from puente.audit.policies import VIEW_EVENTS
        from puente.web.navigation import register_section

        register_section(pgettext_lazy("section", "Audit"), "audit:events", order=97, action=VIEW_EVENTS)
