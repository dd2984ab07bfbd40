-- Words that people gave so that the bot learns; tied to nobody.

CREATE TABLE given_words (
    id INTEGER PRIMARY KEY, -- by chance, so that no order tells who wrote what
    day TEXT NOT NULL,
    sealed BLOB NOT NULL
) STRICT;
CREATE INDEX given_words_day ON given_words (day);
