-- load_chat --
-- The state of a private chat.
SELECT sealed FROM chats WHERE chat_id = :chat_id;

-- save_chat --
-- Store the state of a private chat.
INSERT INTO chats (chat_id, sealed, changed_at) VALUES (:chat_id, :sealed, :now)
ON CONFLICT (chat_id) DO UPDATE SET sealed = excluded.sealed, changed_at = excluded.changed_at;

-- forget_chat --
-- Erase the state of a private chat.
DELETE FROM chats WHERE chat_id = :chat_id;

-- forget_messages --
-- Forget which of our messages stand in a chat.
DELETE FROM messages WHERE chat_id = :chat_id;

-- forget_messages_before --
-- Drop message ids that are too old to delete anything with.
DELETE FROM messages WHERE at < :before;

-- remember_message --
-- Note one of our messages.
INSERT INTO messages (chat_id, message_id, role, at) VALUES (:chat_id, :message_id, :role, :now)
ON CONFLICT (chat_id, message_id) DO UPDATE SET role = excluded.role, at = excluded.at;

-- recent_messages --
-- Our messages in a chat since a time.
SELECT message_id FROM messages WHERE chat_id = :chat_id AND at >= :since ORDER BY at, message_id;

-- idle_chats --
-- Chats whose state is old.
SELECT chat_id FROM chats WHERE changed_at < :before ORDER BY changed_at, chat_id LIMIT :limit;
