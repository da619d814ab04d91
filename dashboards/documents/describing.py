"""How shapes are described: the API's own description shows the sentences below their fields."""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic import ConfigDict, with_config

Shape = TypeVar("Shape")


# Shape -> the one that it adds to, where the rest of it is described.
PARENTS: dict[str, Any] = {}


def described(shape: Shape) -> Shape:
    """A shape whose fields are described by the texts below them."""
    for parent in getattr(shape, "__orig_bases__", ()):
        if parent.__name__.endswith("Document"):
            PARENTS[shape.__name__] = parent  # type: ignore[attr-defined]
    return with_config(ConfigDict(use_attribute_docstrings=True))(shape)  # type: ignore[type-var]
