from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProtectionConfig(AppConfig):
    name = "puente.protection"
    label = "protection"

    def ready(self) -> None:
        from puente.platform.row_security import register_setting
        from puente.protection import boxes
        from puente.protection.policies import EDIT_LEGAL_FORMS, VIEW_CARE_HANDOVERS, VIEW_HANDOVERS
        from puente.web.navigation import register_section

        register_setting(boxes.SETTING, boxes.write_setting)
        register_section(_("Handed over"), "protection:inbox", order=60, action=VIEW_HANDOVERS)
        register_section(_("Handed over to me"), "protection:care", order=61, action=VIEW_CARE_HANDOVERS)
        register_section(_("Forms in the law"), "protection:legal_forms", order=66, action=EDIT_LEGAL_FORMS)
