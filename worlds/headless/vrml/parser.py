"""Build the scene tree from .wbt and .proto files, strictly: what Webots would skip with a message is an error here."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from worlds.headless.errors import WorldError
from worlds.headless.vrml.scene import Field, Node
from worlds.headless.vrml.tables import FIELD_TYPES, RELEASE, FieldSpec, NodeSpec, nodes, stock_protos
from worlds.headless.vrml.tokens import Cursor, Token, describe, tokenize

_RELEASE_URL = f"https://raw.githubusercontent.com/cyberbotics/webots/{RELEASE}/"
_NUMBERS = {"Int32": 1, "Float": 1, "Vec2f": 2, "Vec3f": 3, "Rotation": 4, "Color": 3}
_PROTO_FIELD_WORDS = ("field", "vrmlField", "hiddenField", "unconnectedField")


class Proto(NamedTuple):
    """A PROTO of the project: its interface and its unread body."""

    name: str
    file: Path
    line: int
    fields: dict[str, FieldSpec]
    body: list[Token]
    protos: dict[str, Proto | NodeSpec]


class Scope(NamedTuple):
    """What names mean at a place: PROTOs of the file, DEFs so far, and the interface of the PROTO around, if any."""

    protos: dict[str, Proto | NodeSpec]
    defs: dict[str, Node]
    interface: dict[str, Field]


class World(NamedTuple):
    """A parsed world: the top-level nodes and the DEF names that a supervisor can see."""

    file: Path
    nodes: list[Node]
    defs: dict[str, Node]


_NOTHING = Scope({}, {}, {})


def parse_world(path: Path, sources: dict[Path, bytes] | None = None) -> World:
    """Read a world file; WorldError names file, line and cause of anything Webots would not accept.

    sources: told what was read, the PROTO files too.
    """
    return _Reader({} if sources is None else sources).world(path)


class _Reader:
    def __init__(self, sources: dict[Path, bytes]) -> None:
        self._sources = sources
        self._ids = itertools.count(1)
        self._files: dict[Path, Proto] = {}
        self._opening: list[Path] = []

    # --- files ----------------------------------------------------------------------------------------

    def _open(self, path: Path, shown: Path) -> Cursor:
        try:
            source = path.read_bytes()
        except OSError as error:
            raise WorldError(shown, 1, f"cannot be read: {error.strerror}.") from None
        self._sources[path] = source
        text = source.decode().replace("\r\n", "\n").replace("\r", "\n")
        header = text.split("\n", 1)[0].strip()
        if header != f"#VRML_SIM {RELEASE} utf8":
            raise WorldError(shown, 1, f"the first line must be '#VRML_SIM {RELEASE} utf8', it is {header[:60]!r}.")
        return Cursor(tokenize(text, shown), shown)

    def world(self, path: Path) -> World:
        cursor = self._open(path, path)
        scope = Scope(self._externs(cursor, path), {}, {})
        found: list[Node] = []
        while cursor.peek.kind != "end":
            node = self._node(cursor, scope)
            if node is None:
                raise cursor.error("NULL cannot stand at the top of a world.")
            found.append(node)
        if not found or found[0].type_name != "WorldInfo":
            raise WorldError(path, found[0].line if found else 1, "the first node of a world must be WorldInfo.")
        _check_names(found)
        return World(path, found, scope.defs)

    def _externs(self, cursor: Cursor, path: Path) -> dict[str, Proto | NodeSpec]:
        protos: dict[str, Proto | NodeSpec] = {}
        while cursor.at("EXTERNPROTO") or cursor.at("IMPORTABLE"):
            cursor.accept("IMPORTABLE")
            cursor.expect("EXTERNPROTO", "after IMPORTABLE")
            token = cursor.next()
            if token.kind != "string":
                raise cursor.error(f"EXTERNPROTO needs a URL in double quotes, found {describe(token)}.", token.line)
            name, proto = self._extern(token, cursor, path)
            protos[name] = proto
        return protos

    def _extern(self, token: Token, cursor: Cursor, path: Path) -> tuple[str, Proto | NodeSpec]:
        url = token.text
        name = url.rsplit("/", 1)[-1].removesuffix(".proto")
        if url.startswith(("https://", "http://", "webots://")):
            prefix = "webots://" if url.startswith("webots://") else _RELEASE_URL
            spec = stock_protos().get(name)
            if spec is None or url != f"{prefix}{spec.url_path}":
                raise cursor.error(
                    f'EXTERNPROTO "{url}" is not a PROTO of the {RELEASE} release that the stand-in knows; '
                    "see worlds/headless/data/nodes.json.",
                    token.line,
                )
            return name, spec
        file = Path(os.path.normpath(path.parent / url))
        if not file.is_file():
            raise cursor.error(f'EXTERNPROTO "{url}": {file} does not exist.', token.line)
        return name, self._proto_file(file, name)

    def _proto_file(self, path: Path, name: str) -> Proto:
        real = path.resolve()
        if real in self._files:
            return self._files[real]
        if real in self._opening:
            raise WorldError(path, 1, f"PROTO {name} needs itself through its EXTERNPROTO lines.")
        self._opening.append(real)
        cursor = self._open(path, path)
        protos = self._externs(cursor, path)
        cursor.expect("PROTO", "after the EXTERNPROTO lines")
        title = cursor.word("the PROTO's name")
        if title.text != name:
            raise cursor.error(f"the PROTO of {name}.proto must be named {name}, not {title.text}.", title.line)
        fields = self._interface(cursor)
        body = cursor.skip_braces()
        if cursor.peek.kind != "end":
            raise cursor.error(f"nothing may follow the PROTO, found {describe(cursor.peek)}.")
        self._opening.pop()
        proto = Proto(name, path, title.line, fields, body, protos)
        self._files[real] = proto
        return proto

    def _interface(self, cursor: Cursor) -> dict[str, FieldSpec]:
        cursor.expect("[", "to open the PROTO's fields")
        words = ", ".join(_PROTO_FIELD_WORDS)
        fields: dict[str, FieldSpec] = {}
        while not cursor.accept("]"):
            word = cursor.word(f"one of {words}")
            if word.text not in _PROTO_FIELD_WORDS:
                raise cursor.error(f"expected one of {words}, found {describe(word)}.", word.line)
            kind = cursor.word("a field type")
            if kind.text not in FIELD_TYPES:
                known = ", ".join(FIELD_TYPES)
                raise cursor.error(f"'{kind.text}' is not a field type; use one of {known}.", kind.line)
            allowed = tuple(self._enumeration(cursor))
            name = cursor.word("a field name")
            if name.text in fields:
                raise cursor.error(f"field '{name.text}' is declared twice.", name.line)
            value = self._value(cursor, kind.text, _NOTHING, name.text)
            if kind.text in ("SFNode", "MFNode") and value not in (None, []):
                sentence = f"field '{name.text}': a default node is not read by the stand-in; use NULL or []."
                raise cursor.error(sentence, name.line)
            fields[name.text] = FieldSpec(name.text, kind.text, _text(kind.text, value), allowed)
        return fields

    @staticmethod
    def _enumeration(cursor: Cursor) -> Iterator[str]:
        if cursor.accept("{"):
            while not cursor.accept("}"):
                if cursor.peek.kind == "end":
                    raise cursor.error("the list of allowed values is never closed; add the missing '}'.")
                yield cursor.next().text

    # --- nodes ----------------------------------------------------------------------------------------

    def _node(self, cursor: Cursor, scope: Scope) -> Node | None:
        if cursor.accept("NULL"):
            return None
        if cursor.accept("USE"):
            used = cursor.word("a DEF name after USE")
            if used.text not in scope.defs:
                raise cursor.error(f"USE {used.text}: no DEF {used.text} before this line.", used.line)
            return scope.defs[used.text]
        def_name = cursor.word("a DEF name").text if cursor.accept("DEF") else ""
        title = cursor.word("a node name")
        target = scope.protos.get(title.text) or nodes().get(title.text)
        if target is None:
            raise cursor.error(_unknown_node(title.text), title.line)
        if isinstance(target, Proto):
            node = self._instance(cursor, target, title, scope)
        else:
            node = Node(target, next(self._ids), str(cursor.file), title.line)
            self._fields(cursor, node, scope)
        node.def_name = def_name
        if def_name:
            scope.defs[def_name] = node
        return node

    def _instance(self, cursor: Cursor, proto: Proto, title: Token, scope: Scope) -> Node:
        shell = NodeSpec(proto.name, proto.fields, (proto.name,), frozenset(), None)
        node = Node(shell, next(self._ids), str(cursor.file), title.line)
        self._fields(cursor, node, scope)
        inner = Cursor(proto.body, proto.file)
        body = self._node(inner, Scope(proto.protos, {}, node.fields))
        if body is None or inner.peek.kind != "end":
            raise inner.error(f"the body of PROTO {proto.name} must be exactly one node.")
        body.parent = node
        node.body = body
        return node

    def _fields(self, cursor: Cursor, node: Node, scope: Scope) -> None:
        spec = node.spec
        cursor.expect("{", f"after {spec.name}")
        given: dict[str, Field] = {}
        while not cursor.accept("}"):
            name = cursor.word(f"a field name of {spec.name} or '}}'")
            known = spec.fields.get(name.text)
            if known is None:
                raise cursor.error(_unknown_field(spec, name.text), name.line)
            if name.text in given:
                raise cursor.error(f"{spec.name}: field '{name.text}' is given twice.", name.line)
            if cursor.accept("IS"):
                given[name.text] = _linked(cursor, known, scope.interface, spec)
                continue
            value = self._value(cursor, known.type, scope, f"{spec.name}.{name.text}")
            _check_allowed(cursor, known, value, name.line, spec)
            given[name.text] = Field(known.name, known.type, value)
        for known in spec.fields.values():
            field = given.get(known.name) or Field(known.name, known.type, self._default(known))
            node.fields[known.name] = field
            for child in _nodes_in(field):
                # a node handed in through IS stays the child of the PROTO instance that was given it
                child.parent = child.parent or node
        _check_names([child for child in node.solid_children() if child.is_a("Solid")])

    def _default(self, spec: FieldSpec) -> Any:
        origin = Path("default of " + spec.name)
        return self._value(Cursor(_default_tokens(spec.default), origin), spec.type, _NOTHING, spec.name)

    # --- values ---------------------------------------------------------------------------------------

    def _value(self, cursor: Cursor, kind: str, scope: Scope, where: str) -> Any:
        item = kind[2:]
        if kind.startswith("SF"):
            return self._single(cursor, item, scope, where)
        if not cursor.accept("["):
            return [self._single(cursor, item, scope, where)]
        values = []
        while not cursor.accept("]"):
            if cursor.peek.kind == "end":
                raise cursor.error(f"{where}: the list is never closed; add the missing ']'.")
            values.append(self._single(cursor, item, scope, where))
        return values

    def _single(self, cursor: Cursor, item: str, scope: Scope, where: str) -> Any:
        if item == "Node":
            return self._node(cursor, scope)
        token = cursor.peek
        if item == "String":
            if token.kind != "string":
                raise cursor.error(f"{where} needs a string in double quotes, found {describe(token)}.")
            return cursor.next().text
        if item == "Bool":
            if token.kind != "word" or token.text not in ("TRUE", "FALSE"):
                raise cursor.error(f"{where} needs TRUE or FALSE, found {describe(token)}.")
            return cursor.next().text == "TRUE"
        count = _NUMBERS[item]
        numbers = [_number(cursor, item, count, where) for _ in range(count)]
        return numbers[0] if count == 1 else numbers


@cache
def _default_tokens(text: str) -> list[Token]:
    """Tokens of a default, cut once: a world asks for the same few thousands of times."""
    return tokenize(text, Path("default"))


def _number(cursor: Cursor, item: str, count: int, where: str) -> float:
    token = cursor.peek
    wanted = "a whole number" if item == "Int32" else "a number" if count == 1 else f"{count} numbers"
    try:
        if token.kind != "word" or "_" in token.text or token.text.lower().lstrip("+-") in ("nan", "inf", "infinity"):
            raise ValueError
        value = int(token.text, 0) if item == "Int32" else float(token.text)
    except ValueError:
        raise cursor.error(f"{where} needs {wanted}, found {describe(token)}.") from None
    cursor.next()
    return value


def _text(kind: str, value: Any) -> str:
    """VRML text of a default value, so that each instance reads a fresh copy of it."""
    if kind.startswith("MF"):
        return "[ " + " ".join(_text("SF" + kind[2:], item) for item in value) + " ]"
    if value is None:
        return "NULL"
    if kind == "SFBool":
        return "TRUE" if value else "FALSE"
    if kind == "SFString":
        return '"' + str(value).replace("\\", "\\\\").replace('"', '\\"') + '"'
    return " ".join(repr(number) for number in value) if isinstance(value, list) else repr(value)


def _nodes_in(field: Field) -> list[Node]:
    values = field.value if field.type == "MFNode" else [field.value] if field.type == "SFNode" else []
    return [value for value in values if value is not None]


def _linked(cursor: Cursor, known: FieldSpec, interface: dict[str, Field], spec: NodeSpec) -> Field:
    name = cursor.word("a field of the PROTO after IS")
    source = interface.get(name.text)
    if source is None:
        raise cursor.error(f"{spec.name}.{known.name} IS {name.text}: the PROTO has no field '{name.text}'.", name.line)
    if source.type != known.type:
        raise cursor.error(
            f"{spec.name}.{known.name} is {known.type}, but IS {name.text} is {source.type}; give both the same type.",
            name.line,
        )
    return source


def _check_allowed(cursor: Cursor, known: FieldSpec, value: Any, line: int, spec: NodeSpec) -> None:
    values = value if known.type.startswith("MF") else [value]
    for item in values if known.allowed else ():
        if str(item) not in known.allowed:
            raise cursor.error(
                f'{spec.name}.{known.name} cannot be "{item}"; use one of {", ".join(known.allowed)}.', line
            )


def _check_names(siblings: list[Node]) -> None:
    seen: dict[str, Node] = {}
    for node in siblings:
        found = node.find("name")
        if not node.is_a("Solid") or found is None:
            continue
        other = seen.setdefault(found.value, node)
        if other is not node:
            sentence = f'the name "{found.value}" is taken (line {other.line}); give each Solid its own name.'
            raise WorldError(node.file, node.line, sentence)


def _unknown_node(name: str) -> str:
    if name in stock_protos():
        return (
            f'{name} needs a line EXTERNPROTO "{_RELEASE_URL}{stock_protos()[name].url_path}" at the top of the file.'
        )
    return f"'{name}' is neither a node the stand-in knows nor declared by an EXTERNPROTO line of this file."


def _unknown_field(spec: NodeSpec, name: str) -> str:
    if name in spec.deprecated:
        return f"{spec.name}: field '{name}' is gone from {RELEASE}; remove it."
    return f"{spec.name} has no field '{name}'; it has {', '.join(spec.fields)}."
