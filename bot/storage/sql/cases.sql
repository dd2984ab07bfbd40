-- add_case --
-- Store a case and get its number.
INSERT INTO cases (chat_id, group_id, topic_id, status, sealed)
VALUES (:chat_id, :group_id, :topic_id, :status, :sealed) RETURNING id;

-- save_case --
-- Store a changed case.
UPDATE cases SET chat_id = :chat_id, group_id = :group_id, topic_id = :topic_id, status = :status,
    sealed = :sealed
WHERE id = :id;

-- load_case --
-- One case.
SELECT id, sealed FROM cases WHERE id = :id;

-- open_case_of --
-- The case of a person that is not closed.
SELECT id, sealed FROM cases
WHERE chat_id = :chat_id AND status <> 'closed' ORDER BY id DESC LIMIT 1;

-- latest_case_of --
-- The newest case of a person.
SELECT id, sealed FROM cases WHERE chat_id = :chat_id ORDER BY id DESC LIMIT 1;

-- cases_of --
-- Every case of a person.
SELECT id, sealed FROM cases WHERE chat_id = :chat_id ORDER BY id;

-- cases_in --
-- Cases by status.
SELECT id, sealed FROM cases WHERE status IN (SELECT value FROM json_each(:statuses)) ORDER BY id;

-- cases_before --
-- The newest cases below a number.
SELECT id, sealed FROM cases WHERE :case_id IS NULL OR id < :case_id ORDER BY id DESC LIMIT :limit;

-- case_of_topic --
-- The case that has a topic.
SELECT id, sealed FROM cases
WHERE group_id = :group_id AND topic_id = :topic_id ORDER BY id DESC LIMIT 1;

-- cases_of_group --
-- Cases of a staff group.
SELECT id, sealed FROM cases WHERE group_id = :group_id ORDER BY id;

-- add_line --
-- Keep what was said.
INSERT INTO lines (case_id, sealed) VALUES (:case_id, :sealed);

-- lines --
-- What was said in a case.
SELECT sealed FROM lines WHERE case_id = :case_id ORDER BY id;

-- erase_lines --
-- Erase the words of a case.
DELETE FROM lines WHERE case_id = :case_id;

-- add_link --
-- Note whose message this is.
INSERT INTO links (chat_id, message_id, case_id, role, peer_chat_id, peer_message_id)
VALUES (:chat_id, :message_id, :case_id, :role, :peer_chat_id, :peer_message_id)
ON CONFLICT (chat_id, message_id) DO UPDATE SET case_id = excluded.case_id, role = excluded.role,
    peer_chat_id = excluded.peer_chat_id, peer_message_id = excluded.peer_message_id;

-- find_link --
-- What a message is to us.
SELECT chat_id, message_id, case_id, role, peer_chat_id, peer_message_id FROM links
WHERE chat_id = :chat_id AND message_id = :message_id;

-- links_of --
-- Messages of a case in one role.
SELECT chat_id, message_id, case_id, role, peer_chat_id, peer_message_id FROM links
WHERE case_id = :case_id AND role = :role ORDER BY id;

-- drop_person_links --
-- Forget the messages in a person's own chat.
DELETE FROM links WHERE case_id = :case_id AND chat_id = :chat_id;

-- cut_peer_links --
-- Forget which message in a person's chat a message mirrors.
UPDATE links SET peer_chat_id = NULL, peer_message_id = NULL
WHERE case_id = :case_id AND peer_chat_id = :chat_id;

-- add_history --
-- Append to a case's history.
INSERT INTO history (case_id, at, event, sealed) VALUES (:case_id, :now, :event, :sealed);

-- history --
-- A case's history.
SELECT at, event, sealed FROM history WHERE case_id = :case_id ORDER BY id;
