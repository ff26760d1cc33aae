"""What workbench.kpi should say, computed from the CSV files without kadence.

    python3 workbench_expected.py FOLDER > workbench_expected.json

For each as-of, rule and group (a person, or a customer's status and product): how many verdicts have
which status, and the sum of what was measured (null where nothing is).
"""

import csv
import json
import sys
from collections import defaultdict
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

FOLDER = Path(sys.argv[1])


def rows(name):
    with open(FOLDER / name, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def day(text):
    return date.fromisoformat(text[:10])


CUSTOMERS = rows("customer_relationship_manager_data.csv")
TASKS = rows("project_tasks.csv")
EVENTS = rows("calendar_events.csv")
NOTES = rows("activities_from_notes.csv")
PEOPLE = sorted(
    {row["assigned_to_email"] for row in CUSTOMERS + TASKS}
    | {row["participant_email"] for row in EVENTS}
)


def decimal(number):
    """At most four decimals, rounded half up, without trailing zeros."""
    scaled = int(number * 10000 + Fraction(1, 2))
    text = f"{scaled // 10000}.{scaled % 10000:04}"
    return text.rstrip("0").rstrip(".")


def figures(last):
    """`last` is the as-of day: what is dated later has not happened."""
    found = defaultdict(lambda: defaultdict(lambda: {"measured": None, "statuses": defaultdict(int)}))

    def say(rule, group, status, measured=None):
        tally = found[rule][group]
        tally["statuses"][status] += 1
        if measured is not None:
            tally["measured"] = (tally["measured"] or Fraction(0)) + Fraction(measured)

    def holds(rule, group, yes, measured=None):
        say(rule, group, "met" if yes else "missed", measured)

    def since(days):
        return last - timedelta(days=days - 1)

    for person in PEOPLE:
        tasks = [t for t in TASKS if t["assigned_to_email"] == person]
        finished = [t for t in tasks if t["list_name"] == "Completed" and day(t["due_date"]) <= last]
        overdue = [t for t in tasks if t["list_name"] != "Completed" and day(t["due_date"]) <= last]
        events = [e for e in EVENTS if e["participant_email"] == person and day(e["event_start"]) <= last]
        recent = [e for e in events if day(e["event_start"]) >= since(30)]
        minutes = sum(int(e["duration"]) for e in events if day(e["event_start"]) >= since(90))
        own = [c for c in CUSTOMERS if c["assigned_to_email"] == person]
        due = [c for c in own if day(c["follow_up_by"]) <= last]
        late = [c for c in own if day(c["follow_up_by"]) < last]
        contacts = [
            n
            for n in NOTES
            if n["owner"] == person and n["kind"] != "On holiday" and since(28) <= day(n["date"]) <= last
        ]
        holds("overdue-tasks", person, not overdue, len(overdue))
        holds("finished-tasks", person, len(finished) <= 2, len(finished))
        # Completed, but due later: its due date stands for its completion, so it is planned.
        coming = any(last < day(t["due_date"]) <= last + timedelta(days=7) for t in tasks)
        holds("next-task", person, coming, int(coming))
        holds("recent-meetings", person, len(recent) >= 3, len(recent))
        holds("meeting-minutes", person, minutes >= 600, minutes)
        holds("overdue-follow-ups", person, len(due) <= 20, len(due))
        holds("contacts", person, len(contacts) >= 10, len(contacts))
        if own:
            share = Fraction(100 * len(late), len(own))
            holds("late-share", person, share <= 60, share)
        else:
            say("late-share", person, "not applicable")

    for customer in CUSTOMERS:
        group = f"{customer['status']} / {customer['product_interest']}"
        notes = [n for n in NOTES if n["customer_id"] == customer["customer_id"] and day(n["date"]) <= last]
        contacts = sorted(day(n["date"]) for n in notes if n["kind"] != "On holiday")
        away = sum(n["kind"] == "On holiday" for n in notes)
        spoken = day(customer["last_contact_date"])
        holds("four-weeks", group, since(28) <= spoken <= last)
        if customer["status"] not in ("Won", "Lost"):
            holds("two-weeks", group, since(14) <= spoken <= last)
        if contacts:
            quiet = (last - contacts[-1]).days
            holds("cadence", group, quiet <= 28, quiet)
            holds("days-since", group, quiet <= 28, quiet)
        else:
            say("cadence", group, "unknown")
        in_window = [since(56)] + [d for d in contacts if d >= since(56)] + [last]
        gap = max((after - before).days for before, after in zip(in_window, in_window[1:]))
        holds("gap", group, gap <= 35, gap)
        this_month = sum(d >= last.replace(day=1) for d in contacts)
        month_is_over = (last + timedelta(days=1)).day == 1
        # On the last but one of thirty days, one a month is not yet due: 29 / 30 is rounded down.
        say("monthly", group, "met" if this_month else "missed" if month_is_over else "on track", this_month)
        holds("away", group, away <= 1, away)
        if customer["product_interest"] == "Software":
            soon = last < day(customer["follow_up_by"]) <= last + timedelta(days=14)
            holds("software-next", group, soon, int(soon))

    for groups in found.values():
        for tally in groups.values():
            if tally["measured"] is not None:
                tally["measured"] = decimal(tally["measured"])
    return found


EXPECTED = {
    "2023-11-30T00:00": figures(date(2023, 11, 29)),
    "2023-11-30": figures(date(2023, 11, 30)),
}
lines = []
for as_of, found in EXPECTED.items():
    rules = []
    for rule, groups in found.items():
        of = [f"   {json.dumps(name)}: {json.dumps(groups[name])}" for name in sorted(groups)]
        rules.append(f"  {json.dumps(rule)}: {{\n" + ",\n".join(of) + "\n  }")
    lines.append(f" {json.dumps(as_of)}: {{\n" + ",\n".join(rules) + "\n }")
print("{\n" + ",\n".join(lines) + "\n}")
