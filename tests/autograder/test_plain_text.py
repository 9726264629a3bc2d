"""What students write is shown letter by letter: it steers no terminal and commands nothing in a formula."""

import errno
import os
import shutil
import unicodedata

import pytest

from autograder.plain_text import for_terminal, has_commands, in_one_line, of_system, without_commands

STEERING = {
    "escape": "\x1b[2J",
    "title": "\x1b]0;owned\x07",
    "link": "\x1b]8;;http://x\x1b\\",
    "control of one byte": "\x9b31m",
    "carriage return": "30 of 30\r 0 of 30",
    "backspaces": "0\b30",
    "bell": "\a",
    "nul": "\0",
    "delete": "\x7f",
    "form feed": "\f",
    "tabulators": "\v",
    "right to left": "\u202e03 fo 03",
    "isolate": "\u2066x\u2069",
    "line separator": "x\u2028y",
    "paragraph separator": "x\u2029y",
    "next line": "x\x85y",
    "zero width": "ad\u200bmin",
    "byte order": "\ufeffx",
    "half a character": "\ud800",
    "private use": "\ue000",
    "tags": "\U000e0041",
}


@pytest.mark.parametrize("name", STEERING)
def test_nothing_that_steers_a_terminal_is_left(name):
    shown = for_terminal(f"before {STEERING[name]} after")
    assert shown.startswith("before ")
    assert shown.endswith(" after")
    assert not {unicodedata.category(letter) for letter in shown} & {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
    shown.encode("utf-8")


@pytest.mark.parametrize("text", ["Zoë ∂Σ 你好 שלום 🎓", "two\nlines", "2.5\N{NO-BREAK SPACE}P", "`a` < [b]"])
def test_what_can_be_read_stays_as_it_is(text):
    assert for_terminal(text) == text


def test_a_name_stands_in_one_line():
    assert in_one_line("zoë ∂\n\x1b[2Jdone" + "x" * 200) == "zoë ∂\ufffd\ufffd[2Jdone" + "x" * 86


@pytest.mark.parametrize(
    "formula",
    [
        *(r"\href{javascript:x}{y}", r"\url{x}", r"\class{navbar}{x}", r"\style{position:fixed}{x}"),
        *(r"\cssId{marks}{x}", r"\require{html}", r"\unicode[cursive]{x41}", r"\data{a=b}{x}"),
        *(r"\htmlId{a}{x}", r"\bbox[border:9em]{x}", r"\mmlToken{mi}[href='javascript:x']{y}"),
        r"\let\x=\href \x{javascript:y}{z}",
        *(r"\smash{\raise 40em{30}}", r"\llap{30}", r"\kern-50em 30", r"\hspace{-300px}30", r"\\[-20em] 30"),
        *(r"\def\a#1{\href#1}", r"\csname href\endcsname{x}{y}", r"\HREF{x}{y}", r"\href_{x}"),
    ],
)
def test_what_does_more_than_mathematics_is_no_command_any_more(formula):
    changed = without_commands(formula)
    assert has_commands(formula)
    assert not has_commands(changed)
    assert changed.replace("\u200b", "") == formula


@pytest.mark.parametrize(
    "formula",
    [
        r"\frac{\partial L}{\partial W_1} = -2\,X^\top (T-Y)",
        r"\begin{align} a &= b\\[2ex] c &< d \end{align}",
        r"\underbrace{x-10}_{\text{data}} \quad \hspace{-2pt} \kern-0.1em \mspace{-3mu} \mathrm{d}x",
        r"\newcommand{\R}{\mathbb{R}} \color{red}{x} \classes \styled \database",
    ],
)
def test_mathematics_stays_as_it_is(formula):
    assert without_commands(formula) == formula


def refused(path, number=errno.ENOSPC):
    return OSError(number, os.strerror(number), path)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (refused("b/a.txt"), "No space left on device: b/a.txt"),
        (OSError("no number"), "no number"),
        (shutil.Error([("a", "b", str(refused("b/x")))] * 99), "No space left on device: 'b/x'"),
        (shutil.Error("a folder in itself"), "a folder in itself"),
    ],
    ids=["a file", "no file", "a whole folder", "a sentence"],
)
def test_what_the_system_refuses_is_told_without_signs(error, words):
    assert of_system(error) == words
