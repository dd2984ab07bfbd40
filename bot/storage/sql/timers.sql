-- set_timer --
-- Store a timer, in the place of one with the same key.
INSERT INTO timers (key, due, lane, kind, sealed) VALUES (:key, :due, :lane, :kind, :sealed)
ON CONFLICT (key) DO UPDATE SET due = excluded.due, lane = excluded.lane, kind = excluded.kind,
    sealed = excluded.sealed;

-- cancel_timer --
-- Forget a timer.
DELETE FROM timers WHERE key = :key;

-- cancel_timers --
-- Forget the timers whose key begins so.
DELETE FROM timers WHERE substr(key, 1, length(:prefix)) = :prefix;

-- due_timers --
-- Timers that are due, oldest first.
SELECT key, due, lane, kind, sealed FROM timers WHERE due <= :now ORDER BY due, key;

-- all_timers --
-- Every timer.
SELECT key, due, lane, kind, sealed FROM timers ORDER BY due, key;

-- next_timer --
-- When the next timer is due.
SELECT min(due) FROM timers;
