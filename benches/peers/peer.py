"""What the peers in Python share: the days, the command line, the clock and the report."""

import argparse
import itertools
import json
import time
from datetime import date, timedelta
from pathlib import Path

EPOCH = date(1970, 1, 1)


def number(day: date) -> int:
    """A day as days since 1970."""
    return (day - EPOCH).days


AS_OF = date(2026, 12, 15)
DAY = number(AS_OF)
YEAR_FIRST = number(date(2026, 1, 1))
YEAR_LAST = number(date(2026, 12, 31))
# The 12 months and the 90 days that end with the as-of day.
MONTHS_12 = number(date(2025, 12, 16))
DAYS_90 = DAY - 89
# The first day of each quarter and month of the year, and of the one after it.
QUARTERS = [number(date(2026, month, 1)) for month in (1, 4, 7, 10)] + [YEAR_LAST + 1]
MONTHS = [number(date(2026, month, 1)) for month in range(1, 13)] + [YEAR_LAST + 1]
# Nothing before this day matters to any rule.
FIRST = min(MONTHS_12, YEAR_FIRST, DAYS_90)

KINDS = ["call", "visit", "meeting", "email", "message", "demo", "offer", "task"]
# The first four kinds are touchpoints.
TOUCHPOINTS = 4
RULES = [
    "a-contact", "b-contact", "c-contact", "a-meeting", "hot-next", "open-next", "progress",
    "new-meetings", "offers", "a-gap", "team-progress", "few-sellers",
]  # fmt: skip
STATUSES = ["met", "on track", "at risk", "missed", "not applicable"]


def due(target: int, first: int, end: int) -> int:
    """What is due by now of a target for the days from `first` up to before `end`."""
    return target * (min(DAY, end - 1) - first + 1) // (end - first)


def periods(bounds: list[int], target: int) -> list[tuple[int, bool, int]]:
    """The first day of each period up to now, whether the period is over, and what is due."""
    pairs = itertools.pairwise(bounds)
    return [(a, b - 1 <= DAY, due(target, a, b)) for a, b in pairs if a <= DAY]


def text_of(day: int) -> str:
    return (EPOCH + timedelta(days=day)).isoformat()


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path, help="the folder with the Parquet files")
    parser.add_argument("--files", action="store_true", help="from the files, each time anew")
    parser.add_argument("--repeat", type=int, default=1, help="how often")
    parser.add_argument("--verdicts", type=Path, help="write verdicts and scores to this CSV file")
    return parser.parse_args()


def peak_kib() -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:"))


def measure(repeat: int, work) -> list[float]:
    seconds = []
    for _ in range(repeat):
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return seconds


def say(engine: str, version: str, load: float, seconds: list[float], verdicts: int) -> None:
    result = {
        "engine": engine,
        "version": version,
        "load_seconds": load,
        "seconds": seconds,
        "verdicts": verdicts,
        "peak_kib": peak_kib(),
    }
    print(json.dumps(result))
