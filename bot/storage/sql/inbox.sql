-- add_incoming --
-- Store one thing that came in, unless its key is known.
INSERT INTO inbox (key, lane, source, sealed, received_at)
VALUES (:key, :lane, :source, :sealed, :now)
ON CONFLICT (key) DO NOTHING;

-- finish_incoming --
-- Erase a handled row but for its key.
UPDATE inbox SET status = 'done', lane = '', sealed = NULL, error = NULL, closed_at = :now
WHERE id = :id;

-- retry_incoming --
-- Count an attempt that failed.
UPDATE inbox SET attempts = attempts + 1, error = :error, not_before = :not_before
WHERE id = :id;

-- quarantine_incoming --
-- Put a row aside; like the key of a handled one it is erased after some days.
UPDATE inbox SET status = 'quarantined', attempts = attempts + 1, error = :error, closed_at = :now
WHERE id = :id;

-- incoming_by_status --
-- Rows of one status above an id, oldest first.
SELECT id, key, lane, source, sealed, received_at, attempts FROM inbox
WHERE status = :status AND id > :after_id AND status <> 'done' ORDER BY id LIMIT :limit;

-- prune_incoming --
-- Forget rows that were handled or put aside long ago.
DELETE FROM inbox WHERE closed_at < :before;

-- prune_outbox --
-- Forget the causes of calls made long ago.
DELETE FROM outbox WHERE closed_at < :before;
