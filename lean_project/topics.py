"""What there is to say of a check or of a change, and which of it makes a run fail. Pure."""

from __future__ import annotations

from enum import StrEnum

from blueprint.errors import UserError


class Topic(StrEnum):
    """A kind of news about a node or the project; the gravest first, good news last."""

    UNBUILT = "unbuilt"
    REFUSED = "refused"
    REGRESSED = "regressions"
    MOVED = "moved"
    AXIOM = "axioms"
    TRUSTED = "trusted"
    MISSING = "missing"
    REMOVED = "removed"
    DRIFT = "drift"
    SORRY = "sorry"
    STANDING = "standing"
    ADDED = "added"
    GAINED = "gained"


# What it means, as the manual has it.
MEANINGS = {
    Topic.UNBUILT: "a module does not build",
    Topic.REFUSED: "a node is refused: by the kernel, for an axiom that is not allowed, or for its kind",
    Topic.REGRESSED: "a node that was verified is not any more",
    Topic.MOVED: "what a statement says changed, or a node names other declarations",
    Topic.AXIOM: "the project has an axiom that it did not have",
    Topic.TRUSTED: "a file changed that says how the project is built, checked or described",
    Topic.MISSING: "a declaration that the blueprint names does not exist",
    Topic.REMOVED: "a node left the blueprint",
    Topic.DRIFT: "the blueprint claims something else than Lean says",
    Topic.SORRY: "a node rests on `sorry`",
}
DEFAULT = frozenset({Topic.UNBUILT, Topic.REFUSED, Topic.REGRESSED})


def read_policy(text: str) -> frozenset[Topic]:
    """The topics of `regressions,drift`; `none` is none. `UserError` for a word that is no topic."""
    words = [word.strip() for word in text.split(",") if word.strip()]
    if words == ["none"]:
        return frozenset()
    if not words:
        raise UserError(f"What should the check fail on? Give some of {', '.join(MEANINGS)}, or none.")
    if unknown := [word for word in words if word not in MEANINGS]:
        raise UserError(
            f"`{unknown[0][:40]}` is nothing to fail on; there are {', '.join(MEANINGS)}, or none."
        )
    return frozenset(map(Topic, words))
