-- The journal: streams of events, each linked to the one before it in its stream. `seq` is the order of commit.
CREATE TABLE events (
    seq INTEGER PRIMARY KEY,
    stream TEXT NOT NULL,
    version INTEGER NOT NULL CHECK (version > 0),
    at INTEGER NOT NULL, -- nanoseconds since 1970, UTC, like every time here
    kind TEXT NOT NULL,
    format INTEGER NOT NULL,
    public BLOB NOT NULL,
    private_key TEXT,
    private BLOB,
    previous BLOB NOT NULL CHECK (length(previous) = 32),
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    UNIQUE (stream, version),
    CHECK ((private_key IS NULL) = (private IS NULL))
) STRICT;

-- Rows of views and plain tables; `tbl` is a constant of the service.
CREATE TABLE view_rows (
    tbl TEXT NOT NULL,
    key TEXT NOT NULL,
    list TEXT,
    sort TEXT NOT NULL,
    body BLOB NOT NULL,
    revision INTEGER NOT NULL,
    UNIQUE (tbl, key)
) STRICT;
CREATE INDEX view_rows_list ON view_rows (tbl, list, sort, key) WHERE list IS NOT NULL;

-- Work to be done after the commit. `head` marks the oldest row of each lane, the only one that may be claimed.
-- `ready_at` is when a row may be claimed: its `not_before`, the time of its next trial, or the end of its lease.
CREATE TABLE outbox (
    seq INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
    lane TEXT NOT NULL,
    kind TEXT NOT NULL,
    payload BLOB NOT NULL,
    not_before INTEGER NOT NULL,
    ready_at INTEGER NOT NULL,
    head INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    why TEXT,
    set_aside INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX outbox_lane ON outbox (lane, seq);
CREATE INDEX outbox_ready ON outbox (ready_at, seq) WHERE head = 1 AND set_aside = 0;

-- The last number taken of each gap-free series.
CREATE TABLE numbers (
    series TEXT PRIMARY KEY,
    last INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Orders done and their answers, kept for a while so that the same order twice is one act.
CREATE TABLE orders (
    id BLOB PRIMARY KEY CHECK (length(id) = 16),
    at INTEGER NOT NULL,
    answer BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX orders_at ON orders (at);

-- Signed Merkle roots over the events `first_seq` to `last_seq`, each with the root before it.
CREATE TABLE seals (
    number INTEGER PRIMARY KEY,
    first_seq INTEGER NOT NULL,
    last_seq INTEGER NOT NULL,
    at INTEGER NOT NULL,
    previous BLOB NOT NULL CHECK (length(previous) = 32),
    root BLOB NOT NULL CHECK (length(root) = 32),
    signature BLOB NOT NULL
) STRICT;
