"""Arguments that cannot be what they are: each is told by its name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any, TypeVar, cast

from ._native import Service
from .errors import InvalidInputError

Item = TypeVar("Item")
Call = TypeVar("Call", bound=Callable[..., Any])

# Where PyO3 says which argument it could not read, and which field of one.
_NOTE = re.compile(r"while processing '(\w+)'")
_FIELD = re.compile(r"failed to extract field \w+\.(\w+)")


def items(argument: str, values: Iterable[Item] | str) -> list[Item]:
    """The items of `values`; a text is one item, and not its letters.

    >>> items("accounts", "ada@example.com")
    ['ada@example.com']
    """
    if isinstance(values, str):
        return [cast("Item", values)]
    try:
        return list(values)
    except TypeError:
        raise TypeError(f"{argument}: must be an iterable, not {type(values).__name__}") from None


def function(argument: str, value: Call | None) -> Call | None:
    """`value`, where it can be called or is `None`."""
    if value is not None and not callable(value):
        raise TypeError(f"{argument}: must be a function, not {type(value).__name__}")
    return value


def naming(native: Service) -> Service:
    """The same service, whose errors about arguments begin with their names."""
    return cast("Service", _Naming(native))


def told(error: Exception) -> Exception:
    """The error about an argument, its name first; `error` itself where it is about none."""
    note = next(filter(None, map(_NOTE.fullmatch, getattr(error, "__notes__", ()))), None)
    if note is None:
        return error
    field = _FIELD.fullmatch(str(error))
    name, cause = (field[1], error.__cause__ or error) if field else (note[1], error)
    sentence = f"{name}: {cause}"
    return InvalidInputError(sentence) if isinstance(cause, (OverflowError, ValueError)) else TypeError(sentence)


class _Naming:
    __slots__ = ("_native",)

    def __init__(self, native: Service) -> None:
        self._native = native

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._native, name)

        def call(*arguments: Any) -> Any:
            try:
                return method(*arguments)
            except (TypeError, OverflowError) as error:
                raise told(error) from None

        return call
