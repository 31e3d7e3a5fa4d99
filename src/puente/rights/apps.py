from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RightsConfig(AppConfig):
    name = "puente.rights"
    label = "rights"

    def ready(self) -> None:
        from puente.people.file_copy import read_openings
        from puente.people.file_parts import register_file_part
        from puente.rights.policies import VIEW_REQUESTS, VIEW_RETENTION
        from puente.web.navigation import register_section

        # Who opened the file stands last, after everything that was there to be read.
        register_file_part("openings", _("Who opened your file"), read_openings)
        register_section(_("Rights"), "rights:list", order=70, action=VIEW_REQUESTS)
        register_section(
            # The namespace is the one of requests; the pages of keeping say that they belong here.
            _("Keeping and erasing"), "rights:retention", order=90, action=VIEW_RETENTION, namespaces=("none",),
        )  # fmt: skip
