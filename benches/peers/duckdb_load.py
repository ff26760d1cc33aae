"""DuckDB loads the files into its tables."""

import json
import sys
import time
from pathlib import Path

import duckdb

THREADS = 2
TABLES = ("teams", "sellers", "customers", "leads", "opportunities", "activities")


def kib(what: str) -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(what))


def write_csv(source: Path, folder: Path) -> None:
    """The tables of Parquet files as CSV, instants as `2026-11-15T14:30:00Z`."""
    connection = duckdb.connect(config={"threads": THREADS})
    connection.execute("SET TimeZone = 'UTC'")
    folder.mkdir()
    for table in TABLES:
        columns = connection.execute(f"DESCRIBE SELECT * FROM '{source}/{table}.parquet'").fetchall()
        shown = [
            f"""strftime("{name}", '%Y-%m-%dT%H:%M:%SZ') AS "{name}\""""
            if kind.startswith("TIMESTAMP")
            else f'"{name}"'
            for name, kind, *_ in columns
        ]
        select = f"SELECT {', '.join(shown)} FROM '{source}/{table}.parquet'"
        connection.execute(f"COPY ({select}) TO '{folder}/{table}.csv' (HEADER)")


def load(folder: Path, form: str) -> None:
    connection = duckdb.connect(config={"threads": THREADS})
    start = time.perf_counter()
    for table in TABLES:
        connection.execute(f"CREATE TABLE {table} AS SELECT * FROM '{folder}/{table}.{form}'")
    seconds = time.perf_counter() - start
    (count,) = connection.execute("SELECT count(*) FROM activities").fetchone()
    result = {
        "engine": "duckdb",
        "version": duckdb.__version__,
        "seconds": [seconds],
        "activities": count,
        "after_kib": kib("VmRSS:"),
        "peak_kib": kib("VmHWM:"),
    }
    print(json.dumps(result))


if __name__ == "__main__":
    what, *paths = sys.argv[1:]
    if what == "write-csv":
        write_csv(Path(paths[0]), Path(paths[1]))
    else:
        load(Path(paths[0]), what)
