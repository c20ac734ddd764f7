-- Version 1 of the book. Times are microseconds since 1970, days are days since 1970 plus one, scores and parts are
-- ten-thousandths of a point.

-- Names of networks, and reasons, which many lines share.
CREATE TABLE word (
    key INTEGER PRIMARY KEY,
    text TEXT NOT NULL UNIQUE
) STRICT;

-- Who is known, and what they said to being scored. Keys are not given out again.
CREATE TABLE person (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    name TEXT,
    consent TEXT NOT NULL CHECK (consent IN ('invited', 'agreed', 'withdrawn', 'objected')),
    minor INTEGER NOT NULL CHECK (minor IN (0, 1)),
    exclude INTEGER NOT NULL CHECK (exclude IN (0, 1)),
    -- Whether name, accounts or marks were corrected here, so that people files leave them alone.
    corrected INTEGER NOT NULL DEFAULT 0 CHECK (corrected IN (0, 1)),
    since INTEGER NOT NULL
) STRICT;

CREATE TABLE account (
    network TEXT NOT NULL,
    id TEXT NOT NULL,
    person INTEGER NOT NULL REFERENCES person ON DELETE CASCADE,
    place INTEGER NOT NULL,
    PRIMARY KEY (network, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX account_of_person ON account (person, place);

CREATE TABLE tag (
    person INTEGER NOT NULL REFERENCES person ON DELETE CASCADE,
    tag TEXT NOT NULL,
    PRIMARY KEY (person, tag)
) STRICT, WITHOUT ROWID;

-- What was published, once for each time.
CREATE TABLE publication (
    number INTEGER PRIMARY KEY,
    as_of INTEGER NOT NULL,
    stamp TEXT NOT NULL,
    scale TEXT NOT NULL,
    memo TEXT,
    published_at INTEGER NOT NULL,
    -- How many lines it had, and of how many of them the persons are forgotten.
    persons INTEGER NOT NULL,
    forgotten INTEGER NOT NULL DEFAULT 0,
    -- The sum of the hashes of all lines that are there.
    digest BLOB NOT NULL CHECK (length(digest) = 16),
    moves TEXT,
    superseded_by INTEGER REFERENCES publication DEFERRABLE INITIALLY DEFERRED
) STRICT;
CREATE UNIQUE INDEX publication_in_force ON publication (as_of) WHERE superseded_by IS NULL;

-- Who had which score in it, in the order in which it was published. (No foreign key to persons: that would need another
-- index, as long as the table. Lines are written and removed with their persons in one transaction, and `verify` looks.)
CREATE TABLE line (
    publication INTEGER NOT NULL,
    place INTEGER NOT NULL,
    person INTEGER NOT NULL,
    score INTEGER NOT NULL,
    low INTEGER,
    high INTEGER,
    rank INTEGER NOT NULL,
    percentile INTEGER NOT NULL,
    coverage INTEGER NOT NULL,
    -- For each network its key among the words and its part, each as LEB128.
    parts BLOB NOT NULL,
    -- Reasons, separated by spaces, as a word.
    reasons INTEGER,
    PRIMARY KEY (publication, place)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX line_of_person ON line (publication, person);

-- What happened to whom. (What happened to everybody, publications say.)
CREATE TABLE event (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    person INTEGER NOT NULL REFERENCES person ON DELETE CASCADE,
    kind TEXT NOT NULL,
    detail TEXT
) STRICT;
CREATE INDEX event_of_person ON event (person, at);
CREATE INDEX event_at ON event (at);

CREATE TABLE key (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    -- A hash, which the caller makes.
    secret TEXT NOT NULL,
    purpose TEXT NOT NULL,
    scopes TEXT NOT NULL,
    person INTEGER REFERENCES person ON DELETE CASCADE,
    made_at INTEGER NOT NULL,
    expires INTEGER,
    revoked_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX key_of_person ON key (person);

CREATE TABLE audit (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    key TEXT,
    request_id TEXT,
    action TEXT NOT NULL,
    person INTEGER REFERENCES person ON DELETE SET NULL,
    purpose TEXT,
    outcome TEXT NOT NULL
) STRICT;
CREATE INDEX audit_of_person ON audit (person, number);

-- Keyed hashes of the ids of those who are forgotten, as the store keeps them.
CREATE TABLE forgotten (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    list TEXT NOT NULL
) STRICT;

-- What was said stays as it was said.
CREATE TRIGGER line_stays BEFORE UPDATE ON line
BEGIN SELECT RAISE(ABORT, 'published lines are not rewritten'); END;
CREATE TRIGGER publication_stays BEFORE UPDATE OF number, as_of, stamp, scale, memo, published_at, persons, moves ON publication
BEGIN SELECT RAISE(ABORT, 'publications are not rewritten'); END;
CREATE TRIGGER audit_stays BEFORE UPDATE OF number, at, request_id, action, purpose, outcome ON audit
BEGIN SELECT RAISE(ABORT, 'the audit is not rewritten'); END;

-- Who looked whom up, counted by the hour.
CREATE TABLE look (
    person INTEGER NOT NULL REFERENCES person ON DELETE CASCADE,
    hour INTEGER NOT NULL,
    key TEXT NOT NULL,
    action TEXT NOT NULL,
    times INTEGER NOT NULL,
    last INTEGER NOT NULL,
    PRIMARY KEY (person, hour, key, action)
) STRICT, WITHOUT ROWID;

-- Weights files that were published, the newest in force.
CREATE TABLE ruler (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    toml TEXT NOT NULL,
    memo TEXT NOT NULL
) STRICT;
