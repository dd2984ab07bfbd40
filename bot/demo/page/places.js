// The chooser that stands in for a phone's own position.

import { button, h } from "./dom.js";

export const PLACES = [
  { name: "Brixton", latitude: 51.4626, longitude: -0.1146 },
  { name: "Peckham", latitude: 51.4739, longitude: -0.069 },
  { name: "Stratford", latitude: 51.5416, longitude: -0.0037 },
  { name: "Tottenham", latitude: 51.5886, longitude: -0.0709 },
  { name: "Wembley", latitude: 51.5522, longitude: -0.2965 },
  { name: "Croydon", latitude: 51.3727, longitude: -0.0994 },
];
const NEAR_KM = 1.5;

/** Return the name of a known place within 1.5 km, or null. */
export function nearestPlace(latitude, longitude) {
  const byDistance = PLACES
    .map((place) => ({ name: place.name, km: kilometres(place, { latitude, longitude }) }))
    .sort((a, b) => a.km - b.km);
  return byDistance[0].km <= NEAR_KM ? byDistance[0].name : null;
}

function kilometres(a, b) {
  const north = (a.latitude - b.latitude) * 111.2;
  const east = (a.longitude - b.longitude) * 69.2; // one degree of longitude at London's latitude
  return Math.hypot(north, east);
}

/** Ask for a place; `onChoose({latitude, longitude})` is called if one is chosen. */
export function choosePlace(onChoose) {
  const dialog = h("dialog", { class: "sheet", "aria-labelledby": "place-title", data: { testid: "location-dialog" } });
  const done = (place) => {
    dialog.close();
    onChoose({ latitude: place.latitude, longitude: place.longitude });
  };
  dialog.append(
    h("h2", { id: "place-title", text: "Where is this phone?" }),
    h("p", { class: "hint", text: "Pretend to be somewhere. Your real position is never read." }),
    h("div", { class: "place-grid" }, ...PLACES.map((place) =>
      button(place.name, () => done(place), { data: { place: place.name.toLowerCase() } }))),
    customForm(done),
    button("Cancel", () => dialog.close(), { class: "quiet" }),
  );
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

function customForm(done) {
  const latitude = numberField("Latitude", 51.5074, 90);
  const longitude = numberField("Longitude", -0.1278, 180);
  return h("form", {
    class: "place-custom",
    on: {
      submit: (event) => {
        event.preventDefault();
        const read = (field) => field.querySelector("input").valueAsNumber;
        done({ latitude: read(latitude), longitude: read(longitude) });
      },
    },
  }, latitude, longitude, h("button", { type: "submit", data: { place: "custom" } }, "Share this spot"));
}

function numberField(label, value, most) {
  return h("label", { class: "field" }, h("span", { text: label }),
    h("input", { type: "number", step: "any", min: -most, max: most, required: true, value }));
}
