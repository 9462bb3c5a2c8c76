"""What the native half makes enumerations of."""

from __future__ import annotations

from enum import StrEnum


class Ranked(StrEnum):
    """Words in an order of their own, the least first, so that `max` of them is the greatest.

    Each may be compared with a word as plain text, too.
    """

    def _rank(self, word: str) -> int:
        return list(type(self)).index(type(self)(word))

    def __lt__(self, other: str) -> bool:
        return self._rank(self) < self._rank(other)

    def __le__(self, other: str) -> bool:
        return self._rank(self) <= self._rank(other)

    def __gt__(self, other: str) -> bool:
        return self._rank(self) > self._rank(other)

    def __ge__(self, other: str) -> bool:
        return self._rank(self) >= self._rank(other)
