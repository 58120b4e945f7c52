"""Cut VRML text into tokens that remember their line."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal, NamedTuple

from worlds.headless.errors import WorldError

Kind = Literal["word", "string", "punct", "end"]

_TOKEN = re.compile(
    r"""(?P<space>[\s,]+)
    |(?P<comment>\#[^\n]*)
    |(?P<string>"(?:\\.|[^"\\])*")
    |(?P<template>%<|%\{)
    |(?P<punct>[{}\[\]])
    |(?P<word>[^\s,{}\[\]"\#]+)
    |(?P<bad>.)""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)


class Token(NamedTuple):
    """One token; `text` of a string is unescaped and without quotes."""

    kind: Kind
    text: str
    line: int


def tokenize(text: str, file: Path) -> list[Token]:
    """Tokens of a .wbt or .proto text, the last of kind "end"; WorldError on an unclosed string or a template."""
    tokens: list[Token] = []
    line = 1
    for match in _TOKEN.finditer(text):
        kind, body = match.lastgroup, match.group()
        if kind == "word":
            tokens.append(Token("word", body, line))
        elif kind == "punct":
            tokens.append(Token("punct", body, line))
        elif kind == "string":
            tokens.append(Token("string", _ESCAPE.sub(r"\1", body[1:-1]), line))
        elif kind == "template":
            raise WorldError(
                file, line, "JavaScript templates are not read by the stand-in; write plain fields instead."
            )
        elif kind == "bad":
            raise WorldError(file, line, "this string is never closed; add the missing double quote.")
        line += body.count("\n")
    tokens.append(Token("end", "end of file", line))
    return tokens


class Cursor:
    """A place in a token list."""

    def __init__(self, tokens: list[Token], file: Path) -> None:
        self._tokens = tokens
        self._at = 0
        self.file = file

    @property
    def peek(self) -> Token:
        return self._tokens[self._at]

    def ahead(self, offset: int) -> Token:
        """The token so many places on, or the last one."""
        return self._tokens[min(self._at + offset, len(self._tokens) - 1)]

    def next(self) -> Token:
        token = self._tokens[self._at]
        if token.kind != "end":
            self._at += 1
        return token

    def at(self, text: str) -> bool:
        """True when the next token is this word or bracket (a string never is)."""
        token = self.peek
        return token.kind != "string" and token.text == text

    def accept(self, text: str) -> bool:
        if self.at(text):
            self._at += 1
            return True
        return False

    def expect(self, text: str, where: str) -> Token:
        if not self.at(text):
            raise self.error(f"expected '{text}' {where}, found {describe(self.peek)}.")
        return self.next()

    def word(self, what: str) -> Token:
        if self.peek.kind != "word":
            raise self.error(f"expected {what}, found {describe(self.peek)}.")
        return self.next()

    def skip_braces(self) -> list[Token]:
        """The tokens between here's '{' and its '}', with a closing "end" token."""
        self.expect("{", "to open the block")
        depth, inside = 1, []
        while True:
            token = self.next()
            if token.kind == "end":
                raise self.error("a '{' is never closed; add the missing '}'.")
            if token.kind == "punct":
                depth += {"{": 1, "}": -1}.get(token.text, 0)
                if depth == 0:
                    inside.append(Token("end", "end of the PROTO body", token.line))
                    return inside
            inside.append(token)

    def error(self, sentence: str, line: int | None = None) -> WorldError:
        return WorldError(self.file, self.peek.line if line is None else line, sentence)


def describe(token: Token) -> str:
    """The token as a sentence names it."""
    if token.kind == "end":
        return f"the {token.text}"
    return f'the string "{token.text}"' if token.kind == "string" else f"'{token.text}'"
