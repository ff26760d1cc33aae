-- A history of runs. Nothing in it is ever changed or deleted.

CREATE TABLE rules (
    id          INTEGER PRIMARY KEY,
    fingerprint TEXT NOT NULL,
    -- Its files and holidays: JSON, compressed with zstd.
    packed      BLOB NOT NULL
) STRICT;

CREATE TABLE run (
    id              INTEGER PRIMARY KEY,
    taken           TEXT NOT NULL,
    as_of           TEXT NOT NULL,
    day             TEXT NOT NULL,
    rules           INTEGER NOT NULL REFERENCES rules,
    covered_from    TEXT,
    covered_through TEXT,
    range_from      TEXT,
    every_period    INTEGER NOT NULL,
    -- The ids of the rules that were judged, as JSON; all if empty.
    only_rules      TEXT NOT NULL,
    language        TEXT NOT NULL,
    version         TEXT NOT NULL,
    verdicts        INTEGER NOT NULL
) STRICT;

CREATE INDEX run_as_of ON run (as_of);

CREATE TABLE score (
    run            INTEGER NOT NULL REFERENCES run,
    -- company, team, seller or rule
    of             TEXT NOT NULL,
    place          INTEGER NOT NULL,
    id             TEXT NOT NULL,
    score          REAL,
    met            INTEGER NOT NULL,
    on_track       INTEGER NOT NULL,
    at_risk        INTEGER NOT NULL,
    missed         INTEGER NOT NULL,
    not_applicable INTEGER NOT NULL,
    unknown        INTEGER NOT NULL,
    PRIMARY KEY (run, of, place)
) STRICT, WITHOUT ROWID;

CREATE TABLE report (
    run    INTEGER PRIMARY KEY REFERENCES run,
    -- The run after which it is told; none where it stands alone.
    base   INTEGER REFERENCES report,
    -- How many bytes it has, and how many it takes.
    bytes  INTEGER NOT NULL,
    size   INTEGER NOT NULL,
    -- JSON lines, compressed with zstd; those of the base are its prefix.
    packed BLOB NOT NULL
) STRICT;

CREATE INDEX report_base ON report (base);

CREATE TABLE frozen (
    id         INTEGER PRIMARY KEY,
    first_day  TEXT NOT NULL,
    last_day   TEXT NOT NULL,
    run        INTEGER NOT NULL REFERENCES run,
    frozen     TEXT NOT NULL,
    verdicts   INTEGER NOT NULL,
    UNIQUE (first_day, last_day)
) STRICT;

CREATE TRIGGER rules_stay BEFORE UPDATE ON rules BEGIN SELECT RAISE(ABORT, 'a history is only added to'); END;
CREATE TRIGGER rules_live BEFORE DELETE ON rules BEGIN SELECT RAISE(ABORT, 'a history is only added to'); END;
CREATE TRIGGER run_stays BEFORE UPDATE ON run BEGIN SELECT RAISE(ABORT, 'a history is only added to'); END;
CREATE TRIGGER run_lives BEFORE DELETE ON run BEGIN SELECT RAISE(ABORT, 'a history is only added to'); END;
CREATE TRIGGER score_stays BEFORE UPDATE ON score BEGIN SELECT RAISE(ABORT, 'a history is only added to'); END;
CREATE TRIGGER score_lives BEFORE DELETE ON score BEGIN SELECT RAISE(ABORT, 'a history is only added to'); END;
CREATE TRIGGER report_stays BEFORE UPDATE ON report BEGIN SELECT RAISE(ABORT, 'a history is only added to'); END;
CREATE TRIGGER report_lives BEFORE DELETE ON report BEGIN SELECT RAISE(ABORT, 'a history is only added to'); END;
CREATE TRIGGER frozen_stays BEFORE UPDATE ON frozen BEGIN SELECT RAISE(ABORT, 'a history is only added to'); END;
CREATE TRIGGER frozen_lives BEFORE DELETE ON frozen BEGIN SELECT RAISE(ABORT, 'a history is only added to'); END;

-- REPLACE deletes without asking the triggers above; and a run that has its report is finished.
CREATE TRIGGER rules_once BEFORE INSERT ON rules
WHEN EXISTS (SELECT 1 FROM rules WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'a history is only added to'); END;
CREATE TRIGGER run_once BEFORE INSERT ON run
WHEN EXISTS (SELECT 1 FROM run WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'a history is only added to'); END;
CREATE TRIGGER score_once BEFORE INSERT ON score
WHEN EXISTS (SELECT 1 FROM report WHERE run = NEW.run)
BEGIN SELECT RAISE(ABORT, 'a history is only added to'); END;
CREATE TRIGGER report_once BEFORE INSERT ON report
WHEN EXISTS (SELECT 1 FROM report WHERE run = NEW.run)
BEGIN SELECT RAISE(ABORT, 'a history is only added to'); END;
CREATE TRIGGER frozen_once BEFORE INSERT ON frozen
WHEN EXISTS (SELECT 1 FROM frozen WHERE id = NEW.id OR (first_day = NEW.first_day AND last_day = NEW.last_day))
BEGIN SELECT RAISE(ABORT, 'a history is only added to'); END;
