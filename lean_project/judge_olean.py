"""Lean's compiled modules, read as data: only the terms of their constants are taken, and every one is
rebuilt from its parts. Hashes, flags and caches that a file stores beside its terms are not looked at, so a
forger gains nothing by them.

The layout is that of Lean's objects in memory. A file has a header with the address it was written for, a
pointer to its root, and objects, each with a tag, a number of pointers and then plain bytes. A module may be
split over several files whose pointers lead to one another. An odd pointer is a small number.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from lean_project.facts import Kind
from lean_project.judge_terms import Constant, Rule, Terms
from lean_project.names import Name

MAGIC = b"olean\x02"
HEADER = 80
ARRAY, STRING, BIG = 246, 249, 250
MAX_STEPS = 60_000_000  # of reading one module; a file may refer to its lists as often as it likes
MAX_COMPONENTS = 200
KINDS = (
    Kind.AXIOM,
    Kind.DEFINITION,
    Kind.THEOREM,
    Kind.OPAQUE,
    Kind.QUOTIENT,
    Kind.INDUCTIVE,
    Kind.CONSTRUCTOR,
    Kind.RECURSOR,
)
# Lean's numbers for the kinds of expressions that have others below them.
APP, LAM, FORALL, LET, MDATA, PROJ = 5, 6, 7, 8, 10, 11
_CHILDREN = {APP: (0, 1), LAM: (1, 2), FORALL: (1, 2), LET: (1, 2, 3), MDATA: (1,), PROJ: (2,)}
_LEVELS = {1: (0,), 2: (0, 1), 3: (0, 1)}
_LEVEL_TAGS = "zsmip"
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Region:
    """One file: where it was written for, and its bytes."""

    base: int
    data: bytes


@dataclass(frozen=True, slots=True)
class _Object:
    tag: int
    pointers: tuple[int, ...]
    data: bytes
    rest: int  # where the plain bytes begin

    def byte(self, index: int) -> int:
        return self.data[self.rest + index]


class Olean:
    """A compiled module, given all its files in Lean's order; the last is the whole module.

    Terms are put into `terms` when a constant is read. Everything raises `ValueError` where the files are not
    what Lean writes.
    """

    def __init__(self, parts: Sequence[bytes], terms: Terms) -> None:
        self._reader = _guarded(lambda: _Reader(parts, terms))
        self.names = _guarded(lambda: self._reader.names(1))

    def imports(self) -> list[Name]:
        return _guarded(lambda: self._reader.imports())

    def constant(self, index: int, owner: int | None = None) -> Constant:
        return _guarded(lambda: replace(self._reader.constant(index), owner=owner))

    def constants(self, owner: int | None = None) -> list[Constant]:
        return [self.constant(index, owner) for index in range(_guarded(self._reader.size))]


def _guarded(read: Callable[[], T]) -> T:
    try:
        return read()
    except (IndexError, KeyError, TypeError, struct.error, UnicodeDecodeError, OverflowError) as error:
        raise ValueError("not a compiled module") from error


class _Reader:
    def __init__(self, parts: Sequence[bytes], terms: Terms) -> None:
        self._word, self._regions = _regions(parts)
        self._terms, self._steps = terms, 0
        self._format = "<I" if self._word == 4 else "<Q"
        self._names: dict[int, int] = {1: 0}
        self._levels: dict[int, int] = {1: terms.level(("z",))}
        self._exprs: dict[int, int] = {}
        self._root = self._root_object()
        self._table = self._array(self._root.pointers[2])

    # --- what a module holds ---

    def size(self) -> int:
        return len(self._table)

    def constant(self, index: int) -> Constant:
        return self._constant(self._object(self._table[index]))

    def names(self, field: int) -> list[Name]:
        return [self._terms.names[self._name(address)] for address in self._array(self._root.pointers[field])]

    def imports(self) -> list[Name]:
        entries = map(self._object, self._array(self._root.pointers[0]))
        return [self._terms.names[self._name(entry.pointers[0])] for entry in entries]

    def _root_object(self) -> _Object:
        region = self._regions[-1]
        return self._object(self._at(region.data, HEADER + self._word))

    def _constant(self, info: _Object) -> Constant:
        kind = KINDS[info.tag]
        value = self._object(info.pointers[0])
        own = self._object(value.pointers[0])
        name, params, type_ = own.pointers[:3]
        plain = Constant(
            self._name(name), kind, tuple(map(self._name, self._list(params))), self._expr(type_), None
        )
        fields = value.pointers[1:]
        match kind:
            case Kind.DEFINITION:
                body, hints = self._expr(fields[0]), self._hints(fields[1])
                return replace(plain, body=body, hints=hints, unchecked=value.byte(0) != 1)
            case Kind.THEOREM:
                return replace(plain, body=self._expr(fields[0]))
            case Kind.OPAQUE:
                return replace(plain, body=self._expr(fields[0]), unchecked=value.byte(0) != 0)
            case Kind.AXIOM:
                return replace(plain, unchecked=value.byte(0) != 0)
            case Kind.INDUCTIVE:
                return self._inductive(plain, value, fields)
            case Kind.CONSTRUCTOR:
                numbers = tuple(map(self._nat, fields[1:4]))
                block = (self._name(fields[0]),)
                return replace(plain, block=block, numbers=numbers, unchecked=value.byte(0) != 0)
            case Kind.RECURSOR:
                return self._recursor(plain, value, fields)
            case _:
                return plain

    def _inductive(self, plain: Constant, value: _Object, fields: Sequence[int]) -> Constant:
        """`numbers`: parameters, indices, nested types, whether it is recursive, whether reflexive."""
        params, indices, block, constructors, nested = fields[:5]
        counts = (*map(self._nat, (params, indices, nested)), value.byte(0), value.byte(2))
        return replace(
            plain,
            block=self._name_list(block),
            constructors=self._name_list(constructors),
            numbers=counts,
            unchecked=value.byte(1) != 0,
        )

    def _recursor(self, plain: Constant, value: _Object, fields: Sequence[int]) -> Constant:
        """`numbers`: parameters, indices, motives, minor premises, whether it computes by K."""
        return replace(
            plain,
            block=self._name_list(fields[0]),
            numbers=(*map(self._nat, fields[1:5]), value.byte(0)),
            rules=tuple(self._rule(self._object(address)) for address in self._list(fields[5])),
            unchecked=value.byte(1) != 0,
        )

    def _rule(self, rule: _Object) -> Rule:
        constructor, fields, rhs = rule.pointers[:3]
        return Rule(self._name(constructor), self._nat(fields), self._expr(rhs))

    def _hints(self, address: int) -> str:
        if address & 1:
            return "a" if address >> 1 == 1 else "o"
        hints = self._object(address)
        return str(int(struct.unpack_from("<I", hints.data, hints.rest)[0]))

    # --- objects ---

    def _at(self, data: bytes, offset: int) -> int:
        return int(struct.unpack_from(self._format, data, offset)[0])

    def _find(self, address: int) -> tuple[bytes, int]:
        """The file that an address lies in, and how far."""
        self._step(1)
        for region in self._regions:
            if region.base + HEADER < address < region.base + len(region.data):
                if address % 4:
                    break
                return region.data, address - region.base
        raise ValueError("a pointer leads nowhere")

    def _step(self, count: int) -> None:
        self._steps += count
        if self._steps > MAX_STEPS:
            raise ValueError("the module is too large to read")

    def _object(self, address: int) -> _Object:
        data, at = self._find(address)
        count, tag = data[at + 6], data[at + 7]
        if tag > 244:
            raise ValueError("an object of another kind was expected")
        pointers = struct.unpack_from(f"<{count}{self._format[1]}", data, at + 8)
        return _Object(tag, pointers, data, at + 8 + count * self._word)

    def _array(self, address: int) -> tuple[int, ...]:
        data, at = self._find(address)
        if data[at + 7] != ARRAY:
            raise ValueError("an array was expected")
        count = self._at(data, at + 8)
        self._step(count)
        return struct.unpack_from(f"<{count}{self._format[1]}", data, at + 8 + 2 * self._word)

    def _list(self, address: int) -> Iterator[int]:
        while not address & 1:
            head, address = self._object(address).pointers
            yield head

    def _name_list(self, address: int) -> tuple[int, ...]:
        return tuple(map(self._name, self._list(address)))

    def _text(self, address: int) -> str:
        data, at = self._find(address)
        if data[at + 7] != STRING:
            raise ValueError("a text was expected")
        size, start = self._at(data, at + 8), at + 8 + 3 * self._word
        end = start + size - 1
        if size < 1 or data[end : end + 1] != b"\0":
            raise ValueError("a text is cut short")
        self._step(size // 8)
        return data[start:end].decode("utf-8")

    def _nat(self, address: int) -> int:
        if address & 1:
            return address >> 1
        data, at = self._find(address)
        if data[at + 7] != BIG or data[at + 8]:
            raise ValueError("a number was expected")
        size, digits = self._at(data, at + 8 + self._word), self._at(data, at + 8 + 2 * self._word)
        self._step(size)
        where, start = self._find(digits)
        whole = where[start : start + 4 * size]
        if len(whole) != 4 * size:
            raise ValueError("a number is cut short")
        return int.from_bytes(whole, "little")

    # --- terms ---

    def _name(self, address: int) -> int:
        if address in self._names:
            return self._names[address]
        chain: list[tuple[int, _Object]] = []
        at = address
        while at not in self._names:
            found = self._object(at)
            chain.append((at, found))
            if len(chain) > MAX_COMPONENTS or found.tag not in (1, 2):
                raise ValueError("not a name")
            at = found.pointers[0]
        name = self._terms.names[self._names[at]]
        for at, found in reversed(chain):
            last = found.pointers[1]
            name = (*name, self._text(last) if found.tag == 1 else self._nat(last))
            if len(name) > MAX_COMPONENTS:
                raise ValueError("a name is too long")
            self._names[at] = self._terms.name(name)
        return self._names[address]

    def _level(self, root: int) -> int:
        def parts(found: _Object) -> tuple[int, ...]:
            return tuple(found.pointers[i] for i in _LEVELS.get(found.tag, ()))

        return self._built(root, self._levels, parts, self._new_level)

    def _new_level(self, found: _Object) -> int:
        tag = _LEVEL_TAGS[found.tag]
        if tag == "p":
            return self._terms.level((tag, self._name(found.pointers[0])))
        return self._terms.level((tag, *(self._levels[at] for at in found.pointers)))

    def _expr(self, root: int) -> int:
        def parts(found: _Object) -> tuple[int, ...]:
            return tuple(found.pointers[i] for i in _CHILDREN.get(found.tag, ()))

        return self._built(root, self._exprs, parts, self._new_expr)

    def _built(
        self,
        root: int,
        known: dict[int, int],
        parts: Callable[[_Object], tuple[int, ...]],
        new: Callable[[_Object], int],
    ) -> int:
        """The number of what stands at an address, its parts first. What leads to itself is an error."""
        waiting, opened = [root], set[int]()
        while waiting:
            at = waiting[-1]
            if at in known:
                waiting.pop()
                continue
            found = self._object(at)
            missing = [part for part in parts(found) if part not in known]
            if missing:
                if at in opened:
                    raise ValueError("a term is part of itself")
                opened.add(at)
                waiting += missing
                continue
            waiting.pop()
            known[at] = new(found)
        return known[root]

    def _new_expr(self, found: _Object) -> int:
        points, below, add = found.pointers, self._exprs, self._terms.expr
        match found.tag:
            case 0:
                return add(("b", self._nat(points[0])))
            case 3:
                return add(("s", self._level(points[0])))
            case 4:
                return add(("c", self._name(points[0]), *map(self._level, self._list(points[1]))))
            case 5:
                return add(("a", below[points[0]], below[points[1]]))
            case 6 | 7:
                binder = found.byte(8)
                if binder > 3:
                    raise ValueError("not a binder")
                kind, name = "lp"[found.tag - LAM], self._name(points[0])
                return add((kind, name, binder, below[points[1]], below[points[2]]))
            case 8:
                return add(("z", self._name(points[0]), *(below[part] for part in points[1:4])))
            case 9:
                return self._literal(self._object(points[0]))
            case 10:
                return below[points[1]]
            case 11:
                return add(("j", self._name(points[0]), self._nat(points[1]), below[points[2]]))
            case _:
                raise ValueError("not a finished term")

    def _literal(self, found: _Object) -> int:
        if found.tag == 0:
            return self._terms.expr(("n", self._nat(found.pointers[0])))
        return self._terms.expr(("t", self._text(found.pointers[0])))


def _regions(parts: Sequence[bytes]) -> tuple[int, list[_Region]]:
    """The size of a pointer in bytes, and the files."""
    if not parts or any(len(part) < HEADER + 8 or not part.startswith(MAGIC) for part in parts):
        raise ValueError("not a compiled module")
    if any(part[6] for part in parts):
        raise ValueError("large numbers are written in a way that is not read here")
    for word, style in ((4, "<II"), (8, "<QQ")):
        if all(len(part) >= HEADER + 2 * word for part in parts):
            heads = [struct.unpack_from(style, part, HEADER) for part in parts]
            spans = [(base, base + len(part)) for (base, _), part in zip(heads, parts, strict=True)]
            if all(any(start < root < end for start, end in spans) for _, root in heads):
                return word, [_Region(base, part) for (base, _), part in zip(heads, parts, strict=True)]
    raise ValueError("a module has no root")
