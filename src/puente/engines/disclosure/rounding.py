"""Rounding counts that grow from report to report, so that the difference of two reports is no small number."""


def round_count(count: int, base: int) -> int | None:
    """Return a count rounded to the nearest multiple of the base, None where it is below the base itself."""
    if count < base:
        return None
    return (count + base // 2) // base * base
