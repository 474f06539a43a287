"""How sentences are found in Python source: everywhere in a core, at a few places in a reader, where people are told in the rest.

`riskboard.sentences` says which file is read in which way.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass

REFUSALS = {
    "Refused", "Failed", "NotNow", "Blocked", "Unreachable", "TooSlow", "TooLarge", "NotAPage", "TryLater", "BadTime", "PlanError",
}  # fmt: skip
STEPS = {"progress": 1, "report": 1, "say": 0}  # a call that tells a step, and which of its two arguments is the words
WORDED = {  # functions that return one
    "_nothing_found", "too_long", "_at_most", "_why_ended", "_other", "_not_now", "_words", "_why_not", "_saved",
    "_removed", "_attached", "_url_fault", "_evidence_fault", "cell_place",
}  # fmt: skip
# What words are called before they are told: those of a step, the end of a refusal, what is wrong by column.
NAMED = frozenset({"doing", "hint", "wrong"})
CELLS = {
    "Fault",
    "note",
}  # a call that tells what is wrong with one cell of a file: its last argument, after where it stands
MARKS = {"gettext", "ngettext", "_"}  # what is marked is in the other catalogue
LEAST_FIXED = 12  # letters: a template with fewer, "{name} is {fault}", would fit what anybody writes
LEAST_OF_A_CHECK = 6  # what a check finds is read beside its name
UNSHOWN = {
    "clause",
    "references",
    "reference",
    "source",
    "dated",
    "id",
    "precedent",
    "effect",
    "check",
    "tag",
}
SILENT = {
    "Quarantined",
    "warning",
    "info",
    "debug",
    "exception",
    "compile",
    "number",
    "Refused",
    "SourceChanged",
}  # calls nobody reads
INSIDE = {  # names of simulated services, what a cause is searched by, and lines of a log
    "{split} outage", "fallback {id}", "mtd {id}", "own {id}", "cap:{id}", "check {check}", "incident {incident}",
    "check %s failed on %s", "fallback",
}  # fmt: skip
_WORDS = re.compile(r"[A-Za-z]{2,}[,;:]? +(?:\{|[A-Za-z(“]|\d)|\} +[a-z]{2,}|[A-Za-z]{2,}[:,;]? *\{")
_FILLED = re.compile(r"(?<!\{)\{\w+(?::[^{}]*)?\}")
_CODE = re.compile(r"\\|%[YmdHM]|\(\?|^\$\.|^[a-z_]+\(|^https?:")
_TELLING = re.compile(r"reason|why|note|PRESENT_ONLY|SNAPSHOTS|window", re.I)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A template and the file it stands in. `many`: its plural where it counts; `context`: the vocabulary of a single word."""

    text: str
    path: str
    many: str = ""
    context: str | None = None


class Walk(ast.NodeVisitor):
    """Collects the sentences of one file."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.found: list[Sentence] = []

    def _add(self, text: str, many: str = "") -> None:
        text = text.strip().lstrip(";,. ").rstrip(",").strip()
        if any(c.isalpha() for c in text) and text not in INSIDE:
            self.found.append(Sentence(text, self.path, many))

    def visit_Expr(self, node: ast.Expr) -> None:
        """A docstring says nothing to a reader of reports."""
        if not isinstance(node.value, ast.Constant):
            self.generic_visit(node)

    def visit_Raise(self, node: ast.Raise) -> None:
        """An error ends the judgement; it is stored nowhere."""

    def visit_Subscript(self, node: ast.Subscript) -> None:
        """A key, or a Literal."""
        self.visit(node.value)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        """The annotation is code."""
        if node.value is not None:
            self.visit(node.value)

    def visit_arguments(self, node: ast.arguments) -> None:
        """Defaults may be words, annotations are code."""
        for default in (*node.defaults, *node.kw_defaults):
            if default is not None:
                self.visit(default)

    def visit_keyword(self, node: ast.keyword) -> None:
        """Names of clauses and ids stay as they are; a unit is counted."""
        if node.arg == "unit":
            self._unit(node.value)
        elif node.arg not in UNSHOWN:
            self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        """count(n, "outage") makes two templates; the last argument of incident_evidence is a unit."""
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name in SILENT:
            return
        if name == "count" and len(node.args) == 2 and isinstance(node.args[1], ast.Constant):
            noun = str(node.args[1].value)
            self._add(f"{{n}} {noun}", f"{{n}} {noun}s")
            self.visit(node.args[0])
            return
        if name == "incident_evidence":
            self._unit(node.args[2])
            node = ast.Call(node.func, node.args[:2], node.keywords)
        self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> None:
        """A whole sentence, or a part of one."""
        if isinstance(node.value, str) and _is_prose(node.value):
            self._add(braced(node.value))

    def visit_Dict(self, node: ast.Dict) -> None:
        """The figures that fire a rule are named by single words, too."""
        if self.path.startswith("assessments/continuity/rules/"):
            for key in node.keys:
                if isinstance(key, ast.Constant) and isinstance(key.value, str):
                    self._add(braced(key.value))
        self.generic_visit(node)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        """A sentence with places to fill in, and the words that may be filled in."""
        taken: dict[str, int] = {}
        parts = []
        for part in node.values:
            if isinstance(part, ast.Constant):
                parts.append(braced(str(part.value)))
            elif isinstance(part, ast.FormattedValue):
                parts.append(_place(part, taken))
                self._words(part.value)
        text = "".join(parts)
        if _is_prose(text):
            self._add(text)

    def _words(self, node: ast.expr) -> None:
        """What stands in an f-string's braces: choices between words count although they are single words."""
        for one in ast.walk(node):
            if isinstance(one, ast.IfExp):
                for branch in (one.body, one.orelse):
                    if isinstance(branch, ast.Constant) and isinstance(branch.value, str):
                        self._add(braced(branch.value))
        self.visit(node)

    def _unit(self, node: ast.expr) -> None:
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and node.value.isalpha()
            and len(node.value) > 3
        ):
            unit = node.value
            if unit not in ("share", "chance", "probability"):
                self._add(f"{{n}} {unit}", "" if unit.endswith("s") else f"{{n}} {unit}s")


class Narrow(Walk):
    """Of a reader of status pages only what it says of the record: reasons, notes, and why one telling was used."""

    def generic_visit(self, node: ast.AST) -> None:
        """Look for the places; what stands there is taken as everywhere else."""
        for child in ast.iter_child_nodes(node):
            wanted = _told(child)
            if wanted is None:
                self.generic_visit(child)
            elif wanted is not child:
                walk = Walk(self.path)
                walk.visit(wanted)
                self.found += walk.found

    visit = generic_visit


class Spoken(Walk):
    """Of code that works for people only what it tells them: refusals, the steps of a job, and what a refusal calls a thing."""

    named = NAMED

    def generic_visit(self, node: ast.AST) -> None:
        """Look for the places; what is marked for translation there is in the other catalogue."""
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.Call):
                self._told(child)
            elif isinstance(child, ast.Assign) and self.named & {
                getattr(one, "id", "") for one in ast.walk(child.targets[0])
            }:
                self._take(child.value, least=0)
            elif isinstance(child, ast.FunctionDef) and child.name in WORDED:
                body = [one for one in child.body if not isinstance(one, ast.Expr)]
                self._take(ast.Module(body=body, type_ignores=[]), least=0)
            self.generic_visit(child)

    visit = generic_visit

    def _told(self, node: ast.Call) -> None:
        name, told = _called(node), node.args
        if name in REFUSALS and told:
            self._take(told[0])
        elif name in CELLS and told and (name == "Fault" or len(told) == 2):
            self._take(told[-1])
        elif name in STEPS and len(told) == 2:
            self._take(told[STEPS[name]], least=0)
        for one in node.keywords:
            if one.arg == "what" and isinstance(one.value, ast.Constant):
                self.found.append(Sentence(str(one.value.value), self.path, context="thing"))
            elif one.arg in ("error", "message", "summary"):
                self._take(one.value, least=0)

    def _take(self, node: ast.AST, least: int = LEAST_FIXED) -> None:
        if any(isinstance(one, ast.Call) and _called(one) in MARKS for one in ast.walk(node)):
            return
        walk = Walk(self.path)
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            walk._add(braced(node.value))  # a single word counts
        else:
            walk.visit(node)
        self.found += [
            one
            for one in walk.found
            if "{" not in one.text or sum(map(str.isalpha, _FILLED.sub("", one.text))) >= least
        ]


class Examined(Spoken):
    """Of doctor what each check is called, what it found, and what to do."""

    named = frozenset({"found", "fix"})

    def _told(self, node: ast.Call) -> None:
        if _called(node) != "Check":
            return
        name, _, found, *fix = node.args
        if isinstance(name, ast.Constant):
            self.found.append(Sentence(str(name.value), self.path, context="check of an installation"))
        for one in (found, *fix):
            self._take(one, least=LEAST_OF_A_CHECK)


def _called(node: ast.Call) -> str:
    """The name of what is called, without what it is an attribute of."""
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def _told(node: ast.AST) -> ast.AST | None:
    """The words of a place where a reader speaks of the record; the node itself where nothing below it does; else None."""
    if (
        isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) in SILENT
    ) or isinstance(node, ast.Raise):
        return node
    if isinstance(node, ast.keyword) and node.arg in ("reason", "why", "note"):
        return node.value
    if isinstance(node, ast.Assign | ast.AnnAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        names = [getattr(target, "attr", getattr(target, "id", "")) for target in targets]
        if node.value is not None and any(_TELLING.search(name) for name in names):
            return node.value
    if isinstance(node, ast.FunctionDef) and _TELLING.search(node.name):
        return ast.Module(body=[one for one in node.body if not isinstance(one, ast.Expr)], type_ignores=[])
    return None


def braced(text: str) -> str:
    """As a template whose places are none: what stands in braces is text."""
    return text.replace("{", "{{").replace("}", "}}")


def _is_prose(text: str) -> bool:
    bare = _FILLED.sub("{}", text)  # how a date is written in a place is no code
    return bool(_WORDS.search(text)) and not _CODE.search(bare)


def _place(part: ast.FormattedValue, taken: dict[str, int]) -> str:
    name = _name(part.value) or "value"
    taken[name] = taken.get(name, 0) + 1
    if taken[name] > 1:
        name = f"{name}_{taken[name]}"
    parts = part.format_spec.values if isinstance(part.format_spec, ast.JoinedStr) else []
    spec = "".join(str(one.value) for one in parts if isinstance(one, ast.Constant))
    return f"{{{name}:{spec}}}" if spec else f"{{{name}}}"


def _name(node: ast.expr) -> str:
    """A name a translator can make sense of: that of the variable, the attribute or what is counted."""
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=value, attr="name"):
            return f"{_name(value) or 'its'}_name"
        case ast.Attribute(attr=attr):
            return attr
        case ast.Call(
            func=ast.Attribute(value=value, attr="strip" | "replace" | "lower" | "join" | "capitalize"), args=args
        ):
            return _name(value) or next((found for arg in args if (found := _name(arg))), "")
        case ast.Call(func=ast.Name(id=function), args=args):
            return next((found for arg in args if (found := _name(arg))), function)
        case ast.Call(func=ast.Attribute(attr=attr)):
            return attr
        case ast.Subscript(value=value):
            return _name(value)
        case ast.BinOp(left=left, right=right):
            return _name(left) or _name(right)
        case ast.IfExp(body=body, orelse=orelse):
            return _name(body) or _name(orelse) or "word"
    return ""
