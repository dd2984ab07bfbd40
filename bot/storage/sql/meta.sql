-- get_meta --
-- One fact.
SELECT value FROM meta WHERE key = :key;

-- set_meta --
-- Store one fact.
INSERT INTO meta (key, value) VALUES (:key, :value)
ON CONFLICT (key) DO UPDATE SET value = excluded.value;

-- add_count --
-- Add to a daily count.
INSERT INTO counts (what, day, label, number) VALUES (:what, :day, :label, :by)
ON CONFLICT (what, day, label) DO UPDATE SET number = number + excluded.number;

-- counts --
-- Daily counts since a day.
SELECT day, label, number FROM counts WHERE what = :what AND day >= :since_day ORDER BY day, label;

-- give_words --
-- Keep words that somebody gave for learning.
INSERT INTO given_words (id, day, sealed) VALUES (:id, :day, :sealed);

-- given_words --
-- Words given since a day.
SELECT day, sealed FROM given_words WHERE day >= :since_day ORDER BY day, id;

-- forget_words_before --
-- Erase words given before a day.
DELETE FROM given_words WHERE day < :day;

-- suggest --
-- Keep an example that a worker gave; a number that is taken changes nothing.
INSERT INTO suggestions (id, day, sealed) VALUES (:id, :day, :sealed) ON CONFLICT (id) DO NOTHING;

-- suggestions --
-- Examples given since a day.
SELECT id, day, sealed FROM suggestions WHERE day >= :since_day ORDER BY day, id;

-- forget_suggestions_before --
-- Erase examples given before a day.
DELETE FROM suggestions WHERE day < :day;

-- add_audit --
-- Append to the log of what staff decided.
INSERT INTO audit (at, kind, sealed) VALUES (:now, :kind, :sealed);

-- audited --
-- The log of what staff decided, since a time.
SELECT at, kind, sealed FROM audit WHERE at >= :since ORDER BY id;

-- backlog --
-- How many rows wait.
SELECT (SELECT count(*) FROM inbox WHERE status = 'new'),
       (SELECT count(*) FROM inbox WHERE status = 'quarantined'),
       (SELECT count(*) FROM outbox WHERE status <> 'done'),
       (SELECT count(*) FROM timers);
