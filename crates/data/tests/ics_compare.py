#!/usr/bin/env python3
"""Holds the occurrences that kadence finds in calendars against those of Python's `icalendar` with
`recurring-ical-events`, and what either cannot read.

Reads the calendars beside this script, in `calendars`, and those of `shared/data/ics/files` beside
the repository, or the files and folders that are named. Installs what it needs into a folder of its
own. Fails at the first difference that EXCEPTIONS does not name, and where it names one that is no
longer there.
"""

import datetime
import json
import os
import subprocess
import sys
import venv
import warnings
from collections import Counter
from pathlib import Path
from zoneinfo import ZoneInfo

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parents[2]
OWN = HERE / "calendars"
SHARED = REPOSITORY.parent / "shared" / "data" / "ics" / "files"
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "kadence-python"
REQUIREMENTS = HERE / "ics_requirements.txt"
ZONE = "Europe/Copenhagen"
FIRST, LAST = datetime.date(1990, 1, 1), datetime.date(2034, 12, 31)
MOST = 100_000

EXACT = (
    "RFC 5545, 3.8.5.3: what DTEND says is the exact duration of every occurrence; "
    "python adds it to the clock on the wall, also over a change of the clocks"
)
# (file, uid): why its ends differ. Starts never do.
ENDS = {
    ("clocks-change.ics", "night"): EXACT,
    ("clocks-change.ics", "skipped-hour"): EXACT,
}
# file: why one of the two cannot read it.
READABLE = {
    "end-of-something-else.ics": (
        "RFC 5545, 3.6: a component ends where its own name does; python does not look at the name"
    ),
}


def python() -> Path:
    """An interpreter that has the requirements."""
    folder = CACHE / "ics"
    program, stamp = folder / "bin" / "python", folder / "requirements.txt"
    wanted = REQUIREMENTS.read_text()
    if not stamp.exists() or stamp.read_text() != wanted:
        venv.create(folder, with_pip=True, clear=True)
        install = [program, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*install, "--requirement", REQUIREMENTS], check=True)
        stamp.write_text(wanted)
    return program


def files(paths: list[str]) -> list[Path]:
    if not paths:
        paths = [OWN]
        if SHARED.is_dir():
            paths.append(SHARED)
        else:
            print(f"skipped: no folder {SHARED}")
    found = []
    for path in map(Path, paths):
        found += sorted(path.glob("*.ics")) if path.is_dir() else [path]
    return found


def instant(time) -> str:
    """As the example program writes it: a date, or an instant in UTC."""
    if not isinstance(time, datetime.datetime):
        return time.isoformat()
    if time.tzinfo is None:
        time = time.replace(tzinfo=ZoneInfo(ZONE))
    return time.astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def is_within(start: str) -> bool:
    """Whether it starts within the range in every zone: midnight there is python's own matter."""
    first, last = FIRST + datetime.timedelta(2), LAST - datetime.timedelta(2)
    return first.isoformat() <= start[:10] <= last.isoformat()


def theirs(file: Path):
    """What python finds: (uid, summary, status, start, end); or why it cannot read the file."""
    import icalendar
    import recurring_ical_events

    try:
        found = []
        calendars = icalendar.Calendar.from_ical(file.read_bytes(), multiple=True)
        if not calendars:
            return "no components"
        stop = LAST + datetime.timedelta(1)
        for calendar in calendars:
            for event in recurring_ical_events.of(calendar).between(FIRST, stop):
                method = str(calendar.get("METHOD", ""))
                status = "CANCELLED" if method == "CANCEL" else str(event.get("STATUS", "CONFIRMED"))
                found.append(
                    (
                        str(event.get("UID", "")),
                        str(event.get("SUMMARY", "")).strip(),
                        status.lower(),
                        instant(event["DTSTART"].dt),
                        instant(event["DTEND"].dt),
                    )
                )
                if len(found) > MOST:
                    raise ValueError(f"more than {MOST} occurrences")
        return found
    except Exception as error:  # Whatever it raises, it cannot read the file.
        return f"{type(error).__name__}: {error}"


def ours(paths: list[Path]) -> dict[Path, object]:
    """What kadence finds, in the same form."""
    words = ["cargo", "run", "--quiet", "--package", "kadence-data", "--example", "occurrences"]
    words += ["--", ZONE, FIRST.isoformat(), LAST.isoformat(), *map(str, paths)]
    done = subprocess.run(words, check=True, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True)
    found = {}
    for line in done.stdout.splitlines():
        read = json.loads(line)
        if read["faults"]:
            found[Path(read["file"])] = read["faults"][0]
            continue
        found[Path(read["file"])] = [
            (
                "" if o["uid"] == f"line-{o['line']}" else o["uid"],
                o["summary"],
                o["status"],
                o["start"],
                o["end"],
            )
            for o in read["occurrences"]
        ]
    return found


def differences(file: Path, one, other, excused: set) -> list[str]:
    if isinstance(one, str) and isinstance(other, str):
        if not one.startswith("line "):
            return [f"kadence gives no line: {one}"]
        return []
    if isinstance(one, str) or isinstance(other, str):
        if file.name in READABLE:
            excused.add(file.name)
            return []
        texts = [x if isinstance(x, str) else f"{len(x)} occurrences" for x in (one, other)]
        return [f"kadence: {texts[0]}; python: {texts[1]}"]
    counts = []
    for found in (one, other):
        count = Counter()
        for uid, summary, status, start, end in found:
            if is_within(start):
                ends = (file.name, uid) in ENDS
                count[uid, summary, status, start, "" if ends else end] += 1
        counts.append(count)
    for uid in {uid for name, uid in ENDS if name == file.name}:
        if sorted(o for o in one if o[0] == uid) != sorted(o for o in other if o[0] == uid):
            excused.add((file.name, uid))
    lines = []
    for name, more, fewer in (("kadence", *counts), ("python", *reversed(counts))):
        lines += [f"only {name}: {' | '.join(key)}" for key in sorted((more - fewer).elements())]
    return lines


def main() -> None:
    program = python()
    if Path(sys.prefix).resolve() != program.parent.parent.resolve():
        os.execv(program, [str(program), __file__, *sys.argv[1:]])
    warnings.simplefilter("ignore")
    paths = files(sys.argv[1:])
    kadence = ours(paths)
    failed, excused, same, refused = 0, set(), 0, 0
    for file in paths:
        one, other = kadence[file], theirs(file)
        lines = differences(file, one, other, excused)
        failed += bool(lines)
        if isinstance(one, str):
            refused += isinstance(other, str)
            print(f"{file.name}: refused, {one}")
        else:
            same += 0 if lines else len(one)
            print(f"{file.name}: {len(one)} occurrences")
        for line in lines[:20]:
            print(f"  {line}")
        if len(lines) > 20:
            print(f"  and {len(lines) - 20} more")
    if not sys.argv[1:]:
        for name in sorted(map(str, {*ENDS, *READABLE} - excused)):
            print(f"an exception that is no longer needed: {name}")
            failed += 1
    for name in sorted(excused, key=str):
        print(f"excepted, {name}: {ENDS.get(name) or READABLE.get(name)}")
    print(f"{len(paths)} calendars, {refused} refused by both, {same} occurrences alike, {failed} differ")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
