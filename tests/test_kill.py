"""`kill -9` of the whole bot at random moments under load: nothing that anybody wrote is lost."""

import asyncio
import random
from dataclasses import replace
from pathlib import Path

import pytest

from bot.content.directory_files import POSTCODES
from bot.content.word_files import load_areas
from bot.demo.api import LocalBotApi, Person, default_cast
from directory.places import load_places
from tests.support.herd import GROUP, Herd

ROOT = Path(__file__).resolve().parents[1]
KILLS = 55
PEOPLE, EACH = 150, 7
DANGERS = 9  # below the limit of a group, so that each has a card of its own at once
PLACES = ("SW9", "HA9", "N17", "E14", "E16", "E13", "SE15")
DRAIN_S = 60


def labels() -> dict[str, str]:
    """How the bot names each place when it reads it back."""
    areas, _ = load_areas(ROOT)
    places = load_places(ROOT / POSTCODES, areas)
    return {name: places.locate(name).label for name in PLACES}


def crowd() -> LocalBotApi:
    people = tuple(Person(6000 + n, f"P{n}", "young") for n in range(PEOPLE + DANGERS))
    cast = default_cast()
    return LocalBotApi(cast=replace(cast, people=(*cast.people, *people)))


async def write_all(api: LocalBotApi, rng: random.Random) -> None:
    """Everybody writes, in a shuffled order, about thirty messages a second."""
    lines = [(6000 + person, f"/start {place}") for place in PLACES for person in range(PEOPLE)]
    for n in range(DANGERS):
        text = "there is a man with a knife outside my door"
        lines.insert(rng.randrange(len(lines)), (6000 + PEOPLE + n, text))
    for person, text in lines:
        if not api.world.people[person].started:
            api.act(person, "start")
        api.act(person, "send_text", chat_id=person, text=text)
        await asyncio.sleep(rng.expovariate(30))


def bot_texts(api: LocalBotApi, chat_id: int) -> list[str]:
    found = []
    for call in api.calls:
        if call.ok and call.method == "sendMessage" and int(call.params["chat_id"]) == chat_id:
            found.append(str(call.params["text"]))
    return found


def lost(api: LocalBotApi, named: dict[str, str]) -> list[str]:
    """What somebody wrote and nobody answered."""
    missing = []
    for person in range(6000, 6000 + PEOPLE):
        said = "\n".join(bot_texts(api, person))
        missing += [f"{person}: {place}" for place in PLACES if named[place] not in said]
    for person in range(6000 + PEOPLE, 6000 + PEOPLE + DANGERS):
        if not any("999" in text for text in bot_texts(api, person)):
            missing.append(f"{person}: the safety step")
    cards = {text.split("#")[1].split()[0] for text in bot_texts(api, GROUP) if "EMERGENCY" in text}
    return missing + ["a card"] * (DANGERS - len(cards))


@pytest.mark.slow
@pytest.mark.timeout(400)
async def test_nothing_is_lost_when_the_bot_is_killed_again_and_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rng = random.Random(11)
    api = crowd()
    await api.start()
    herd = Herd(api, tmp_path)
    kills = 0
    try:
        await herd.open()
        writing = asyncio.create_task(write_all(api, rng))
        while kills < KILLS or not writing.done():
            pid = await herd.start()
            await asyncio.sleep(rng.uniform(0.05, 0.9))
            await herd.kill(pid)
            kills += 1
        await writing
        pid = await herd.start()
        missing = await _drained(api)
        await herd.kill(pid)
    finally:
        await herd.close()
        await api.stop()
    sent = sum(len(bot_texts(api, person)) for person in range(6000, 6000 + PEOPLE))
    with capsys.disabled():
        print(f"\nkill test: {kills} kills, {PEOPLE * EACH + DANGERS} messages, "
              f"{len(missing)} lost, {sent} ordinary answers sent")  # fmt: skip
    assert missing == []
    assert kills >= KILLS


async def _drained(api: LocalBotApi) -> list[str]:
    named = labels()
    missing = lost(api, named)
    for _ in range(DRAIN_S * 2):
        if not missing:
            break
        await asyncio.sleep(0.5)
        missing = lost(api, named)
    return missing
