"""The text of a world as a tree, whatever its nodes are called: every mistake is told, none ends the reading.

The stand-in's own parser stops at the first mistake and wants every node to be one it can run. A checker has to read
real worlds to the end, so names and types come later (`fields.py`); here is only the grammar.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from ops.worlds.check.findings import Findings
from worlds.headless.errors import WorldError
from worlds.headless.vrml.tokens import Cursor, Token, describe, tokenize

ItemKind = Literal["number", "string", "bool", "word", "node", "use", "null", "is"]
PROTO_FIELD_WORDS = ("field", "vrmlField", "hiddenField", "unconnectedField", "deprecatedField")
_TEMPLATE = re.compile(r"%<.*?>%|%\{.*?\}%", re.DOTALL)


@dataclass
class Item:
    """One value: a number, a string, a node, or a name after USE or IS."""

    kind: ItemKind
    text: str
    line: int
    node: NodeText | None = None


@dataclass
class FieldText:
    """A field as written."""

    name: str
    line: int
    items: list[Item]
    bracketed: bool

    @property
    def linked(self) -> str:
        """The name after IS, or nothing."""
        return self.items[0].text if len(self.items) == 1 and self.items[0].kind == "is" else ""

    def nodes(self) -> list[NodeText]:
        return [item.node for item in self.items if item.node is not None]


@dataclass
class NodeText:
    """A node as written."""

    type_name: str
    line: int
    define: str = ""
    fields: list[FieldText] = field(default_factory=list)

    def field(self, name: str) -> FieldText | None:
        return next((field for field in self.fields if field.name == name), None)

    def string(self, name: str, default: str) -> str:
        """The text of a string field."""
        found = self.field(name)
        return found.items[0].text if found and found.items and found.items[0].kind == "string" else default


@dataclass
class ExternText:
    url: str
    line: int
    importable: bool = False
    """For nodes that a supervisor may add while the world runs."""


@dataclass
class InterfaceText:
    """A field that a PROTO declares."""

    type_name: str
    name: str
    line: int
    default: FieldText


@dataclass
class FileText:
    """A world (`nodes`) or a PROTO (`proto`, its interface, and one node unless it is a template)."""

    path: Path
    externs: list[ExternText] = field(default_factory=list)
    nodes: list[NodeText] = field(default_factory=list)
    proto: str = ""
    proto_line: int = 1
    interface: list[InterfaceText] = field(default_factory=list)
    template: bool = False


def read(path: Path, findings: Findings, is_field: Callable[[str], bool]) -> FileText | None:
    """The tree of a file; None if nothing of it could be read. `is_field` tells names that some node has as a field."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        findings.error(path, 1, f"cannot be read: {error.strerror}.")
        return None
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        findings.error(path, line, "is not UTF-8 text; save it as UTF-8.")
        return None
    template = path.suffix == ".proto" and _TEMPLATE.search(text) is not None
    if template:
        text = _TEMPLATE.sub(lambda match: "\n" * match.group().count("\n"), text)
    tokens = _tokens(text, path, findings)
    if tokens is None:
        return None
    reader = _Reader(Cursor(tokens, path), path, findings, is_field)
    return reader.proto(template) if path.suffix == ".proto" else reader.world()


def _tokens(text: str, path: Path, findings: Findings) -> list[Token] | None:
    try:
        return tokenize(text, path)
    except WorldError as error:
        line = error.line
        if "never closed" in error.sentence:
            # an odd quote makes every later string begin where one should end: the first to span lines is the culprit
            strings = re.finditer(r'#[^\n]*|"(?:\\.|[^"\\])*"', text, re.DOTALL)
            spans = (m for m in strings if m.group().startswith('"') and "\n" in m.group())
            line = next((text.count("\n", 0, m.start()) + 1 for m in spans), line)
        findings.error(path, line, error.sentence)
        return None


class _Reader:
    def __init__(self, cursor: Cursor, path: Path, findings: Findings, is_field: Callable[[str], bool]) -> None:
        self._cursor = cursor
        self._file = FileText(path)
        self._findings = findings
        self._is_field = is_field

    def world(self) -> FileText:
        self._externs()
        while self._cursor.peek.kind != "end":
            item = self._node_item()
            if item is None:
                token = self._cursor.next()
                hint = "; is there a '}' too many above?" if token.text == "}" else ""
                self._error(token.line, f"expected a node, found {describe(token)}{hint}.")
            elif item.node is not None:
                self._file.nodes.append(item.node)
            else:
                self._error(item.line, "only nodes can stand at the top of a world.")
        return self._file

    def proto(self, template: bool) -> FileText:
        self._file.template = template
        self._externs()
        if not self._cursor.accept("PROTO"):
            self._error(self._cursor.peek.line, f"expected PROTO, found {describe(self._cursor.peek)}.")
            return self._file
        title = self._cursor.next()
        self._file.proto, self._file.proto_line = title.text, title.line
        if not self._interface() or template:
            return self._file
        if not self._cursor.accept("{"):
            self._error(self._cursor.peek.line, "expected '{' after the fields of the PROTO.")
            return self._file
        while self._cursor.peek.kind != "end" and not self._cursor.at("}"):
            item = self._node_item()
            if item is not None and item.node is not None:
                self._file.nodes.append(item.node)
            else:
                token = item or self._cursor.next()
                self._error(token.line, f"the body of a PROTO is one node, found '{token.text}'.")
        if not self._cursor.accept("}"):
            self._error(self._cursor.peek.line, "the PROTO's '{' is never closed; add the missing '}'.")
        elif self._cursor.peek.kind != "end":
            self._error(self._cursor.peek.line, f"nothing may follow the PROTO, found {describe(self._cursor.peek)}.")
        return self._file

    def _error(self, line: int, sentence: str) -> None:
        self._findings.error(self._file.path, line, sentence)

    def _externs(self) -> None:
        while self._cursor.at("EXTERNPROTO") or self._cursor.at("IMPORTABLE"):
            importable = self._cursor.accept("IMPORTABLE")
            self._cursor.accept("EXTERNPROTO")
            token = self._cursor.peek
            if token.kind == "string":
                self._file.externs.append(ExternText(token.text, token.line, importable))
                self._cursor.next()
            else:
                self._error(token.line, f"EXTERNPROTO needs a URL in double quotes, found {describe(token)}.")
                if token.text != "EXTERNPROTO" and token.kind != "end":
                    self._cursor.next()

    def _interface(self) -> bool:
        if not self._cursor.accept("["):
            self._error(self._cursor.peek.line, "expected '[' to open the PROTO's fields.")
            return False
        while not self._cursor.accept("]"):
            word = self._cursor.next()
            if word.text not in PROTO_FIELD_WORDS or word.kind != "word":
                self._error(word.line, f"expected 'field' or ']', found {describe(word)}.")
                return False
            kind = self._cursor.next()
            if self._cursor.accept("{"):
                while self._cursor.peek.kind != "end" and not self._cursor.accept("}"):
                    self._cursor.next()
            name = self._cursor.next()
            self._file.interface.append(InterfaceText(kind.text, name.text, name.line, self._value(name)))
        return True

    # --- nodes and values -----------------------------------------------------------------------------

    def _opens_node(self, offset: int = 0) -> bool:
        token = self._cursor.ahead(offset)
        return token.kind == "word" and self._cursor.ahead(offset + 1).text == "{" and token.text != "DEF"

    def _node_item(self) -> Item | None:
        """A node, a USE or NULL; None (and nothing read) if here is none."""
        cursor = self._cursor
        line = cursor.peek.line
        if cursor.accept("NULL"):
            return Item("null", "NULL", line)
        if cursor.accept("USE"):
            return Item("use", cursor.next().text, line)
        define = ""
        if cursor.at("DEF"):
            cursor.next()
            define = cursor.next().text
            if not self._opens_node():
                self._error(
                    cursor.peek.line, f"DEF {define} must be followed by a node, found {describe(cursor.peek)}."
                )
                return Item("word", define, line)
        elif not self._opens_node():
            return None
        title = cursor.next()
        node = NodeText(title.text, title.line, define)
        self._body(node)
        return Item("node", title.text, title.line, node)

    def _body(self, node: NodeText) -> None:
        cursor = self._cursor
        opened = cursor.next()
        while not cursor.accept("}"):
            token = cursor.peek
            if token.kind == "end":
                self._error(opened.line, f"the '{{' of {node.type_name} is never closed; add the missing '}}'.")
                return
            if token.text in ("DEF", "USE") or (self._opens_node() and not self._is_field(token.text)):
                self._error(
                    token.line,
                    f"a node stands where {node.type_name} (line {node.line}) wants a field; is a '}}' missing?",
                )
                return
            if token.kind != "word":
                if token.text == "]":
                    self._error(
                        token.line, f"']' where {node.type_name} (line {node.line}) is still open; a '}}' is missing."
                    )
                    return
                self._error(token.line, f"expected a field of {node.type_name} or '}}', found {describe(token)}.")
                cursor.next()
                continue
            name = cursor.next()
            node.fields.append(self._value(name))

    def _value(self, name: Token) -> FieldText:
        cursor = self._cursor
        line = cursor.peek.line
        if not cursor.accept("["):
            return FieldText(name.text, name.line, self._plain(), False)
        items: list[Item] = []
        while not cursor.accept("]"):
            token = cursor.peek
            lost = (
                token.kind == "word" and not _numeric(token) and self._is_field(token.text) and not self._opens_node()
            )
            if token.kind == "end" or token.text == "}" or lost:
                self._error(line, f"the '[' of {name.text} is never closed; add the missing ']'.")
                break
            item = self._item()
            if item is None:
                self._error(token.line, f"{name.text} cannot hold {describe(token)}.")
                cursor.next()
            else:
                items.append(item)
        return FieldText(name.text, name.line, items, True)

    def _plain(self) -> list[Item]:
        """The value of a field that has no brackets: one item, or a run of numbers."""
        token = self._cursor.peek
        if token.kind == "word" and _numeric(token):
            items = []
            while self._cursor.peek.kind == "word" and _numeric(self._cursor.peek):
                found = self._cursor.next()
                items.append(Item("number", found.text, found.line))
            return items
        missing = token.kind == "word" and self._is_field(token.text) and not self._opens_node()
        item = None if missing else self._item()
        return [item] if item is not None else []

    def _item(self) -> Item | None:
        cursor = self._cursor
        token = cursor.peek
        if token.kind == "string":
            cursor.next()
            return Item("string", token.text, token.line)
        if token.kind != "word":
            return None
        if token.text in ("TRUE", "FALSE"):
            cursor.next()
            return Item("bool", token.text, token.line)
        if cursor.accept("IS"):
            return Item("is", cursor.next().text, token.line)
        node = self._node_item()
        if node is not None:
            return node
        cursor.next()
        return Item("number" if _numeric(token) else "word", token.text, token.line)


def _numeric(token: Token) -> bool:
    return token.kind == "word" and token.text[0] in "+-.0123456789"
