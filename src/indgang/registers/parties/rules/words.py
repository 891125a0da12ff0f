"""Words as they are compared: without case, accents and the many ways to write Danish letters, and forgiving of a slip."""

from __future__ import annotations

import re
import unicodedata

from rapidfuzz.distance import OSA

LONGEST = 60  # characters of a word that are looked at
GRAM = 3
BEGINNING = 7  # letters in which a slip is looked for through an index; what follows is compared afterwards
# Danish letters and what people write where they have no key for them. Both become the same, so that either finds the other.
_LETTERS = str.maketrans(
    {"æ": "ae", "ä": "ae", "ø": "oe", "ö": "oe", "œ": "oe", "å": "aa", "ü": "u", "ß": "ss", "đ": "d", "ð": "d", "þ": "th", "ł": "l"}
)
_DOUBLE = ((re.compile("aa+"), "a"), (re.compile("ae"), "e"), (re.compile("oe+"), "o"))
_WORD = re.compile(r"[^\W_]+")
_INITIALS = re.compile(r"\b(?:\w[./]){1,4}\w?(?=\W|$)")


def folded(text: str) -> str:
    """One word or more as they are compared: `Ålborg`, `AALBORG` and `Aalborg` are one, and so are `Brønderslev` and `Bronderslev`."""
    plain = unicodedata.normalize("NFKC", text).casefold().translate(_LETTERS)
    bare = "".join(letter for letter in unicodedata.normalize("NFD", plain) if not unicodedata.combining(letter))
    for double, single in _DOUBLE:
        bare = double.sub(single, bare)
    return bare


def words_of(text: str) -> list[str]:
    """The folded words of a text, each once, in order. Letters joined by points or strokes are one word: `A/S`, `V.V.S.`, `A.P. Møller`."""
    joined = _INITIALS.sub(lambda found: re.sub(r"[./]", "", found[0]) + " ", text)
    return list(dict.fromkeys(word[:LONGEST] for word in _WORD.findall(folded(joined))))


def grams_of(word: str) -> list[str]:
    """The runs of three letters in a word with its two edges, each once."""
    edged = f"^{word}$"
    return list(dict.fromkeys(edged[at : at + GRAM] for at in range(len(edged) - GRAM + 1)))


def slips_allowed(word: str) -> int:
    """How many slips of the hand are forgiven in a word that somebody looks for: none in a short one, which another word would soon be."""
    return 0 if len(word) < 4 or word.isdigit() else 1 if len(word) < 8 else 2


def slips(one: str, other: str, at_most: int) -> int:
    """How many letters were left out, put in, exchanged or swapped with their neighbour (optimal string alignment); more than `at_most` is
    told as `at_most + 1`."""
    return OSA.distance(one, other, score_cutoff=at_most)


def likeness(wanted: str, word: str) -> float | None:
    """How well a word of a name answers a word that somebody looks for, from 1 (the same) down; None where it does not."""
    if word == wanted:
        return 1.0
    if word.startswith(wanted):
        return 0.9
    if wanted in word and len(wanted) > 1:
        return 0.7
    allowed = slips_allowed(wanted)
    away = slips(wanted, word, allowed) if allowed else 1
    if away > allowed and allowed and len(word) > len(wanted):  # the beginning of a longer word, with a slip in it
        away = slips(wanted, word[: len(wanted)], min(allowed, 1)) + (min(allowed, 1) == 0)
        return 0.4 if away <= min(allowed, 1) else None
    return 0.6 - 0.1 * away if away <= allowed else None


def near(word: str) -> list[str]:
    """The beginning of a word, whole and without each of its letters. Two words whose beginnings are one slip apart have one in common."""
    start = word[:BEGINNING]
    return list(dict.fromkeys([start, *(start[:at] + start[at + 1 :] for at in range(len(start)))]))


def traces_of(text: str) -> list[str]:
    """What the words of a short text are found by, all in one list: their grams, and what stands for a slip, which begins with `~`."""
    words = words_of(text)
    found = [gram for word in words for gram in grams_of(word)] + [f"~{key}" for word in words for key in near(word)]
    return list(dict.fromkeys(found))


def inner_grams(wanted: str) -> list[str]:
    """The grams of a part of a word, which has no edges; of two letters, of a word that begins so."""
    return grams_of(wanted)[:1] if len(wanted) < GRAM else grams_of(wanted)[1:-1]
