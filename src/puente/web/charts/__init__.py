"""Charts drawn on the server as SVG, each with the table behind it. `{% chart %}` puts them on a page."""

from puente.web.charts.bars import draw_bars, draw_columns, draw_stacked
from puente.web.charts.chart import Chart, find_ticks
from puente.web.charts.lines import Series, draw_dots, draw_lines

__all__ = ["Chart", "Series", "draw_bars", "draw_columns", "draw_dots", "draw_lines", "draw_stacked", "find_ticks"]
