"""Every error and problem that the code can tell, found in the code itself.

In: the modules of the package. Out: `Told` values: code, kind, and the three parts of the text with `{name}` where a
value stands. An expression that cannot be read stays `{...}`; nothing is imported and nothing is run.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from pathlib import Path

_PARTS = ("what", "why", "text", "code", "expected", "todo")
"""parameters by which a function that makes an error is handed its words"""
_THREE = re.compile(
    r"(?P<what>.*?)[;.]? ?\b[Ee]xpected:? (?P<expected>.*?)(?:[.;] (?:To do: )?(?P<todo>.+))?$", re.DOTALL
)
_SAID = {"full_name": "file", "what": "fault.what"}
"""attributes whose names say little to a reader"""
Bound = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, order=True)
class Told:
    """One thing that the product may tell a person."""

    code: str
    kind: str
    """name of the class; Problem and Notice for what does not stop a run; Reason for a row set aside"""
    what: str = ""
    expected: str = ""
    todo: str = ""
    module: str = ""
    """path below the package"""


@dataclass(frozen=True)
class Module:
    """One parsed file."""

    name: str
    tree: ast.Module

    @cached_property
    def constants(self) -> dict[str, ast.expr]:
        """Names that the module itself assigns once."""
        return dict(_assigned(self.tree.body))

    @cached_property
    def functions(self) -> list[ast.FunctionDef]:
        """All functions, methods among them."""
        return [node for node in ast.walk(self.tree) if isinstance(node, ast.FunctionDef)]


def _assigned(body: Iterable[ast.stmt]) -> Iterator[tuple[str, ast.expr]]:
    for node in body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            yield node.targets[0].id, node.value


class Code:
    """All modules of a package."""

    def __init__(self, root: Path) -> None:
        self.modules = [
            Module(path.relative_to(root).as_posix(), ast.parse(path.read_text(encoding="utf-8")))
            for path in sorted(root.rglob("*.py"))
        ]
        errors = next(module for module in self.modules if module.name == "errors.py")
        self.classes = {node.name: node for node in errors.tree.body if isinstance(node, ast.ClassDef)}
        self.class_codes = {name: _class_code(node) for name, node in self.classes.items()}
        self.constants = {name: value for module in self.modules for name, value in module.constants.items()}

    def told(self) -> list[Told]:
        """Everything, in the order of codes."""
        found = sorted({told for module in self.modules for told in self._of_module(module)})
        # an error that is raised once more under another name has its words from the first place
        own = [told for told in found if not told.what.startswith("{fault.")]
        return list({(told.code, told.what, told.expected, told.todo): told for told in reversed(own)}.values())[::-1]

    def _of_module(self, module: Module) -> Iterator[Told]:
        for function in module.functions:
            for call in _calls(function):
                name = called(call)
                if name in self.classes:
                    yield from self._errors(module, function, call)
                elif name == "Problem":
                    yield from self._problems(module, function, call)
                elif name in {"CellError", "RowFault"}:
                    yield from self._reasons(module, function, call)

    def _errors(self, module: Module, function: ast.FunctionDef, call: ast.Call) -> Iterator[Told]:
        given = {word.arg: word.value for word in call.keywords}
        for bound in self._bindings(module, function, call):
            scope = Scope(self, module, function, bound, at=call.lineno)
            parts = [scope.texts(part) for part in (call.args[0], given["expected"], given["todo"])]
            codes = scope.texts(given["code"]) if "code" in given else (self.class_codes[called(call)],)
            for code, what, expected, todo in product(codes, *parts):
                yield Told(code=code, kind=called(call), what=what, expected=expected, todo=todo, module=module.name)

    def _problems(self, module: Module, function: ast.FunctionDef, call: ast.Call) -> Iterator[Told]:
        given = {word.arg: word.value for word in call.keywords}
        if "code" not in given:
            return
        is_notice = isinstance(given.get("is_notice"), ast.Constant)
        for bound in self._bindings(module, function, call):
            scope = Scope(self, module, function, bound, at=call.lineno)
            for code, text in product(scope.texts(given["code"]), scope.texts(given["text"])):
                if not code.startswith("{"):
                    what, expected, todo = three_parts(text)
                    kind = "Notice" if is_notice else "Problem"
                    yield Told(code=code, kind=kind, what=what, expected=expected, todo=todo, module=module.name)

    def _reasons(self, module: Module, function: ast.FunctionDef, call: ast.Call) -> Iterator[Told]:
        given = {word.arg: word.value for word in call.keywords}
        reason = call.args[0] if call.args else given["reason"]
        for code in Scope(self, module, function, {}, at=call.lineno).texts(reason):
            if re.fullmatch(r"[A-Z_]+", code):
                yield Told(code=code, kind="Reason", what="", expected="", todo="", module=module.name)

    def _bindings(self, module: Module, function: ast.FunctionDef, call: ast.Call) -> Iterator[Bound]:
        """What the callers of a function hand to it, where the words of the error are handed in; else nothing."""
        names = [argument.arg for argument in (*function.args.args, *function.args.kwonlyargs)]
        used = {node.id for node in ast.walk(call) if isinstance(node, ast.Name)}
        wanted = [name for name in names if name in used and name in _PARTS]
        if not wanted:
            yield {}
            return
        for caller, scope_function, site in self._sites(module, function):
            scope = Scope(self, caller, scope_function, {}, at=site.lineno)
            given = dict(zip(_without_self(names), site.args, strict=False))
            given |= {word.arg: word.value for word in site.keywords if word.arg}
            texts = {name: scope.texts(given[name]) for name in wanted if name in given}
            yield {**self._defaults(module, function), **texts}

    def _defaults(self, module: Module, function: ast.FunctionDef) -> Bound:
        scope = Scope(self, module, function, {}, at=0)
        pairs = zip(function.args.kwonlyargs, function.args.kw_defaults, strict=True)
        return {argument.arg: scope.texts(default) for argument, default in pairs if default is not None}

    def _sites(self, home: Module, wanted: ast.FunctionDef) -> Iterator[tuple[Module, ast.FunctionDef, ast.Call]]:
        """Calls of a function: in its own module, and in others where its name is public."""
        modules = [home] if wanted.name.startswith("_") else self.modules
        for module in modules:
            for function in module.functions:
                for call in _calls(function):
                    if called(call) == wanted.name:
                        yield module, function, call


def _class_code(node: ast.ClassDef) -> str:
    return next(
        str(value.value) for name, value in _assigned(node.body) if name == "code" and isinstance(value, ast.Constant)
    )


class Scope:
    """Texts of expressions inside one function."""

    def __init__(self, code: Code, module: Module, function: ast.FunctionDef, bound: Bound, *, at: int) -> None:
        self.code, self.module, self.bound = code, module, bound
        self.parameters = {argument.arg for argument in (*function.args.args, *function.args.kwonlyargs)}
        before = [node for node in ast.walk(function) if isinstance(node, ast.Assign) and node.lineno < at]
        # the nearest assignment above the error is the one that it tells
        self.local = dict(_assigned(sorted(before, key=lambda node: node.lineno)))

    def texts(self, node: ast.expr) -> tuple[str, ...]:
        """All texts that an expression may be."""
        if isinstance(node, ast.Constant):
            return (str(node.value),)
        if isinstance(node, ast.JoinedStr):
            return tuple("".join(parts) for parts in product(*(self._part(value) for value in node.values)))
        if isinstance(node, ast.IfExp):
            return (*self.texts(node.body), *self.texts(node.orelse))
        if isinstance(node, ast.Name):
            return self._named(node.id)
        return ("",) if _is_hint(node) else (f"{{{_name(node)}}}",)

    def _part(self, node: ast.expr) -> tuple[str, ...]:
        if not isinstance(node, ast.FormattedValue):
            return self.texts(node)
        # inside of a sentence a condition stands for a value; its branches would multiply the sentences
        return (f"{{{_name(node.value)}}}",) if isinstance(node.value, ast.IfExp) else self.texts(node.value)

    def _named(self, name: str) -> tuple[str, ...]:
        if name in self.bound:
            return self.bound[name]
        if name in self.parameters:
            return (f"{{{name}}}",)
        places = (self.local, self.module.constants, self.code.constants)
        value = next((place[name] for place in places if name in place), None)
        is_text = isinstance(value, ast.Constant | ast.JoinedStr | ast.IfExp) or _is_hint(value)
        return self.texts(value) if value is not None and is_text else (f"{{{name.strip('_').lower()}}}",)


def _is_hint(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Call) and called(node) == "did_you_mean"


def called(call: ast.Call) -> str:
    """Name of what is called, without the object before it."""
    if isinstance(call.func, ast.Name):
        return call.func.id
    return call.func.attr if isinstance(call.func, ast.Attribute) else ""


def three_parts(text: str) -> tuple[str, str, str]:
    """The three parts of a problem's text; what is not said is empty.

    >>> three_parts("a is b. Expected: c. To do: d.")
    ('a is b.', 'c.', 'd.')
    """
    found = _THREE.match(text)
    if not found:
        return text, "", ""
    what = found["what"] if found["what"].endswith(".") else found["what"] + "."
    expected, todo = found["expected"].rstrip("."), (found["todo"] or "").strip()
    return what, f"{expected}.", todo


def _calls(function: ast.FunctionDef) -> Iterator[ast.Call]:
    """Calls of a function itself, not those of functions inside of it."""
    waiting: list[ast.AST] = [*function.body]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        if isinstance(node, ast.Call):
            yield node
        waiting += ast.iter_child_nodes(node)


def _without_self(names: list[str]) -> list[str]:
    return names[1:] if names[:1] == ["self"] else names


def _name(node: ast.expr) -> str:
    """A short name for a value: that of the thing it is taken from."""
    if isinstance(node, ast.Attribute):
        return _of_attribute(node)
    if isinstance(node, ast.Name):
        return node.id.strip("_").lower()
    if isinstance(node, ast.Call):
        return _name(node.args[0]) if len(node.args) == 1 else called(node).strip("_")
    if isinstance(node, ast.Subscript):
        return _name(node.slice) if isinstance(node.slice, ast.Constant) else _name(node.value)
    inside = next((child for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr)), None)
    return _name(inside) if inside is not None else _of_constant(node)


def _of_constant(node: ast.expr) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else "..."


def _of_attribute(node: ast.Attribute) -> str:
    if node.attr == "__name__":
        return _name(node.value)
    return f"{_name(node.value)}.{node.attr}" if node.attr in {"id", "name"} else _SAID.get(node.attr, node.attr)
