"""What openings leave in the audit trail."""

from django.utils.translation import gettext_noop

from puente.audit.verbs import register_verb

OPENING_CREATED = register_verb("opening.created", gettext_noop("Wrote down an opening"))
OPENING_CHANGED = register_verb("opening.changed", gettext_noop("Changed an opening"))
OPENING_CLOSED = register_verb("opening.closed", gettext_noop("Closed an opening"))
OPENING_REOPENED = register_verb("opening.reopened", gettext_noop("Opened an opening again"))
PLACE_FILLED = register_verb("opening.filled", gettext_noop("Marked places of an opening as filled"))
TITLE_DECIDED = register_verb("title.decided", gettext_noop("Decided the occupation of a job title"))
TITLE_SET_ASIDE = register_verb("title.set_aside", gettext_noop("Left a job title without an occupation"))
EMPLOYER_CREATED = register_verb("employer.created", gettext_noop("Wrote down an employer"))
EMPLOYER_CHANGED = register_verb("employer.changed", gettext_noop("Changed an employer"))
EMPLOYER_JUDGED = register_verb("employer.judged", gettext_noop("Noted how far to trust an employer"))
IMPORT_STARTED = register_verb("import.started", gettext_noop("Uploaded a file of openings"))
SOURCE_MAPPED = register_verb("import.mapped", gettext_noop("Chose the columns of a file of openings"))
IMPORT_CHECKED = register_verb("import.checked", gettext_noop("Checked a file of openings"))
IMPORT_LOADED = register_verb("import.loaded", gettext_noop("Loaded a file of openings"))
