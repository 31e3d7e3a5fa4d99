"""The sections of the header. An app registers its own in `AppConfig.ready`; each reader sees what they may use."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise

from puente.platform.policy import Action


@dataclass(frozen=True)
class Section:
    """One entry of the navigation.

    `namespaces` are the URL namespaces whose pages belong to the section (its bar is lit there);
    `actions` empty shows it to everybody who is signed in, else to whoever has one of them.
    """

    label: str | Promise
    url_name: str
    actions: tuple[Action, ...]
    order: int
    namespaces: frozenset[str]


@dataclass(frozen=True)
class Entry:
    """A section as one reader sees it."""

    label: str | Promise
    url: str
    is_current: bool


@dataclass(frozen=True)
class Navigation:
    """The sections of one reader: those that stand side by side, and those that wait behind "More"."""

    shown: list[Entry]
    more: list[Entry]

    @property
    def is_current_in_more(self) -> bool:
        """Whether the page belongs to a section behind "More"."""
        return any(entry.is_current for entry in self.more)


#: A desk of 1,200 pixels holds this many sections beside the search, in any of the three languages.
MOST_SIDE_BY_SIDE = 5

_sections: dict[str, Section] = {}
_describe_standing: list[Callable[[HttpRequest], str]] = []


def register_section(
    label: str | Promise,
    url_name: str,
    *,
    order: int,
    action: Action | tuple[Action, ...] = (),
    namespaces: tuple[str, ...] = (),
) -> None:
    """Add a section; without `namespaces` the one of `url_name` counts.

    Sections are shown by `order`; the rooms of an office go from 10 (today) to 90 (figures).
    """
    owned = namespaces or tuple(url_name.split(":")[:-1])
    actions = action if isinstance(action, tuple) else (action,)
    _sections[url_name] = Section(label, url_name, actions, order, frozenset(owned))


def register_standing(describe: Callable[[HttpRequest], str]) -> None:
    """Set what stands under the reader's name in the header, such as "Reception · Paso del Norte"."""
    _describe_standing[:] = [describe]


def describe_standing(request: HttpRequest) -> str:
    """Return the line under the reader's name."""
    return _describe_standing[0](request) if _describe_standing else ""


def find_entries(request: HttpRequest) -> list[Entry]:
    """Return the sections that this reader may use, with the current one marked.

    A view may set `request.section` to a section's url name when its own address does not tell.
    """
    current = _find_current(request)
    return [
        Entry(section.label, url, section.url_name == current)
        for section in sorted(_sections.values(), key=lambda section: section.order)
        if _may_see(request, section) and (url := _reverse(section.url_name))
    ]


def build_navigation(request: HttpRequest) -> Navigation | None:
    """Return the sections of a reader; "More" never hides a single one. None where there are none."""
    entries = find_entries(request)
    if not entries:
        return None
    fits = len(entries) <= MOST_SIDE_BY_SIDE + 1
    return Navigation(entries, []) if fits else Navigation(entries[:MOST_SIDE_BY_SIDE], entries[MOST_SIDE_BY_SIDE:])


def _may_see(request: HttpRequest, section: Section) -> bool:
    actor = getattr(request, "actor", None)
    return actor is not None and (not section.actions or any(map(actor.may, section.actions)))


def _find_current(request: HttpRequest) -> str | None:
    chosen: str | None = getattr(request, "section", None)
    match = request.resolver_match
    if chosen or match is None:
        return chosen
    if match.view_name in _sections:
        return match.view_name
    for section in _sections.values():
        if section.namespaces & set(match.namespaces):
            return section.url_name
    return None


def _reverse(url_name: str) -> str:
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return ""
