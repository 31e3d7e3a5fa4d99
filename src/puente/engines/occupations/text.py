"""The normal form of a job title: what two spellings of the same job have in common.

A title becomes a tuple of keys, one a word. A key forgets case, accents, gender, number, the commonest verb endings
and the letters that Spanish writes in two ways (b/v, s/c/z, h, ll/y), so that "albañiles", "alvañil" and "Albañil"
share one key. It is no stem for reading: it may join words that are not kin ("panadero", "panadería"), which suits
job titles.
"""

import re
import unicodedata
from functools import lru_cache

_WORD = re.compile(r"[a-z]+|[0-9]+")

# Words that never tell one occupation from another: articles and prepositions, "I worked as", and the phrases of job
# advertisements. "ayudante", "operador", "supervisor" are not here: they change the code.
_WORDS_WITHOUT_WEIGHT = (
    "al an and andaba andabamos at como con cv de del el en era es estaba estuve for fui hacer hacia haciendo haga "
    "hago hice in job jr la las lo los me mi my of on para por que sa se sin slp sobre su soy the to trabaja "
    "trabajaba trabajabamos trabajado trabajando trabajar trabaje trabajo un una unas unos was work worked worker "
    "working oficio chamba chambeaba aprendi bueno "
    "ambos cdmx col colonia completo contratacion contratando edomex empleo estamos experiencia femenino fin "
    "importante inmediata inmediato masculino medio nueva oferta puesto semana sexo solicita solicitamos solicito "
    "tiempo turno urge urgen urgente vacante varias varios vspc zona"
)
_STOP_WORDS = frozenset(_WORDS_WITHOUT_WEIGHT.split())

_ABBREVIATIONS = {
    "admon": "administracion",
    "asist": "asistente",
    "aux": "auxiliar",
    "enf": "enfermera",
    "ing": "ingeniero",
    "lic": "licenciado",
    "mtto": "mantenimiento",
    "tec": "tecnico",
}

_SUFFIXES_OF_VERBS = ("abamos", "iendo", "aban", "aba", "ando", "ar")

_SOUNDS = (
    (re.compile(r"(?:ch|sh)"), "C"),
    (re.compile(r"ph"), "f"),
    (re.compile(r"qu(?=[ei])|ck|q"), "k"),
    (re.compile(r"c(?=[ei])"), "s"),
    (re.compile(r"[ck]"), "k"),
    (re.compile(r"[zx]"), "s"),
    (re.compile(r"v"), "b"),
    (re.compile(r"ll|y"), "i"),
    (re.compile(r"g(?=[ei])"), "j"),
    (re.compile(r"g?w|^gu(?=[ei])"), "u"),
    (re.compile(r"h"), ""),
    (re.compile(r"(.)\1+"), r"\1"),
)


def fold(text: str) -> str:
    """Return the words of a text in lower case, without accents or punctuation, separated by single spaces."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return " ".join(_WORD.findall("".join(letter for letter in plain if not unicodedata.combining(letter))))


def keep_telling_words(folded: str) -> list[str]:
    """Return the words of a folded text that may tell an occupation, written out; all when none would be left.

    Numbers and single letters ("chofer 3.5", "cocinero b", "cajero/a") tell grades, loads and gender, not occupations.
    """
    words = [_ABBREVIATIONS.get(word, word) for word in folded.split()]
    return [word for word in words if len(word) > 1 and word.isalpha() and word not in _STOP_WORDS] or words


def make_keys(text: str) -> tuple[str, ...]:
    """Return the normal form of a title: the keys of its telling words, in their order."""
    return tuple(make_key(word) for word in keep_telling_words(fold(text)))


@lru_cache(maxsize=65536)
def make_key(word: str) -> str:
    """Return the key of one folded word."""
    return _write_by_sound(_cut_endings(word))


def _cut_endings(word: str) -> str:
    if len(word) < 4:
        return word
    if len(word) >= 7 and word.endswith("ing"):
        return word[:-3] + "er"  # "roofing" and "roofer" are one job
    if word.endswith("s") and not word.endswith("ss"):
        word = word[:-1]
    for suffix in _SUFFIXES_OF_VERBS:
        if word.endswith(suffix) and len(word) - len(suffix) >= (4 if suffix == "ar" else 3):
            word = word[: -len(suffix)]
            break
    if len(word) > 3 and word[-1] in "aeo":
        word = word[:-1]
    if len(word) > 4 and word[-1] == "i":
        word = word[:-1]
    return word


def _write_by_sound(word: str) -> str:
    for pattern, letters in _SOUNDS:
        word = pattern.sub(letters, word)
    return word
