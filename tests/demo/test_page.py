"""What can be held of the demo page without a browser; the browser test plays it."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[2] / "bot" / "demo" / "page"
FILES = sorted(PAGE.iterdir())
SCRIPTS = [file for file in FILES if file.suffix == ".js"]
STYLES = [file for file in FILES if file.suffix == ".css"]
LONGEST_FILE = 400
LONGEST_FUNCTION = 50

# Each of these can turn a message's text into markup or code.
MARKUP_MAKERS = re.compile(
    r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|createContextualFragment|DOMParser"
    r"|\beval\(|new Function|\.srcdoc|setHTML"
)
ADDRESS = re.compile(r"(?:https?:)?//[a-z0-9.-]+\.[a-z]{2,}", re.IGNORECASE)
# The name of a kind of document, never fetched.
NAMESPACE = "http://www.w3.org/2000/svg"
CONTROL_API = {"/demo/state", "/demo/act", "/demo/why", "/demo/events"}


def ids(files: list[Path]) -> list[str]:
    return [file.name for file in files]


class Tags(HTMLParser):
    """Collects each tag with its attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


@pytest.fixture(scope="module")
def tags() -> list[tuple[str, dict[str, str | None]]]:
    parser = Tags()
    parser.feed((PAGE / "index.html").read_text(encoding="utf-8"))
    return parser.found


@pytest.mark.parametrize("file", FILES, ids=ids(FILES))
def test_no_file_is_longer_than_the_house_allows(file: Path) -> None:
    assert len(file.read_text(encoding="utf-8").splitlines()) <= LONGEST_FILE


@pytest.mark.parametrize("file", FILES, ids=ids(FILES))
def test_nothing_is_loaded_from_another_computer(file: Path) -> None:
    text = file.read_text(encoding="utf-8").replace(NAMESPACE, "")
    assert ADDRESS.findall(text) == []
    assert "@import" not in text


@pytest.mark.parametrize("file", SCRIPTS, ids=ids(SCRIPTS))
def test_no_text_can_become_markup_or_code(file: Path) -> None:
    assert MARKUP_MAKERS.findall(file.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("file", SCRIPTS, ids=ids(SCRIPTS))
def test_no_function_is_longer_than_the_house_allows(file: Path) -> None:
    lines = file.read_text(encoding="utf-8").splitlines()
    assert long_functions(lines) == []


def long_functions(lines: list[str]) -> list[str]:
    """Name the functions and methods from their first line to the brace that stands below it."""
    begin = re.compile(r"^( *)(?:export )?(?:async )?(?:function )?(?:get )?(\w+)\(.*\{$")
    keywords = {"if", "for", "while", "switch", "catch", "return"}
    found = []
    for number, line in enumerate(lines):
        match = begin.match(line)
        if match is None or match.group(2) in keywords:
            continue
        brace = match.group(1) + "}"
        end = next(n for n in range(number + 1, len(lines)) if lines[n].startswith(brace))
        if end - number + 1 > LONGEST_FUNCTION:
            found.append(f"{match.group(2)} at line {number + 1}")
    return found


def test_long_functions_are_found() -> None:
    lines = ["  draw(what) {", *["    line();"] * LONGEST_FUNCTION, "  }"]
    assert long_functions(lines) == ["draw at line 1"]
    assert long_functions([lines[0], *lines[3:]]) == []


def test_every_module_that_is_imported_is_there_and_used() -> None:
    imported = {
        name
        for file in SCRIPTS
        for name in re.findall(r'from "\./([\w-]+\.js)"', file.read_text(encoding="utf-8"))
    }
    assert imported | {"main.js"} == {file.name for file in SCRIPTS}


def test_everything_that_is_imported_is_exported() -> None:
    for file in SCRIPTS:
        text = file.read_text(encoding="utf-8")
        for names, module in re.findall(r'import \{ ([^}]+) \} from "\./([\w-]+\.js)"', text):
            source = (PAGE / module).read_text(encoding="utf-8")
            for name in names.split(", "):
                pattern = rf"export (?:async )?(?:function|const|class) {name}\b"
                assert re.search(pattern, source), f"{file.name} wants {name} of {module}"


def test_only_the_control_api_is_called() -> None:
    called = {
        address
        for file in SCRIPTS
        for address in re.findall(
            r"(?:fetch|EventSource)\([\"`]([^\"`?]+)", file.read_text(encoding="utf-8")
        )
    }
    assert called == CONTROL_API


def test_the_page_forbids_itself_to_load_from_elsewhere(
    tags: list[tuple[str, dict[str, str | None]]],
) -> None:
    policy = [a["content"] for t, a in tags if a.get("http-equiv") == "Content-Security-Policy"]
    assert len(policy) == 1
    assert policy[0] is not None
    assert policy[0].startswith("default-src 'self'")
    assert "unsafe" not in policy[0]


def test_what_the_page_links_to_is_there(tags: list[tuple[str, dict[str, str | None]]]) -> None:
    linked = [a.get("src") or a.get("href") or "" for t, a in tags if t in ("script", "link")]
    files = [address for address in linked if not address.startswith("data:")]
    assert len(files) == len(STYLES) + 1
    for address in files:
        assert address.startswith("/page/")
        assert (PAGE / address.removeprefix("/page/")).is_file()


def test_the_page_has_no_script_or_style_within(
    tags: list[tuple[str, dict[str, str | None]]],
) -> None:
    for tag, attributes in tags:
        assert tag != "style"
        assert "style" not in attributes
        assert not [name for name in attributes if name.startswith("on")]
        assert tag != "script" or attributes.get("src")


def test_the_banner_says_that_it_is_a_simulation() -> None:
    text = " ".join((PAGE / "index.html").read_text(encoding="utf-8").split())
    for words in ("Simulation.", "nobody is alerted", "nothing leaves it", "call 999"):
        assert words in text


def test_links_open_without_a_way_back_and_only_by_http() -> None:
    text = (PAGE / "entities.js").read_text(encoding="utf-8")
    assert 'new Set(["http:", "https:"])' in text
    assert 'target: "_blank", rel: "noopener noreferrer"' in text
    others = [f.name for f in SCRIPTS if "_blank" in f.read_text(encoding="utf-8")]
    assert others == ["entities.js"]


@pytest.mark.parametrize(
    "query", ["prefers-color-scheme: dark", "prefers-reduced-motion: reduce", "max-width: 819px"]
)
def test_the_styles_follow_what_people_have_set(query: str) -> None:
    assert any(query in file.read_text(encoding="utf-8") for file in STYLES)


@pytest.mark.parametrize(
    "name",
    [
        "phone",
        "staff",
        "why-panel",
        "reset",
        "toast",
        "limit",
        "`${name}-input`",
        "`${name}-send`",
        "`${this.prefix}-tab-${person.id}`",
        "`topic-${room.key}`",
        "`message-${message.chat.id}-${message.message_id}`",
        "`why-${name}`",
    ],
)
def test_the_hooks_of_the_browser_test_are_there(name: str) -> None:
    whole = "\n".join(f.read_text(encoding="utf-8") for f in FILES)
    assert name in whole if name.startswith("`") else re.search(rf'testid(?:=|: )"{name}"', whole)
