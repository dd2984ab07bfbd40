// Media: of people stand-ins without any bytes, of the bot the picture or file itself.

import { h } from "./dom.js";
import { link } from "./entities.js";
import { MEDIA_NAMES, mediaKind } from "./format.js";
import { nearestPlace } from "./places.js";

const GLYPHS = {
  photo: "🖼", voice: "🎤", video: "🎬", video_note: "📹", animation: "🎞", document: "📄",
  audio: "🎵", contact: "👤", poll: "📊", venue: "📍", location: "📍", dice: "🎲",
};

/** Return the element for a message's media, or null. */
export function renderMedia(message) {
  const kind = mediaKind(message);
  if (!kind) return null;
  if (kind === "sticker") {
    return h("p", { class: "sticker", role: "img", "aria-label": "Sticker" }, message.sticker.emoji ?? "🙂");
  }
  if (kind === "poll") return poll(message.poll);
  if (message.from?.is_bot && kind === "photo") return picture(message);
  if (message.from?.is_bot && kind === "document") return file(message.document);
  return h("div", { class: `media media-${kind}` },
    h("span", { class: "media-glyph", "aria-hidden": "true", text: GLYPHS[kind] }),
    h("span", { class: "media-words" },
      h("strong", { text: MEDIA_NAMES[kind] }),
      h("span", { class: "media-detail", text: detail(kind, message[kind]) })));
}

/** A picture that the bot uploaded; pressing it shows it whole. */
function picture(message) {
  const { file_id: id, width, height } = message.photo[message.photo.length - 1];
  const source = `/demo/file?id=${encodeURIComponent(id)}`;
  const image = h("img", { class: "media-picture", src: source, width, height, loading: "lazy",
    alt: "Picture from the bot; what it shows stands in words below it." });
  return link(new URL(source, window.location.href).href, { class: "media-open" }, image);
}

/** A file that the bot uploaded, to be downloaded. */
function file(document) {
  const source = `/demo/file?id=${encodeURIComponent(document.file_id)}`;
  return h("a", { href: source, download: document.file_name, class: "media media-document" },
    h("span", { class: "media-glyph", "aria-hidden": "true", text: GLYPHS.document }),
    h("span", { class: "media-words" },
      h("strong", { text: document.file_name }),
      h("span", { class: "media-detail", text: `${Math.ceil(document.file_size / 1024)} KB, press to download` })));
}

function poll(given) {
  return h("div", { class: "media-poll" },
    h("strong", { text: given.question }),
    h("ul", {}, ...given.options.map((option) => h("li", { text: option.text }))));
}

function detail(kind, media) {
  if (kind === "contact") {
    return [media.first_name, media.last_name, media.phone_number].filter(Boolean).join(" ");
  }
  if (kind === "location") return whereabouts(media);
  if (kind === "venue") return [media.title, media.address].filter(Boolean).join(", ");
  if (kind === "dice") return `${media.emoji} ${media.value}`;
  const length = media.duration === undefined ? null : `${media.duration} s`;
  return [media.file_name, length, "stand-in, no file"].filter(Boolean).join(", ");
}

function whereabouts({ latitude, longitude }) {
  const near = nearestPlace(latitude, longitude);
  const figures = `${latitude.toFixed(4)}, ${longitude.toFixed(4)}`;
  return near ? `near ${near} (${figures})` : figures;
}
