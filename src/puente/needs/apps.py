from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NeedsConfig(AppConfig):
    name = "puente.needs"
    label = "needs"

    def ready(self) -> None:
        from puente.needs.file_copy import read_assessments, read_needs
        from puente.needs.policies import VIEW_NEEDS
        from puente.people.erasing import register_eraser
        from puente.people.file_parts import register_file_part
        from puente.web.navigation import register_section

        register_eraser(self.label)
        register_file_part("assessments", _("What you said you need"), read_assessments)
        register_file_part("needs", _("Your needs, and what became of them"), read_needs)
        register_section(_("Needs"), "needs:list", order=30, action=VIEW_NEEDS)
