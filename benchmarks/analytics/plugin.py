"""What the analytics bench calls: the product's own code behind the bench's plug-in interface, a name each.

`score.py forecast --impl benchmarks/analytics/plugin.py`, from the project's root with the project's environment; or
`python -m benchmarks.analytics --bench PATH`. What stands behind each name lies in a file of its own beside this one.
"""

from benchmarks.analytics.detector import make_detector
from benchmarks.analytics.forecasts import forecast
from benchmarks.analytics.nab import make_nab_detector

__all__ = ["forecast", "make_detector", "make_nab_detector"]
