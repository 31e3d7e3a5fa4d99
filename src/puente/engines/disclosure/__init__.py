"""Publishing counts so that nobody can be picked out: small numbers are hidden or merged before they leave an office.

`suppress` hides the small cells of a table with totals, and as many more as it takes that no small one can be
worked out from what is left. `merge_small` puts the small categories of a list together. `round_count` is for counts
that grow from report to report. Zero counts as small: that nobody of a kind came tells something too.
"""

from puente.engines.disclosure.merging import Merged, merge_small
from puente.engines.disclosure.rounding import round_count
from puente.engines.disclosure.suppression import Published, suppress

THRESHOLD = 5

__all__ = ["THRESHOLD", "Merged", "Published", "merge_small", "round_count", "suppress"]
