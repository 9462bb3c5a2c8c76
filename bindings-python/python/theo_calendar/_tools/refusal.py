"""What a model sent that cannot be."""

from __future__ import annotations

from ..errors import InvalidInputError


class Refusal(InvalidInputError):
    """An argument is wrong, in a sentence of the tools' own: it begins with its name, and quotes nobody but the model.

    What the service says may quote others, such as the title of an event.
    """
