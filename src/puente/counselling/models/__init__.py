from puente.counselling.models.introductions import Introduction, IntroductionEvent
from puente.counselling.models.outcomes import FollowUp, Outcome
from puente.counselling.models.profiles import PastJob, WorkProfile
from puente.counselling.models.sheets import PhonePage, PhonePageAttempt, Sheet
from puente.counselling.models.shortlists import Choice, Correction, Shortlist, ShortlistEntry

__all__ = [
    "Choice",
    "Correction",
    "FollowUp",
    "Introduction",
    "IntroductionEvent",
    "Outcome",
    "PastJob",
    "PhonePage",
    "PhonePageAttempt",
    "Sheet",
    "Shortlist",
    "ShortlistEntry",
    "WorkProfile",
]
