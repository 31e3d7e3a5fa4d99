"""Hiding cells of a two-way table with totals so that no small cell can be worked out from the rest.

A table with its totals is a circulation of whole numbers: from a source over each row total to the row, over the
cells to the columns, over each column total to a sink, and back as the grand total. What a reader knows are the
published arcs and that nothing is negative; the hidden arcs may carry whatever keeps the balance. So a hidden cell
can be worked out exactly where no cycle of hidden arcs can change it; and it may be `threshold` more than it is
where such a cycle exists whose other arcs can bear that (Castro, Int. Stat. Rev. 2012; Kelly, Golden and
Assad, Networks 1992).
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from heapq import heappop, heappush

Arc = tuple[int, int]


@dataclass(frozen=True)
class Published:
    """A table as it may be published; a hidden number is None.

    cells: shape (rows, columns); row_totals: (rows,); column_totals: (columns,).
    """

    cells: tuple[tuple[int | None, ...], ...]
    row_totals: tuple[int | None, ...]
    column_totals: tuple[int | None, ...]
    total: int | None


def suppress(table: Sequence[Sequence[int]], threshold: int) -> Published:
    """Return a table in which no count below the threshold is shown or can be worked out.

    Small cells and small totals are hidden first; then, for each that the rest would give away, the cheapest
    others that make it uncertain. The grand total stays as long as it is not small itself.

    Args:
        table: counts ≥ 0, shape (rows, columns), at least one of each.
        threshold: counts below it are small, 2 or more.
    """
    rows, columns = len(table), len(table[0])
    flow = _build_flow(table)
    grand = (_sink(rows, columns), 0)
    if flow[grand] < threshold:
        return _read(flow, set(flow), rows, columns)
    small = {arc for arc, count in flow.items() if count < threshold}
    hidden = set(small)
    for arc in sorted(small):
        way = _find_way(arc, flow, hidden, grand, threshold)
        if way is None:
            return _read(flow, set(flow) - {grand}, rows, columns)
        hidden |= way
    return _read(flow, hidden, rows, columns)


def _build_flow(table: Sequence[Sequence[int]]) -> dict[Arc, int]:
    """Return arc → count. Nodes: 0 the source, then the rows, then the columns, then the sink."""
    rows, columns = len(table), len(table[0])
    sink = _sink(rows, columns)
    flow: dict[Arc, int] = {}
    for i, row in enumerate(table):
        flow[0, 1 + i] = sum(row)
        for j, count in enumerate(row):
            flow[1 + i, 1 + rows + j] = count
    for j in range(columns):
        flow[1 + rows + j, sink] = sum(row[j] for row in table)
    flow[sink, 0] = sum(map(sum, table))
    return flow


def _sink(rows: int, columns: int) -> int:
    return 1 + rows + columns


def _find_way(arc: Arc, flow: dict[Arc, int], hidden: set[Arc], grand: Arc, amount: int) -> set[Arc] | None:
    """Return the arcs to hide so that one arc may carry `amount` more: the cheapest way from its end back to its start.

    A way runs along an arc, which then carries more, or against one that has so much to give. Hidden arcs cost
    nothing, cells their count, totals more than all cells. None where there is no way without the grand total.
    """
    ways: dict[int, list[tuple[int, int, Arc]]] = defaultdict(list)
    ends = {0, grand[0]}
    for other in flow.keys() - {arc, grand}:
        tail, head = other
        price = 0 if other in hidden else flow[other] + (flow[grand] if ends & set(other) else 0)
        ways[tail].append((price, head, other))
        if flow[other] >= amount:
            ways[head].append((price, tail, other))
    start, end = arc
    done: set[int] = set()
    queue: list[tuple[int, int, tuple[Arc, ...]]] = [(0, end, ())]
    while queue:
        cost, node, path = heappop(queue)
        if node == start:
            return set(path)
        if node in done:
            continue
        done.add(node)
        for price, neighbour, other in ways[node]:
            if neighbour not in done:
                heappush(queue, (cost + price, neighbour, (*path, other)))
    return None


def _read(flow: dict[Arc, int], hidden: set[Arc], rows: int, columns: int) -> Published:
    def show(arc: Arc) -> int | None:
        return None if arc in hidden else flow[arc]

    sink = _sink(rows, columns)
    return Published(
        tuple(tuple(show((1 + i, 1 + rows + j)) for j in range(columns)) for i in range(rows)),
        tuple(show((0, 1 + i)) for i in range(rows)),
        tuple(show((1 + rows + j, sink)) for j in range(columns)),
        show((sink, 0)),
    )
