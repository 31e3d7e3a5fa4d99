from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ProtectionConfig(AppConfig):
    name = "puente.protection"
    label = "protection"

    def ready(self) -> None:
        import puente.protection.case_figures
        import puente.protection.screening_export  # noqa: F401 - each declares an export
        from puente.people.erasing import register_eraser
        from puente.people.file_parts import register_reserved_part
        from puente.people.reservation_steps import register_reservation_steps
        from puente.platform.rewrapping import register_wrapped_keys
        from puente.platform.row_security import register_setting
        from puente.protection import boxes, policies
        from puente.protection.file_copy import read_reserved_part
        from puente.protection.handovers import WRAPPED_KEYS as HANDOVER_KEYS
        from puente.protection.reasons import WRAPPED_KEYS as REASON_KEYS
        from puente.protection.sealed import WRAPPED_KEYS
        from puente.protection.sealed_requests import WRAPPED_KEYS as REQUEST_KEYS
        from puente.protection.services.watch import STEPS
        from puente.web.navigation import register_section

        for keys in (*WRAPPED_KEYS, *REQUEST_KEYS, HANDOVER_KEYS, REASON_KEYS):
            register_wrapped_keys(keys)
        register_reservation_steps("protection", STEPS)
        register_setting(boxes.SETTING, boxes.write_setting)
        register_eraser(self.label)
        register_reserved_part("protection", _("Reserved part"), policies.VIEW_HANDOVERS, read_reserved_part)
        register_section(_("Handed over"), "protection:inbox", order=60, action=policies.VIEW_HANDOVERS)
        register_section(_("Handed over to me"), "protection:care", order=61, action=policies.VIEW_CARE_HANDOVERS)
        register_section(_("Cases"), "protection:cases", order=62, action=policies.LIST_CASES)
        register_section(_("Reserved files"), "protection:access", order=64, action=policies.OPENS_IN_OTHER_HANDS)
        register_section(
            pgettext_lazy("section", "Exports"), "protection:exports", order=65,
            action=(policies.ASK_EXPORT, policies.APPROVE_EXPORT),
        )  # fmt: skip
        register_section(_("Forms in the law"), "protection:legal_forms", order=66, action=policies.EDIT_LEGAL_FORMS)
