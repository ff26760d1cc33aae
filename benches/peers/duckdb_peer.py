"""DuckDB judges the twelve rules: SQL fused by hand, in memory or from the Parquet files."""

import itertools

import duckdb

import peer
from peer import DAY, DAYS_90, FIRST, MONTHS, MONTHS_12, QUARTERS, YEAR_FIRST, YEAR_LAST

THREADS = 2
ACTIVITY_STATUSES = ["planned", "completed", "cancelled"]


def enum(values: list[str]) -> str:
    return "ENUM (" + ", ".join(f"'{value}'" for value in values) + ")"


TYPES = f"""
CREATE TYPE kind AS {enum(peer.KINDS)};
CREATE TYPE activity_status AS {enum(ACTIVITY_STATUSES)};
CREATE TYPE segment AS {enum(["A", "B", "C"])};
CREATE TYPE temperature AS {enum(["hot", "warm", "cold"])};
CREATE TYPE lead_status AS {enum(["open", "converted", "lost"])};
CREATE TYPE opportunity_status AS {enum(["open", "won", "lost"])};
CREATE TYPE rule AS {enum(peer.RULES)};
CREATE TYPE status AS {enum(peer.STATUSES)};
"""


def days(column: str) -> str:
    return f"({column} - DATE '1970-01-01')::SMALLINT"


def as_enum(column: str, kind: str, values: list[str]) -> str:
    """Faster than a cast: it looks at the column's dictionary only."""
    cases = " ".join(f"WHEN '{value}' THEN '{value}'::{kind}" for value in values)
    return f"CASE {column} {cases} END"


def load(folder, only_needed: bool) -> str:
    """Tables of the smallest types; days count from 1970, and so do minutes."""
    at = '"at"'
    needed = f"WHERE {at} >= TIMESTAMPTZ '{peer.text_of(FIRST)} 00:00:00+00'" if only_needed else ""
    return f"""
CREATE OR REPLACE TABLE sellers AS
SELECT id::SMALLINT AS id, team::SMALLINT AS team FROM '{folder}/sellers.parquet';
CREATE OR REPLACE TABLE teams AS SELECT id::SMALLINT AS id FROM '{folder}/teams.parquet';
CREATE OR REPLACE TABLE customers AS
SELECT id::INTEGER AS id, segment::segment AS segment, owner::SMALLINT AS owner,
    {days("created")} AS created
FROM '{folder}/customers.parquet';
CREATE OR REPLACE TABLE leads AS
SELECT id::INTEGER AS id, temperature::temperature AS temperature, status::lead_status AS status,
    owner::SMALLINT AS owner, (epoch_us(created) // 86400000000)::SMALLINT AS created,
    {days("converted")} AS converted
FROM '{folder}/leads.parquet';
CREATE OR REPLACE TABLE opportunities AS
SELECT id::INTEGER AS id, owner::SMALLINT AS owner, status::opportunity_status AS status,
    {days("created")} AS created, {days("closed")} AS closed
FROM '{folder}/opportunities.parquet';
CREATE OR REPLACE TABLE activities AS
SELECT *, (on_minute // 1440)::SMALLINT AS on_day FROM (
    SELECT id::INTEGER AS id, {as_enum("kind", "kind", peer.KINDS)} AS kind,
        {as_enum("status", "activity_status", ACTIVITY_STATUSES)} AS status,
        (epoch_us({at}) // 60000000)::INTEGER AS on_minute,
        seller::SMALLINT AS seller, customer::INTEGER AS customer, lead::INTEGER AS lead,
        opportunity::INTEGER AS opportunity
    FROM '{folder}/activities.parquet' {needed}
);
"""


# Without the cast, texts would be compared, not the places in the enum.
TOUCHPOINT = f"kind <= '{peer.KINDS[peer.TOUCHPOINTS - 1]}'::kind"
AHEAD = f"(status <> 'cancelled' AND on_day > {DAY})"
# What is completed up to now, and what is planned from then on.
COUNTS_OR_AHEAD = f"(status <> 'cancelled' AND (status = 'completed' OR on_day > {DAY}))"


def of_segment(segment: str) -> str:
    chosen = f"SELECT id FROM customers WHERE segment = '{segment}' AND created <= {DAY}"
    return f"customer IN ({chosen})"


def between(first: int, end: int) -> str:
    return f"(on_day >= {first} AND on_day < {end})"


# A pass for each segment: what is asked differs, and a semi-join keeps each pass small.
C_CUSTOMERS = f"""
CREATE OR REPLACE TEMP TABLE c_customers AS
SELECT customer, count(*) AS touchpoints FROM activities
WHERE {of_segment("C")} AND {TOUCHPOINT} AND status = 'completed'
    AND on_day BETWEEN {MONTHS_12} AND {DAY}
GROUP BY customer;
"""

B_CUSTOMERS = f"""
CREATE OR REPLACE TEMP TABLE b_customers AS
SELECT customer, sum(done) AS done, sum(ahead) AS ahead, count(*) FILTER (done > 0) AS sellers
FROM (
    SELECT customer, seller, count(*) FILTER (on_day <= {DAY}) AS done,
        count(*) FILTER (on_day > {DAY}) AS ahead
    FROM activities
    WHERE {of_segment("B")} AND {TOUCHPOINT} AND on_day BETWEEN {YEAR_FIRST} AND {YEAR_LAST}
        AND {COUNTS_OR_AHEAD}
    GROUP BY customer, seller
) GROUP BY customer;
"""

MEETINGS = ", ".join(
    f"count(*) FILTER (kind = 'meeting' AND {between(a, min(b, DAY + 1))}) AS meetings_{i}"
    for i, (a, b) in enumerate(itertools.pairwise(QUARTERS))
)

A_CUSTOMERS = f"""
CREATE OR REPLACE TEMP TABLE a_customers AS
SELECT customer, count(*) FILTER ({between(YEAR_FIRST, DAY + 1)}) AS done,
    count(*) FILTER (on_day > {DAY}) AS ahead,
    count(DISTINCT seller) FILTER ({between(YEAR_FIRST, DAY + 1)}) AS sellers,
    {MEETINGS},
    count(*) FILTER (kind = 'meeting' AND on_day > {DAY}) AS meetings_ahead,
    greatest(max(on_day - before) FILTER (on_day <= {DAY}),
        {DAY} - max(on_day) FILTER (on_day <= {DAY})) AS gap
FROM (
    SELECT customer, seller, kind, on_day,
        lag(on_day, 1, {MONTHS_12}::SMALLINT) OVER (PARTITION BY customer ORDER BY on_day) AS before
    FROM activities
    WHERE {of_segment("A")} AND {TOUCHPOINT} AND on_day BETWEEN {MONTHS_12} AND {YEAR_LAST}
        AND {COUNTS_OR_AHEAD}
) GROUP BY customer;
"""

IN_YEAR = f"on_day BETWEEN {YEAR_FIRST} AND {YEAR_LAST} AND {COUNTS_OR_AHEAD}"
COUNTS = f"count(*) FILTER (on_day <= {DAY}) AS done, count(*) FILTER (on_day > {DAY}) AS ahead"
MONTH_OF = (
    "CASE "
    + " ".join(f"WHEN on_day < {end} THEN {first}" for first, end in itertools.pairwise(MONTHS))
    + " END::SMALLINT"
)

SELLERS = f"""
CREATE OR REPLACE TEMP TABLE seller_months AS
SELECT seller, {MONTH_OF} AS month,
    sum(done) FILTER (meeting) AS meetings, sum(ahead) FILTER (meeting) AS meetings_ahead,
    sum(done) FILTER (NOT meeting) AS offers, sum(ahead) FILTER (NOT meeting) AS offers_ahead
FROM (
    SELECT seller, on_day, {COUNTS}, true AS meeting FROM activities
    WHERE {IN_YEAR} AND kind = 'meeting' AND lead IN (SELECT id FROM leads WHERE created <= {DAY})
    GROUP BY seller, on_day
    UNION ALL
    SELECT seller, on_day, {COUNTS}, false FROM activities WHERE {IN_YEAR} AND kind = 'offer'
    GROUP BY seller, on_day
) GROUP BY ALL;
"""

# Whether a meeting is followed is asked of the thing that it is about: its opportunity, else its
# lead, else its customer.
THING = "CASE WHEN opportunity IS NOT NULL THEN -opportunity \
WHEN lead IS NOT NULL THEN 1000000000 + lead ELSE customer END"
HELD = f"status <> 'cancelled' AND on_day BETWEEN {DAYS_90} AND {DAY + 7}"

PROGRESS = f"""
CREATE OR REPLACE TEMP TABLE meetings AS
SELECT id, seller, on_day, on_minute, {THING} AS thing FROM activities
WHERE kind = 'meeting' AND status = 'completed' AND on_day BETWEEN {DAYS_90} AND {DAY};
CREATE OR REPLACE TEMP TABLE followed AS
WITH about AS (
    SELECT {THING} AS thing, on_minute FROM activities WHERE {HELD}
    UNION ALL
    SELECT customer, on_minute FROM activities
    WHERE {HELD} AND customer IS NOT NULL AND (opportunity IS NOT NULL OR lead IS NOT NULL)
)
SELECT meetings.id FROM meetings ASOF JOIN (
    SELECT * FROM about WHERE thing IN (SELECT thing FROM meetings)
) AS later ON later.thing = meetings.thing AND later.on_minute > meetings.on_minute
WHERE later.on_minute < (meetings.on_day::INTEGER + 8) * 1440;
"""

# Constants, so that no row has a text to look up.
MET, ON_TRACK, AT_RISK, MISSED, NOT_APPLICABLE = (f"'{one}'::status" for one in peer.STATUSES)


def running(target: int, done: str, ahead: str, due: int) -> str:
    return f"""CASE WHEN {done} >= {target} THEN {MET}
        WHEN {done} + {ahead} >= {due} THEN {ON_TRACK} ELSE {AT_RISK} END"""


def standing(condition: str) -> str:
    return f"CASE WHEN {condition} THEN {MET} ELSE {MISSED} END"


def verdict(rule: str, subject: str, owner: str, period, status: str, measured: str) -> str:
    """The columns of a verdict."""
    return f"""SELECT '{rule}'::rule AS rule, {subject} AS subject, {owner} AS owner,
    {period}::SMALLINT AS period, {status} AS status, {measured}::DECIMAL(18, 4) AS measured"""


def zero(column: str) -> str:
    return f"coalesce({column}, 0)"


def of_customers(segment: str, verdicts: list[tuple[str, int, str, str]]) -> str:
    """Several verdicts on each customer of a segment: their rules, periods, statuses and what was
    measured, as lists that are unfolded together."""
    rules, periods, statuses, measured = zip(*verdicts, strict=True)

    def unfolded(values, kind: str) -> str:
        return f"unnest([{', '.join(str(value) for value in values)}]::{kind}[])"

    return f"""SELECT {unfolded([f"'{rule}'" for rule in rules], "rule")} AS rule, id AS subject, owner,
    {unfolded(periods, "SMALLINT")} AS period, {unfolded(statuses, "status")} AS status,
    {unfolded(measured, "DECIMAL(18, 4)")} AS measured
FROM customers LEFT JOIN {segment}_customers ON customer = id
WHERE segment = '{segment.upper()}' AND created <= {DAY}"""


def contact(segment: str, target: int) -> list[tuple[str, int, str, str]]:
    """Touchpoints in the year, and how many sellers they come from."""
    done, sellers = zero("done"), zero("sellers")
    due = peer.due(target, YEAR_FIRST, YEAR_LAST + 1)
    return [
        (f"{segment}-contact", YEAR_FIRST, running(target, done, zero("ahead"), due), done),
        ("few-sellers", YEAR_FIRST, standing(f"{sellers} <= 3"), sellers),
    ]


def customer_verdicts() -> list[str]:
    gap, touchpoints = f"coalesce(gap, {DAY - MONTHS_12})", zero("touchpoints")
    a_verdicts = contact("a", 4)
    a_verdicts.append(("a-gap", MONTHS_12, standing(f"{gap} <= 120"), gap))
    for i, (first, is_over, due) in enumerate(peer.periods(QUARTERS, 1)):
        done = zero(f"meetings_{i}")
        status = running(1, done, zero("meetings_ahead"), due)
        status = standing(f"{done} >= 1") if is_over else status
        a_verdicts.append(("a-meeting", first, status, done))
    c_verdict = ("c-contact", MONTHS_12, standing(f"{touchpoints} >= 1"), touchpoints)
    return [
        of_customers("a", a_verdicts),
        of_customers("b", contact("b", 2)),
        of_customers("c", [c_verdict]),
    ]


def next_verdicts() -> list[str]:
    found = []
    for rule, noun, last, chosen in (
        ("hot-next", "lead", 32767, "temperature = 'hot' AND (status = 'open' OR converted > {})"),
        ("open-next", "opportunity", DAY + 14, "(status = 'open' OR closed > {})"),
    ):
        table = "leads" if noun == "lead" else "opportunities"
        with_next = f"""id IN (SELECT {noun} FROM activities
            WHERE {AHEAD} AND on_day <= {last} AND {noun} IS NOT NULL)"""
        columns = verdict(rule, "id", "owner", "NULL", standing("has_next"), "has_next::INTEGER")
        found.append(f"""{columns} FROM (
    SELECT id, owner, {with_next} AS has_next FROM {table}
    WHERE created <= {DAY} AND {chosen.format(DAY)})""")
    return found


def seller_verdicts() -> list[str]:
    found = []
    for rule, measured, target in (("new-meetings", "meetings", 8), ("offers", "offers", 20)):
        rows = peer.periods(MONTHS, target)
        months = ", ".join(f"({first}, {is_over}, {due})" for first, is_over, due in rows)
        done, ahead = zero(measured), zero(measured + "_ahead")
        status = f"""CASE WHEN is_over THEN {standing(f"{done} >= {target}")}
            ELSE {running(target, done, ahead, "due")} END"""
        columns = verdict(rule, "id", "id", "month", status, done)
        found.append(
            f"""{columns}
FROM sellers CROSS JOIN (VALUES {months}) AS months(month, is_over, due)
LEFT JOIN seller_months AS s ON s.seller = id AND s.month = months.month""".replace(
                "month::SMALLINT", "months.month::SMALLINT"
            )
        )
    return found


IS_FOLLOWED = "(f.id IS NOT NULL)"


def progress_verdicts() -> list[str]:
    status = f"""CASE WHEN {IS_FOLLOWED} THEN {MET} WHEN on_day + 7 <= {DAY} THEN {MISSED}
        ELSE {ON_TRACK} END"""
    columns = verdict("progress", "m.id", "seller", "on_day", status, f"{IS_FOLLOWED}::INTEGER")
    meetings = f"{columns} FROM meetings AS m LEFT JOIN followed AS f ON f.id = m.id"
    # A share is rounded for print only; what is compared is exact.
    status = f"""CASE WHEN total IS NULL THEN {NOT_APPLICABLE} WHEN 100 * good >= 60 * total
        THEN {MET} ELSE {MISSED} END"""
    share = "((2 * good * 1000000 + total) // (2 * total))::DECIMAL(18, 0) * 0.0001"
    columns = verdict("team-progress", "id", "NULL::SMALLINT", QUARTERS[3], status, share)
    teams = f"""{columns} FROM teams LEFT JOIN (
    SELECT team, count(*) AS total,
        count(*) FILTER ({IS_FOLLOWED} OR on_day + 7 > {DAY}) AS good
    FROM meetings AS m LEFT JOIN followed AS f ON f.id = m.id JOIN sellers AS s ON s.id = m.seller
    WHERE on_day >= {QUARTERS[3]} GROUP BY team
) ON team = id"""
    return [meetings, teams]


VERDICTS = (
    "CREATE OR REPLACE TEMP TABLE verdicts AS\n"
    + "\nUNION ALL\n".join(
        customer_verdicts() + next_verdicts() + seller_verdicts() + progress_verdicts()
    )
    + ";"
)

SCORE = "((2 * good * 10000 + total) // (2 * total))::DECIMAL(18, 0) * 0.0001"
SCORES = f"""
CREATE OR REPLACE TEMP TABLE seller_tallies AS
SELECT owner, count(*) FILTER (status <= 'on track'::status) AS good,
    count(*) FILTER (status <= 'missed'::status) AS total
FROM verdicts WHERE owner IS NOT NULL GROUP BY owner;
CREATE OR REPLACE TEMP TABLE scores AS
SELECT 'score of seller' AS rule, id AS subject,
    (CASE WHEN total > 0 THEN {SCORE} END)::DECIMAL(18, 4) AS score
FROM sellers LEFT JOIN seller_tallies ON owner = id
UNION ALL
SELECT 'score of team', id, (CASE WHEN total > 0 THEN {SCORE} END)::DECIMAL(18, 4) FROM teams
LEFT JOIN (
    SELECT team, sum(good)::BIGINT AS good, sum(total)::BIGINT AS total FROM (
        SELECT team, good, total FROM seller_tallies JOIN sellers ON id = owner
        UNION ALL
        SELECT subject, (status <= 'on track'::status)::BIGINT, (status <= 'missed'::status)::BIGINT
        FROM verdicts WHERE rule = 'team-progress'
    ) GROUP BY team
) ON team = id;
"""

PASSES = [C_CUSTOMERS, B_CUSTOMERS, A_CUSTOMERS, SELLERS, PROGRESS, VERDICTS, SCORES]

DECIMAL = "rtrim(rtrim({0}::VARCHAR, '0'), '.')"
WRITE = f"""
COPY (
    SELECT rule::VARCHAR AS rule, subject, (DATE '1970-01-01' + period::INTEGER)::VARCHAR AS period,
        status::VARCHAR AS status, {DECIMAL.format("measured")} AS measured
    FROM verdicts
    UNION ALL
    SELECT rule, subject, NULL, NULL, {DECIMAL.format("score")} FROM scores
) TO '{{}}' (FORMAT csv, HEADER false);
"""


def main() -> None:
    options = peer.arguments()
    database = duckdb.connect()
    database.execute(f"SET threads = {THREADS}; SET TimeZone = 'UTC';")
    database.execute(TYPES)

    def judge() -> None:
        if options.files:
            database.execute(load(options.folder, only_needed=True))
        for sql in PASSES:
            database.execute(sql)

    if options.files:
        loaded = 0.0
    else:
        loaded = peer.measure(1, lambda: database.execute(load(options.folder, False)))[0]
    seconds = peer.measure(options.repeat, judge)
    verdicts = database.execute("SELECT count(*) FROM verdicts").fetchone()[0]
    if options.verdicts:
        database.execute(WRITE.format(options.verdicts))
    peer.say("DuckDB", duckdb.__version__, loaded, seconds, verdicts)


if __name__ == "__main__":
    main()
