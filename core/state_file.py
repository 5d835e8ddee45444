"""The whole state as a file: the keys of the address and their values, as JSON with a version.

Read back, every entry is checked as it is when it is chosen, and never evaluated. Nothing is taken until all can be.
"""

import json
import re
from typing import Any

from core.names import Refused, shorten
from core.parameters import Example
from core.reading import NotRead, quoted
from core.settings import ENTRIES, Settings, gather

WHAT = "a state of Backprop by Hand"
VERSION = 1
MOST_CHARACTERS = 20_000
DEEPEST = 8  # brackets within brackets; our own file has four


def state_json(settings: Settings) -> str:
    """The state as the text of a file; read_state() gives it back bit for bit.

    Raises NotRead for a value that read_state() would not take.
    """
    state = {key: _plain(getattr(settings, key)) for key, entry in ENTRIES.items() if entry.in_file}
    text = json.dumps({"what": WHAT, "version": VERSION, "state": state}, indent=1)
    read_state(text)
    return text + "\n"


def _plain(value: Any) -> Any:
    if isinstance(value, Example):
        return [*value.x, value.y]
    return [_plain(each) for each in value] if isinstance(value, tuple) else value


def read_state(text: str) -> Settings:
    """The state in such a file. Which keys it has is up to the file; the others keep their default.

    Raises NotRead with a sentence for every entry that is unknown or makes no sense, or for the "file" as a whole.
    """
    found = _state_in(text)
    known = {key: value for key, value in found.items() if key in ENTRIES and ENTRIES[key].in_file}
    trouble = {quoted(key): f"{quoted(key)} is not a name this version knows" for key in found if key not in known}
    settings, refused = gather(known, lambda entry, value: entry.check(value))
    for key, error in refused.items():
        assert isinstance(error, Refused)
        trouble[key] = f"{quoted(shorten(known[key]))} cannot be taken; {error.remedy}"
    if not trouble and settings.misfit:
        trouble = dict([settings.misfit])
    if trouble:
        raise NotRead(trouble)
    return settings


def _state_in(text: str) -> dict[str, Any]:
    """The state of the file, its entries unchecked."""
    if not isinstance(text, str) or len(text) > MOST_CHARACTERS:
        raise NotRead({"file": f"it must be text of at most {MOST_CHARACTERS:,} characters"})
    try:
        _check_depth(text)
        file = json.loads(text.removeprefix("\ufeff"), parse_constant=_no_constant, object_pairs_hook=_without_twins)
    except ValueError:  # what JSON itself complains of says nothing to a person
        raise NotRead({"file": "it is no JSON that can be read; choose a file that was saved here"}) from None
    if not isinstance(file, dict) or file.get("what") != WHAT or not isinstance(file.get("state"), dict):
        raise NotRead({"file": "it is not a state saved here; choose a file that was"})
    if file.get("version") != VERSION or isinstance(file["version"], bool):
        version = quoted(shorten(file.get("version")))
        raise NotRead({"file": f"its version is {version}; this dashboard reads version {VERSION}"})
    return file["state"]


def _check_depth(text: str) -> None:
    """ValueError where brackets are nested deeper than any state: Python's parser would run out of room."""
    depth = 0
    for mark in re.findall(r"[\[\]{}]", text):
        depth += 1 if mark in "[{" else -1
        if depth > DEEPEST:
            raise ValueError


def _no_constant(word: str) -> None:
    raise ValueError(word)  # NaN and the infinities are no JSON


def _without_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(dict(pairs)) < len(pairs):
        raise ValueError
    return dict(pairs)
