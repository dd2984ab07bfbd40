"""The reactions that a bot may set: the free emoji of the Bot API's list."""

_FREE = (
    "👍 👎 ❤ 🔥 🥰 👏 😁 🤔 🤯 😱 🤬 😢 🎉 🤩 🤮 💩 🙏 👌 🕊 🤡 🥱 🥴 😍 🐳 ❤‍🔥 🌚 "
    "🌭 💯 🤣 ⚡ 🍌 🏆 💔 🤨 😐 🍓 🍾 💋 🖕 😈 😴 😭 🤓 👻 👨‍💻 👀 🎃 🙈 😇 😨 🤝 ✍ "
    "🤗 🫡 🎅 🎄 ☃ 💅 🤪 🗿 🆒 💘 🙉 🦄 😘 💊 🙊 😎 👾 🤷‍♂ 🤷 🤷‍♀ 😡"
)
_EMOJI_STYLE = "\ufe0f"
FREE_REACTIONS = frozenset(_FREE.replace(_EMOJI_STYLE, "").split())


def is_free_reaction(emoji: str) -> bool:
    """Whether a bot may react with this emoji; the variation selector does not matter."""
    return emoji.replace(_EMOJI_STYLE, "") in FREE_REACTIONS
