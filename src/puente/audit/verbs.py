"""The registry of verbs: each kind of event is declared once, with the sentence that tells it."""

from django.utils.functional import Promise

_sentences: dict[str, str | Promise] = {}


def register_verb(verb: str, sentence: str | Promise) -> str:
    """Declare a verb such as `person.opened` with its translated sentence, and return the verb."""
    if verb in _sentences:
        raise ValueError(f"The verb {verb} is declared twice.")
    _sentences[verb] = sentence
    return verb


def sentence_of(verb: str) -> str:
    """Return the sentence of a verb in the reader's language."""
    return str(_sentences[verb])


def is_registered(verb: str) -> bool:
    """Tell whether a verb is declared."""
    return verb in _sentences
