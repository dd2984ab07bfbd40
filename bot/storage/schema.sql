-- What a fresh database gets: the sum of the migrations (a test compares them). Times are microseconds
-- since 1970 in UTC. Columns named `sealed` are encrypted.

CREATE TABLE inbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT, -- never used twice: the loop reads on from the last id
    key TEXT NOT NULL UNIQUE,
    status TEXT NOT NULL DEFAULT 'new' CHECK (status IN ('new', 'quarantined', 'done')),
    lane TEXT NOT NULL,
    source TEXT NOT NULL,
    sealed BLOB,
    received_at INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    not_before INTEGER,
    error TEXT,
    closed_at INTEGER
) STRICT;
CREATE INDEX inbox_waiting ON inbox (status, id) WHERE status <> 'done';
CREATE INDEX inbox_closed ON inbox (closed_at) WHERE closed_at IS NOT NULL;

CREATE TABLE outbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    cause TEXT NOT NULL,
    number INTEGER NOT NULL,
    status TEXT NOT NULL DEFAULT 'new' CHECK (status IN ('new', 'sending', 'done')),
    chat_id INTEGER NOT NULL,
    priority INTEGER NOT NULL,
    method TEXT NOT NULL,
    counted INTEGER NOT NULL,
    case_id INTEGER,
    role TEXT NOT NULL,
    merge TEXT,
    not_before INTEGER,
    expires INTEGER,
    created_at INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    error TEXT,
    sealed BLOB,
    closed_at INTEGER,
    UNIQUE (cause, number)
) STRICT;
CREATE INDEX outbox_waiting ON outbox (priority, id) WHERE status = 'new';
CREATE INDEX outbox_chat ON outbox (chat_id, priority, id) WHERE status <> 'done';
CREATE INDEX outbox_tried ON outbox (chat_id, priority) WHERE status = 'new' AND attempts > 0;
CREATE INDEX outbox_later ON outbox (not_before) WHERE status = 'new' AND not_before IS NOT NULL;
CREATE INDEX outbox_merge ON outbox (merge, chat_id) WHERE status = 'new' AND merge IS NOT NULL;
CREATE INDEX outbox_expiry ON outbox (expires) WHERE status = 'new' AND expires IS NOT NULL;
CREATE INDEX outbox_closed ON outbox (closed_at) WHERE closed_at IS NOT NULL;

CREATE TABLE holds (
    chat_id INTEGER PRIMARY KEY, -- 0: every chat
    until INTEGER NOT NULL
) STRICT;

CREATE TABLE sent (
    id INTEGER PRIMARY KEY,
    chat_id INTEGER NOT NULL,
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX sent_chat ON sent (chat_id, at);

CREATE TABLE timers (
    key TEXT PRIMARY KEY,
    due INTEGER NOT NULL,
    lane TEXT NOT NULL,
    kind TEXT NOT NULL,
    sealed BLOB NOT NULL
) STRICT;
CREATE INDEX timers_due ON timers (due);

CREATE TABLE chats (
    chat_id INTEGER PRIMARY KEY,
    sealed BLOB NOT NULL,
    changed_at INTEGER NOT NULL
) STRICT;
CREATE INDEX chats_changed ON chats (changed_at);

CREATE TABLE messages (
    chat_id INTEGER NOT NULL,
    message_id INTEGER NOT NULL,
    role TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (chat_id, message_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE cases (
    id INTEGER PRIMARY KEY AUTOINCREMENT, -- a case number is never given twice
    chat_id INTEGER NOT NULL,
    group_id INTEGER NOT NULL,
    topic_id INTEGER,
    status TEXT NOT NULL,
    sealed BLOB NOT NULL
) STRICT;
CREATE INDEX cases_chat ON cases (chat_id, id);
CREATE INDEX cases_status ON cases (status, id);
CREATE INDEX cases_topic ON cases (group_id, topic_id) WHERE topic_id IS NOT NULL;

CREATE TABLE lines (
    id INTEGER PRIMARY KEY,
    case_id INTEGER NOT NULL REFERENCES cases (id),
    sealed BLOB NOT NULL
) STRICT;
CREATE INDEX lines_case ON lines (case_id, id);

CREATE TABLE links (
    id INTEGER PRIMARY KEY,
    chat_id INTEGER NOT NULL,
    message_id INTEGER NOT NULL,
    case_id INTEGER NOT NULL REFERENCES cases (id),
    role TEXT NOT NULL,
    peer_chat_id INTEGER,
    peer_message_id INTEGER,
    UNIQUE (chat_id, message_id)
) STRICT;
CREATE INDEX links_case ON links (case_id, role, id);

CREATE TABLE history (
    id INTEGER PRIMARY KEY,
    case_id INTEGER NOT NULL REFERENCES cases (id),
    at INTEGER NOT NULL,
    event TEXT NOT NULL,
    sealed BLOB NOT NULL
) STRICT;
CREATE INDEX history_case ON history (case_id, id);

CREATE TABLE meta (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE counts (
    what TEXT NOT NULL,
    day TEXT NOT NULL,
    label TEXT NOT NULL,
    number INTEGER NOT NULL,
    PRIMARY KEY (what, day, label)
) STRICT, WITHOUT ROWID;

CREATE TABLE given_words (
    id INTEGER PRIMARY KEY, -- by chance, so that no order tells who wrote what
    day TEXT NOT NULL,
    sealed BLOB NOT NULL
) STRICT;
CREATE INDEX given_words_day ON given_words (day);

CREATE TABLE audit (
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    sealed BLOB NOT NULL
) STRICT;
CREATE INDEX audit_at ON audit (at);

CREATE TABLE suggestions (
    id INTEGER PRIMARY KEY, -- by chance, so that no order tells whose it was
    day TEXT NOT NULL,
    sealed BLOB NOT NULL
) STRICT;
CREATE INDEX suggestions_day ON suggestions (day);
