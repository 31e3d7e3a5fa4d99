"""The office's lists (services, authorities, ways of arriving …), read once from the content files."""

from puente.people.catalogue import Entry, read_list

__all__ = ["Entry", "read_list"]


def services() -> dict[str, Entry]:
    """Services on arrival; `says("required_by_law")` marks the legal minimum."""
    return read_list("reception/services")


def authorities() -> dict[str, Entry]:
    """Who may have handed a person over."""
    return read_list("reception/handing_over_authorities")


def accompaniments() -> dict[str, Entry]:
    """With whom a person arrives; `says("hand_over")` marks a child who needs protection at once."""
    return read_list("reception/accompaniment")


def times_in_us() -> dict[str, Entry]:
    """Bands of the length of stay."""
    return read_list("reception/time_in_us")


def us_states() -> dict[str, Entry]:
    """States of the United States."""
    return read_list("places/us_states")


def modes() -> dict[str, Entry]:
    """By land or by air."""
    return read_list("reception/modes_of_entry")
