-- cause_known --
-- Whether calls of this cause were stored before.
SELECT 1 FROM outbox WHERE cause = :cause LIMIT 1;

-- add_call --
-- Store a call that waits.
INSERT INTO outbox (cause, number, chat_id, priority, method, counted, case_id, role, merge,
    not_before, expires, created_at, sealed)
VALUES (:cause, :number, :chat_id, :priority, :method, :counted, :case_id, :role, :merge,
    :not_before, :expires, :now, :sealed);

-- note_cause --
-- Keep the key of a call that was merged into another.
INSERT INTO outbox (cause, number, status, chat_id, priority, method, counted, role, created_at,
    closed_at)
VALUES (:cause, :number, 'done', 0, 0, '', 0, '', :now, :now);

-- merge_candidate --
-- The newest waiting call that may take more text.
SELECT id, method, priority, sealed FROM outbox
WHERE merge = :merge AND chat_id = :chat_id AND status = 'new' ORDER BY id DESC LIMIT 1;

-- merge_call --
-- Put joined text into a waiting call.
UPDATE outbox SET sealed = :sealed, priority = :priority WHERE id = :id;

-- drop_expired --
-- Close calls whose time has passed.
UPDATE outbox SET status = 'done', chat_id = 0, sealed = NULL, merge = NULL, case_id = NULL,
    closed_at = :now
WHERE status = 'new' AND expires <= :now;

-- takeable --
-- Waiting calls that may go, most urgent first; a tried call that waits keeps its later ones back.
SELECT id, chat_id FROM outbox AS o
WHERE status = 'new'
  AND (not_before IS NULL OR not_before <= :now)
  AND chat_id NOT IN (SELECT value FROM json_each(:busy))
  AND id NOT IN (SELECT value FROM json_each(:skip))
  AND (counted = 0 OR role IN (SELECT value FROM json_each(:together))
       OR priority <= coalesce(json_extract(:ceilings, '$."' || chat_id || '"'), 9))
  AND (counted = 0 OR chat_id || ' ' || role NOT IN (SELECT value FROM json_each(:held)))
  AND (method = :callback_answer
       OR NOT EXISTS (SELECT 1 FROM holds WHERE chat_id = o.chat_id AND until > :now))
  AND NOT EXISTS (SELECT 1 FROM holds WHERE chat_id = 0 AND until > :now)
  AND NOT EXISTS (
      SELECT 1 FROM outbox AS earlier
      WHERE earlier.status = 'new' AND earlier.attempts > 0 AND earlier.chat_id = o.chat_id
        AND earlier.priority = o.priority AND earlier.id < o.id AND earlier.not_before > :now)
ORDER BY priority, id LIMIT :limit;

-- take_call --
-- Mark a call as being sent and read it.
UPDATE outbox SET status = 'sending' WHERE id = :id
RETURNING id, cause, chat_id, priority, method, case_id, role, merge, not_before, expires,
    created_at, attempts, sealed;

-- waiting_calls --
-- Calls that wait for a chat under some roles, most urgent first.
SELECT id, cause, chat_id, priority, method, case_id, role, merge, not_before, expires,
    created_at, attempts, sealed
FROM outbox
WHERE status = 'new' AND chat_id = :chat_id AND role IN (SELECT value FROM json_each(:roles))
ORDER BY priority, id LIMIT :limit;

-- put_back_call --
-- Let a call wait again.
UPDATE outbox SET status = 'new' WHERE id = :id AND status = 'sending';

-- reschedule_call --
-- Let a call wait until a time, with one attempt more.
UPDATE outbox SET status = 'new', attempts = attempts + 1, not_before = :not_before, error = :error
WHERE id = :id AND status <> 'done';

-- close_call --
-- Erase a call but for its cause.
UPDATE outbox SET status = 'done', chat_id = 0, sealed = NULL, merge = NULL, case_id = NULL,
    closed_at = created_at
WHERE id = :id;

-- drop_calls --
-- Close what waits for a chat and is not urgent enough.
UPDATE outbox SET status = 'done', chat_id = 0, sealed = NULL, merge = NULL, case_id = NULL,
    closed_at = created_at
WHERE status = 'new' AND chat_id = :chat_id AND priority >= :keep_below;

-- drop_stale_answers --
-- Close callback answers that were under way when the process ended.
UPDATE outbox SET status = 'done', chat_id = 0, sealed = NULL, merge = NULL, case_id = NULL,
    closed_at = :now
WHERE status = 'sending' AND method = :callback_answer;

-- recover_calls --
-- Let everything that was under way when the process ended wait again.
UPDATE outbox SET status = 'new' WHERE status = 'sending';

-- next_call_due --
-- When the next call may go that waits for its time.
SELECT min(not_before) FROM outbox
WHERE status = 'new' AND not_before IS NOT NULL AND not_before > :now;

-- next_hold_end --
-- When the next hold ends.
SELECT min(until) FROM holds WHERE until > :now;

-- hold_chat --
-- Stop a chat until a time; a longer hold stays.
INSERT INTO holds (chat_id, until) VALUES (:chat_id, :until)
ON CONFLICT (chat_id) DO UPDATE SET until = max(until, excluded.until);

-- drop_holds --
-- Forget holds that have ended.
DELETE FROM holds WHERE until <= :now;

-- calls_of_chat --
-- Calls to a chat that are not closed.
SELECT id, sealed FROM outbox WHERE chat_id = :chat_id AND status <> 'done' ORDER BY id;

-- move_call --
-- Give a call another chat.
UPDATE outbox SET chat_id = :chat_id, sealed = :sealed WHERE id = :id;

-- record_sent --
-- Count a message to a group.
INSERT INTO sent (chat_id, at) VALUES (:chat_id, :now);

-- sent_since --
-- When messages went to a group.
SELECT at FROM sent WHERE chat_id = :chat_id AND at > :since ORDER BY at;

-- prune_sent --
-- Forget messages that count no more.
DELETE FROM sent WHERE chat_id = :chat_id AND at < :before;

-- move_sent --
-- Give the counted messages another chat.
UPDATE sent SET chat_id = :new WHERE chat_id = :old;
