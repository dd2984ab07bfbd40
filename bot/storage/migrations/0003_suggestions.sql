-- Examples that workers gave so that the bot learns; tied to nobody and to no case.

CREATE TABLE suggestions (
    id INTEGER PRIMARY KEY, -- by chance, so that no order tells whose it was
    day TEXT NOT NULL,
    sealed BLOB NOT NULL
) STRICT;
CREATE INDEX suggestions_day ON suggestions (day);
