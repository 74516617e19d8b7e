-- One job. Times are Unix seconds; JSON is UTF-8 text.
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE row (
    id INTEGER PRIMARY KEY,
    number INTEGER NOT NULL,
    cells BLOB NOT NULL,
    "values" BLOB NOT NULL,
    problems BLOB,
    outcome TEXT,
    message TEXT NOT NULL DEFAULT '',
    was BLOB
);
CREATE TABLE step (
    id INTEGER PRIMARY KEY,
    row INTEGER NOT NULL REFERENCES row,
    op TEXT NOT NULL,
    about TEXT NOT NULL,
    "values" BLOB NOT NULL,
    call INTEGER REFERENCES call,
    outcome TEXT,
    message TEXT NOT NULL DEFAULT '',
    changes BLOB
);
CREATE INDEX step_row ON step (row);
CREATE INDEX step_call ON step (call);
CREATE TABLE call (
    id INTEGER PRIMARY KEY,
    op TEXT NOT NULL,
    method TEXT NOT NULL,
    path TEXT NOT NULL,
    body BLOB,
    query BLOB,
    lane TEXT NOT NULL DEFAULT '',
    repeat TEXT NOT NULL,
    "values" BLOB,
    memo BLOB,
    mails INTEGER NOT NULL DEFAULT 0,
    state TEXT NOT NULL,
    tries INTEGER NOT NULL DEFAULT 0,
    due REAL NOT NULL DEFAULT 0,
    status INTEGER NOT NULL DEFAULT 0,
    message TEXT NOT NULL DEFAULT '',
    answer BLOB,
    made TEXT NOT NULL DEFAULT '',
    sent REAL,
    ended REAL
);
CREATE INDEX call_open ON call (state) WHERE state IN ('ready', 'sending');
CREATE TABLE need (call INTEGER NOT NULL, first INTEGER NOT NULL, PRIMARY KEY (call, first)) WITHOUT ROWID;
-- The answers of an export's calls, spooled until the workbook is written.
CREATE TABLE page (call INTEGER PRIMARY KEY, place TEXT NOT NULL, rows INTEGER NOT NULL, keys BLOB, data BLOB NOT NULL);
-- What the ids in an export refer to: the fields of a record that are shown, none before it was found; whether it was
-- looked for.
CREATE TABLE name (
    listing TEXT NOT NULL,
    id TEXT NOT NULL,
    asked INTEGER NOT NULL DEFAULT 0,
    fields BLOB,
    PRIMARY KEY (listing, id)
) WITHOUT ROWID;
CREATE INDEX name_open ON name (listing, asked) WHERE fields IS NULL;
-- The files that an export downloads, each by a call of its own: the name in the job's folder, with what no other name
-- may have in common with it (key), and what was written there, for which it was claimed.
CREATE TABLE file (
    id TEXT PRIMARY KEY,
    call INTEGER NOT NULL UNIQUE,
    name TEXT,
    key TEXT UNIQUE,
    size INTEGER,
    changed INTEGER,
    digest TEXT
) WITHOUT ROWID;
CREATE TABLE upload (name TEXT NOT NULL, data BLOB NOT NULL);
