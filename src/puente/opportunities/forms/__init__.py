from puente.opportunities.forms.employers import EmployerForm, EmployerNoteForm
from puente.opportunities.forms.imports import MappingForm, UploadForm
from puente.opportunities.forms.openings import OpeningForm

__all__ = ["EmployerForm", "EmployerNoteForm", "MappingForm", "OpeningForm", "UploadForm"]
