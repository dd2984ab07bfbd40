// Times in London, names, and short previews of messages.

const CLOCK = new Intl.DateTimeFormat("en-GB", {
  timeZone: "Europe/London", hour: "2-digit", minute: "2-digit",
});
const DAY = new Intl.DateTimeFormat("en-GB", {
  timeZone: "Europe/London", weekday: "long", day: "numeric", month: "long",
});
const PREVIEW_LENGTH = 80;

export const MEDIA_NAMES = {
  photo: "Photo", voice: "Voice message", video: "Video", video_note: "Video message",
  sticker: "Sticker", animation: "GIF", document: "File", audio: "Music", contact: "Contact",
  poll: "Poll", venue: "Place", location: "Location", dice: "Dice",
};

/** Return "19:40" for a Unix time in seconds, in London. */
export function clock(seconds) {
  return CLOCK.format(new Date(seconds * 1000));
}

/** Return "Sunday 22 November" for a Unix time in seconds, in London. */
export function day(seconds) {
  return DAY.format(new Date(seconds * 1000)).replace(",", "");
}

/** Return the name of whoever wrote a message. */
export function senderName(message) {
  const sender = message.from ?? message.sender_chat ?? {};
  return sender.first_name ?? sender.title ?? "Unknown";
}

/** Return which kind of media a message has, or null. */
export function mediaKind(message) {
  return Object.keys(MEDIA_NAMES).find((kind) => message[kind] !== undefined) ?? null;
}

/** Return a message in one short line. */
export function preview(message) {
  const kind = mediaKind(message);
  const words = message.text ?? message.caption ?? "";
  const line = [kind && MEDIA_NAMES[kind], words].filter(Boolean).join(": ").replace(/\s+/g, " ");
  const whole = line || serviceText(message) || "Message";
  const letters = [...whole];
  return letters.length > PREVIEW_LENGTH ? `${letters.slice(0, PREVIEW_LENGTH).join("")}…` : whole;
}

/** Return the sentence of a service message, or null for an ordinary one. */
export function serviceText(message) {
  const who = senderName(message);
  const names = (people) => people.map((person) => person.first_name).join(", ");
  if (message.forum_topic_created) return `${who} created the topic “${message.forum_topic_created.name}”`;
  if (message.forum_topic_closed) return `${who} closed the topic`;
  if (message.forum_topic_reopened) return `${who} reopened the topic`;
  if (message.forum_topic_edited) {
    const name = message.forum_topic_edited.name;
    return name ? `${who} renamed the topic to “${name}”` : `${who} changed the topic's icon`;
  }
  if (message.general_forum_topic_hidden) return `${who} hid the General topic`;
  if (message.general_forum_topic_unhidden) return `${who} showed the General topic again`;
  if (message.pinned_message) return `${who} pinned “${preview(message.pinned_message)}”`;
  if (message.new_chat_members) return `${names(message.new_chat_members)} joined the group`;
  if (message.left_chat_member) return `${message.left_chat_member.first_name} left the group`;
  if (message.new_chat_title) return `${who} renamed the group to “${message.new_chat_title}”`;
  if (message.migrate_to_chat_id) return "The group became a supergroup with a new number";
  if (message.migrate_from_chat_id) return "The group became a supergroup";
  if (message.group_chat_created || message.supergroup_chat_created) return "The group was created";
  return null;
}
