"""A tool as a model is told of it, and what it sends held to that."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from .behalf import Behalf
from .refusal import Refusal
from .untrusted import harmless

try:
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import ValidationError
    from jsonschema.protocols import Validator
except ImportError as _missing:
    raise ImportError("tools need a package that is not installed: pip install 'theo-calendar[tools]'") from _missing

#: What a model sends: arguments by name, those left out as `None`.
Arguments = Mapping[str, Any]
#: What it is answered.
Answer = dict[str, Any]
#: A JSON Schema, or a part of one.
Schema = dict[str, Any]

#: How many faults of one call are told.
_FAULTS = 3


@dataclass(frozen=True)
class Definition:
    """A tool."""

    name: str
    #: What it is for, in words for a model.
    description: str
    #: Each argument's schema. One that is not `required` may be left out, or be null.
    arguments: Mapping[str, Schema]
    required: tuple[str, ...]
    run: Callable[[Behalf, Arguments], Awaitable[Answer]]
    #: Whether it only reads. What does not makes an approval, and nothing else.
    reads: bool = True

    @cached_property
    def schema(self) -> Schema:
        """The schema of its arguments."""
        properties = {
            name: schema if name in self.required else _nullable(schema) for name, schema in self.arguments.items()
        }
        return {
            "type": "object",
            "properties": properties,
            "required": list(self.required),
            "additionalProperties": False,
        }

    @property
    def strict_schema(self) -> Schema:
        """The same for those who want each argument named: what would be left out is null."""
        return {**self.schema, "required": list(self.arguments)}

    def checked(self, arguments: object) -> Arguments:
        """`arguments`, given as JSON text or as what that holds, where they fit the schema."""
        given = _read(arguments)
        errors = sorted(self._validator.iter_errors(given), key=lambda error: [str(part) for part in error.path])
        # Each missing one has an error of its own, which does not say in its parts which it is: none is told twice.
        faults = list(dict.fromkeys(fault for error in errors for fault in self._faults(error)))
        if faults:
            more = f" (and {len(faults) - _FAULTS} more)" if len(faults) > _FAULTS else ""
            raise Refusal("; ".join(faults[:_FAULTS]) + more)
        for name, value in given.items():
            if not _is_text(value):
                raise Refusal(f"{name}: holds half of a character, an unpaired surrogate")
        return {name: given.get(name) for name in self.arguments}

    @cached_property
    def _validator(self) -> Validator:
        return Draft202012Validator(self.schema)

    def _faults(self, error: ValidationError) -> Iterator[str]:
        """What is wrong, each sentence beginning with the argument's name."""
        if error.path:
            name = "".join(f"[{part}]" if isinstance(part, int) else str(part) for part in error.path)
            yield f"{name}: {harmless(error.message)}"
        elif error.validator == "required":
            given: Any = error.instance
            yield from (f"{name}: is missing" for name in self.required if name not in given)
        elif error.validator == "additionalProperties":
            given = error.instance
            known = ", ".join(self.arguments) or "none"
            yield from (
                f"{harmless(name)}: is no argument of {self.name}; it has: {known}"
                for name in given
                if name not in self.arguments
            )
        else:
            yield f"arguments: {harmless(error.message)}"


def _read(arguments: object) -> Any:
    """`arguments` as JSON has them, be they text or not. Nothing at all, as some models send it, is none of them."""
    try:
        if isinstance(arguments, (str, bytes, bytearray)):
            arguments = json.loads(arguments) if arguments.strip() else None
        return {} if arguments is None else json.loads(json.dumps(arguments, allow_nan=False))
    except (TypeError, ValueError, RecursionError) as error:
        raise Refusal(f"arguments: are no JSON: {harmless(str(error))}") from None


def _is_text(value: object) -> bool:
    """Whether there is no half of a character in it: JSON's escapes allow that, and nothing behind this does."""
    try:
        return bool(json.dumps(value, ensure_ascii=False).encode())
    except UnicodeEncodeError:
        return False


def _nullable(schema: Schema) -> Schema:
    nullable = {**schema, "type": [schema["type"], "null"]}
    if "enum" in schema:
        nullable["enum"] = [*schema["enum"], None]
    return nullable
