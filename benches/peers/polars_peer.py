"""Polars judges the twelve rules: lazily, with its streaming engine."""

import os

# Polars reads this when it is imported.
os.environ.setdefault("POLARS_MAX_THREADS", "2")

import itertools

import polars as pl

import peer
from peer import (
    DAY,
    DAYS_90,
    FIRST,
    MONTHS,
    MONTHS_12,
    QUARTERS,
    STATUSES,
    TOUCHPOINTS,
    YEAR_FIRST,
    YEAR_LAST,
)  # fmt: skip

KIND, ON_DAY, MINUTE = pl.col("kind"), pl.col("on_day"), pl.col("on_minute")
MEETING, OFFER = KIND == "meeting", KIND == "offer"
# The faster one in memory too.
ENGINE = "streaming"
STATUS = pl.Enum(STATUSES)
EXISTS = pl.col("created") <= DAY
AHEAD = (pl.col("status") != "cancelled") & (ON_DAY > DAY)
COMPLETED = (pl.col("status") == "completed") & (ON_DAY <= DAY)
MINUTES = 24 * 60


def days(name: str) -> pl.Expr:
    return pl.col(name).cast(pl.Int32).cast(pl.Int16)


def ids(*names: str) -> list[pl.Expr]:
    return [pl.col(name).cast(pl.Int32) for name in names]


def minute_of(name: str) -> pl.Expr:
    return (pl.col(name).cast(pl.Int64) // 60_000_000).cast(pl.Int32)


def load(folder, only_needed: bool) -> dict[str, pl.LazyFrame]:
    """Tables of the smallest types; days count from 1970, and so do minutes."""

    def scan(table: str) -> pl.LazyFrame:
        return pl.scan_parquet(folder / f"{table}.parquet")

    activities = scan("activities")
    if only_needed:
        first = pl.lit(FIRST).cast(pl.Date).cast(pl.Datetime("us", "UTC"))
        activities = activities.filter(pl.col("at") >= first)
    return {
        "teams": scan("teams").select(ids("id")),
        "sellers": scan("sellers").select(ids("id", "team")),
        "customers": scan("customers").select(
            *ids("id", "owner"), pl.col("segment").cast(pl.Enum(["A", "B", "C"])), days("created")
        ),
        "leads": scan("leads").select(
            *ids("id", "owner"),
            pl.col("temperature").cast(pl.Enum(["hot", "warm", "cold"])),
            pl.col("status").cast(pl.Enum(["open", "converted", "lost"])),
            (minute_of("created") // MINUTES).cast(pl.Int16).alias("created"),
            days("converted"),
        ),
        "opportunities": scan("opportunities").select(
            *ids("id", "owner"),
            pl.col("status").cast(pl.Enum(["open", "won", "lost"])),
            days("created"),
            days("closed"),
        ),
        "activities": activities.select(
            *ids("id", "seller", "customer", "lead", "opportunity"),
            KIND.cast(pl.Enum(peer.KINDS)),
            pl.col("status").cast(pl.Enum(["planned", "completed", "cancelled"])),
            minute_of("at").alias("on_minute"),
        ).with_columns((MINUTE // MINUTES).cast(pl.Int16).alias("on_day")),
    }


def of_customers(data) -> pl.LazyFrame:
    """What is asked of customers, in one pass over their activities."""
    in_year = ON_DAY.is_between(YEAR_FIRST, DAY)
    gaps = ON_DAY.filter(ON_DAY.is_between(MONTHS_12, DAY)).sort().cast(pl.Int32)
    meetings = [
        (MEETING & ON_DAY.is_between(first, min(end - 1, DAY))).sum().alias(f"meetings_{i}")
        for i, (first, end) in enumerate(itertools.pairwise(QUARTERS))
    ]
    longest = pl.max_horizontal(gaps.first() - MONTHS_12, gaps.diff().max(), DAY - gaps.last())
    chosen = ON_DAY.is_between(FIRST, YEAR_LAST) & (COMPLETED | AHEAD)
    touchpoints = data["activities"].filter(KIND.to_physical() < TOUCHPOINTS, chosen)
    counts = touchpoints.group_by("customer").agg(
        in_year.sum().alias("done"),
        (ON_DAY > DAY).sum().alias("ahead"),
        ON_DAY.is_between(MONTHS_12, DAY).sum().alias("touchpoints"),
        *meetings,
        (MEETING & (ON_DAY > DAY)).sum().alias("meetings_ahead"),
    )
    a_or_b = data["customers"].filter(EXISTS, pl.col("segment") != "C")
    of = {"left_on": "customer", "right_on": "id"}
    sellers = (
        touchpoints.filter(in_year)
        .join(a_or_b, how="semi", **of)
        .select("customer", "seller")
        .unique()
        .group_by("customer")
        .agg(pl.len().alias("sellers"))
    )
    a_only = data["customers"].filter(EXISTS, pl.col("segment") == "A")
    a_gaps = (
        touchpoints.filter(ON_DAY <= DAY)
        .join(a_only, how="semi", **of)
        .group_by("customer")
        .agg(longest.alias("gap"))
    )
    present = data["customers"].filter(EXISTS)
    for part in (counts, sellers, a_gaps):
        present = present.join(part, how="left", left_on="id", right_on="customer")
    empty = pl.col("gap").fill_null(DAY - MONTHS_12)
    return present.with_columns(empty).fill_null(0)


def text(status: str) -> pl.Expr:
    return pl.lit(status, dtype=STATUS)


def standing(holds: pl.Expr) -> pl.Expr:
    return pl.when(holds).then(text("met")).otherwise(text("missed"))


def running(target: int, done: pl.Expr, ahead: pl.Expr, due) -> pl.Expr:
    status = pl.when(done >= target).then(text("met"))
    return status.when(done + ahead >= due).then(text("on track")).otherwise(text("at risk"))


def verdicts(
    rule: str, rows: pl.LazyFrame, period, status: pl.Expr, measured: pl.Expr, owner="owner"
):
    """The columns of verdicts; what is measured is in ten-thousandths."""
    return rows.select(
        pl.lit(rule, dtype=pl.Enum(peer.RULES)).alias("rule"),
        pl.col("id").alias("subject"),
        (pl.lit(None, dtype=pl.Int32) if owner is None else pl.col(owner)).alias("owner"),
        (pl.lit(period) if period is None or isinstance(period, int) else period)
        .cast(pl.Int16)
        .alias("period"),
        status.alias("status"),
        measured.cast(pl.Int64).alias("measured"),
    )


def whole(measured: pl.Expr) -> pl.Expr:
    return measured.cast(pl.Int64) * 10_000


def customer_verdicts(customers: pl.LazyFrame) -> list[pl.LazyFrame]:
    segment = {name: customers.filter(pl.col("segment") == name) for name in "ABC"}
    done, ahead, sellers = pl.col("done"), pl.col("ahead"), pl.col("sellers")
    found = []
    for name, target in (("A", 4), ("B", 2)):
        status = running(target, done, ahead, peer.due(target, YEAR_FIRST, YEAR_LAST + 1))
        rule = f"{name.lower()}-contact"
        found.append(verdicts(rule, segment[name], YEAR_FIRST, status, whole(done)))
        status = standing(sellers <= 3)
        found.append(verdicts("few-sellers", segment[name], YEAR_FIRST, status, whole(sellers)))
    done, gap = pl.col("touchpoints"), pl.col("gap")
    found.append(verdicts("c-contact", segment["C"], MONTHS_12, standing(done >= 1), whole(done)))
    found.append(verdicts("a-gap", segment["A"], MONTHS_12, standing(gap <= 120), whole(gap)))
    for i, (first, is_over, due) in enumerate(peer.periods(QUARTERS, 1)):
        done = pl.col(f"meetings_{i}")
        status = standing(done >= 1) if is_over else running(1, done, pl.col("meetings_ahead"), due)
        found.append(verdicts("a-meeting", segment["A"], first, status, whole(done)))
    return found


def next_verdicts(data) -> list[pl.LazyFrame]:
    is_open = pl.col("status") == "open"
    leads = data["leads"].filter(
        EXISTS, pl.col("temperature") == "hot", is_open | (pl.col("converted") > DAY)
    )
    opportunities = data["opportunities"].filter(EXISTS, is_open | (pl.col("closed") > DAY))
    found = []
    for rule, noun, last, rows in (
        ("hot-next", "lead", 32767, leads),
        ("open-next", "opportunity", DAY + 14, opportunities),
    ):
        ahead = data["activities"].filter(AHEAD, ON_DAY <= last, pl.col(noun).is_not_null())
        ahead = ahead.select(noun).unique().with_columns(pl.lit(True).alias("has"))
        rows = rows.join(ahead, how="left", left_on="id", right_on=noun)
        has = pl.col("has").fill_null(False)
        found.append(verdicts(rule, rows, None, standing(has), whole(has)))
    return found


def seller_verdicts(data) -> list[pl.LazyFrame]:
    in_year = data["activities"].filter(ON_DAY.is_between(YEAR_FIRST, YEAR_LAST), COMPLETED | AHEAD)
    leads = data["leads"].filter(EXISTS)
    on_lead = in_year.filter(MEETING).join(leads, how="semi", left_on="lead", right_on="id")
    pairs = itertools.pairwise(MONTHS)
    in_months = [(day, first) for first, end in pairs for day in range(first, end)]
    schema = {"on_day": pl.Int16, "month": pl.Int16}
    month_of = pl.LazyFrame(in_months, schema=schema, orient="row")
    found = []
    for rule, rows, target in (
        ("new-meetings", on_lead, 8),
        ("offers", in_year.filter(OFFER), 20),
    ):
        by_day = rows.group_by("seller", "on_day").len()
        months = peer.periods(MONTHS, target)
        schema = {"month": pl.Int16, "is_over": pl.Boolean, "due": pl.Int64}
        calendar = pl.LazyFrame(months, schema=schema, orient="row")
        counts = (
            by_day.join(month_of, on="on_day")
            .group_by("seller", "month")
            .agg(
                pl.col("len").filter(ON_DAY <= DAY).sum().alias("done"),
                pl.col("len").filter(ON_DAY > DAY).sum().alias("ahead"),
            )
        )
        rows = (
            data["sellers"]
            .join(calendar, how="cross")
            .join(counts, how="left", left_on=["id", "month"], right_on=["seller", "month"])
            .with_columns(pl.col("done", "ahead").fill_null(0))
        )
        done = pl.col("done")
        status = (
            pl.when(pl.col("is_over"))
            .then(standing(done >= target))
            .otherwise(running(target, done, pl.col("ahead"), pl.col("due")))
        )
        month = pl.col("month")
        found.append(verdicts(rule, rows, month, status, whole(done), owner="id"))
    return found


def progress_verdicts(data) -> list[pl.LazyFrame]:
    opportunity, lead, customer = pl.col("opportunity"), pl.col("lead"), pl.col("customer")
    thing = (
        pl.when(opportunity.is_not_null())
        .then(-opportunity)
        .when(lead.is_not_null())
        .then(1_000_000_000 + lead)
        .otherwise(customer)
        .cast(pl.Int64)
    )
    thing_day = (pl.col("thing") * 32768 + ON_DAY).alias("thing_day")
    held = data["activities"].filter(
        pl.col("status") != "cancelled", ON_DAY.is_between(DAYS_90, DAY + 7)
    )
    meetings = held.filter(MEETING, COMPLETED).select(
        "id", "seller", "on_day", "on_minute", thing.alias("thing")
    )
    both = customer.is_not_null() & (opportunity.is_not_null() | lead.is_not_null())
    about = pl.concat(
        [
            held.select(thing.alias("thing"), "on_day", "on_minute"),
            held.filter(both).select(customer.cast(pl.Int64).alias("thing"), "on_day", "on_minute"),
        ]
    )
    lasts = (
        about.join(meetings.select("thing").unique(), how="semi", on="thing")
        .group_by(thing_day)
        .agg(MINUTE.max().alias("last"))
    )
    followed = (
        meetings.select("id", "on_minute", thing_day)
        .join(pl.LazyFrame({"later": range(8)}), how="cross")
        .with_columns(pl.col("thing_day") + pl.col("later"))
        .join(lasts, on="thing_day")
        .filter(pl.col("last") > MINUTE)
        .select("id")
        .unique()
        .with_columns(pl.lit(True).alias("followed"))
    )
    meetings = meetings.join(followed, how="left", on="id")
    is_followed = pl.col("followed").fill_null(False)
    status = (
        pl.when(is_followed)
        .then(text("met"))
        .when(ON_DAY + 7 <= DAY)
        .then(text("missed"))
        .otherwise(text("on track"))
    )
    progress = verdicts("progress", meetings, ON_DAY, status, whole(is_followed), owner="seller")
    by_team = (
        meetings.filter(ON_DAY >= QUARTERS[3])
        .join(data["sellers"], left_on="seller", right_on="id")
        .group_by("team")
        .agg(
            pl.len().cast(pl.Int64).alias("total"),
            (is_followed | (ON_DAY + 7 > DAY)).sum().cast(pl.Int64).alias("good"),
        )
    )
    teams = data["teams"].join(by_team, how="left", left_on="id", right_on="team")
    good, total = pl.col("good"), pl.col("total")
    # A share is rounded for print only; what is compared is exact.
    status = (
        pl.when(total.is_null())
        .then(text("not applicable"))
        .otherwise(standing(100 * good >= 60 * total))
    )
    share = (2 * good * 1_000_000 + total) // (2 * total)
    return [progress, verdicts("team-progress", teams, QUARTERS[3], status, share, owner=None)]


def scores(data, judged: pl.LazyFrame) -> list[pl.LazyFrame]:
    status = pl.col("status").to_physical()
    tally = [(status <= 1).sum().alias("good"), (status <= 3).sum().alias("total")]
    good, total = pl.col("good").cast(pl.Int64), pl.col("total").cast(pl.Int64)
    score = pl.when(total > 0).then((2 * good * 10_000 + total) // (2 * total)).alias("score")
    of_sellers = judged.drop_nulls("owner").group_by("owner").agg(tally)
    sellers = data["sellers"].join(of_sellers, how="left", left_on="id", right_on="owner")
    of_teams = (
        judged.filter(pl.col("rule") == "team-progress")
        .group_by(pl.col("subject").alias("team"))
        .agg(tally)
    )
    both = pl.concat([sellers.select("team", "good", "total").drop_nulls(), of_teams])
    by_team = both.group_by("team").sum()
    teams = data["teams"].join(by_team, how="left", left_on="id", right_on="team")
    return [
        rows.select(pl.lit(f"score of {noun}").alias("rule"), pl.col("id").alias("subject"), score)
        for noun, rows in (("seller", sellers), ("team", teams))
    ]


def collected(data) -> dict[str, pl.LazyFrame]:
    """The tables, read once."""
    frames = pl.collect_all(list(data.values()), engine=ENGINE)
    return {name: frame.lazy() for name, frame in zip(data, frames, strict=True)}


def judge(data) -> tuple[pl.DataFrame, pl.DataFrame]:
    # By themselves: each of their verdicts would ask for them anew.
    customers = of_customers(data).collect(engine=ENGINE).lazy()
    parts = customer_verdicts(customers)
    parts += next_verdicts(data) + seller_verdicts(data) + progress_verdicts(data)
    judged = pl.concat(parts).collect(engine=ENGINE)
    return judged, pl.concat(scores(data, judged.lazy())).collect(engine=ENGINE)


def write(judged: pl.DataFrame, scored: pl.DataFrame, path) -> None:
    def decimal(name: str) -> pl.Expr:
        text = (pl.col(name) // 10_000).cast(pl.String) + "."
        text += (pl.col(name) % 10_000).cast(pl.String).str.zfill(4)
        return text.str.strip_chars_end("0").str.strip_chars_end(".").alias("measured")

    period = pl.col("period").cast(pl.Int32).cast(pl.Date).cast(pl.String)
    nothing = pl.lit(None, dtype=pl.String)
    rows = [
        judged.select(
            pl.col("rule", "status").cast(pl.String), "subject", period, decimal("measured")
        ),
        scored.select(
            "rule", nothing.alias("status"), "subject", nothing.alias("period"), decimal("score")
        ),
    ]
    order = ["rule", "subject", "period", "status", "measured"]
    pl.concat(rows).select(order).write_csv(path, include_header=False)


def main() -> None:
    options = peer.arguments()
    data = {}
    result = None
    loaded = 0.0

    def load_all() -> None:
        data.update(collected(load(options.folder, only_needed=options.files)))

    def work() -> None:
        nonlocal result
        if options.files:
            load_all()
        result = judge(data)

    if not options.files:
        loaded = peer.measure(1, load_all)[0]
    seconds = peer.measure(options.repeat, work)
    judged, scored = result
    if options.verdicts:
        write(judged, scored, options.verdicts)
    peer.say("Polars", pl.__version__, loaded, seconds, len(judged))


if __name__ == "__main__":
    main()
