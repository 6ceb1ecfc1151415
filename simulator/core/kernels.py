"""How numba turns a rule or a pass into machine code, once.

Numba by itself compiles every function for itself and then again inlined in each that calls it. Here a function that is
called by another is a **part**: it is translated to LLVM's language and no further. What Python calls is a **whole**:
all its parts, and theirs, are linked into it and optimised together, so that each piece of code meets the optimiser
where it is used and nowhere else. Parts are inlined (``forceinline``): the machine code is that of one long function.

Of numba's passes only those run that kernels need: they have no closures, no ``with``, no loops over tuples of several
types, allocate nothing and raise nothing. What needs more fails to compile.
"""

import os
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import llvmlite.binding as llvm
from numba.core import config, typed_passes, types, untyped_passes
from numba.core.caching import FunctionCache, NullCache
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import CompilerBase
from numba.core.compiler_machinery import PassManager
from numba.core.registry import CPUDispatcher

from simulator.core.garbage import uncollected

try:
    import fcntl
except ImportError:  # Windows: whoever starts two runs at once compiles twice
    fcntl = None


class Kernel(CPUDispatcher):
    """A compiled function: a whole where Python calls it, a part of whatever compiled function calls it.

    ``folder`` says where the machine code of a module is kept.
    """

    def __init__(self, function: Any, options: Mapping[str, Any], folder: Callable[[str], Path]):
        super().__init__(function, targetoptions=dict(options), pipeline_class=_Whole)
        self._part: _Part | None = None
        self._options = options
        self._folder = folder

    def compile(self, sig: Any) -> Any:
        """The function for a signature, from the cache where it is there. Of processes that need it at the same time
        one compiles, and the others wait for what it writes."""
        if isinstance(self._cache, NullCache):  # most functions are parts alone, and need no place in the cache
            config.CACHE_DIR = str(self._folder(self.py_func.__module__))
            self._cache = _Cache(self.py_func)
        with _alone(self._cache.cache_path):
            return super().compile(sig)

    def get_call_template(self, args: tuple, kws: Mapping[str, Any]) -> tuple:
        """What type inference asks for a call of this function in another one."""
        if self._part is None:
            self._part = _Part(self.py_func, self._options)
        return self._part.get_call_template(
            tuple(map(_general, args)), {name: _general(kind) for name, kind in kws.items()}
        )

    def get_overload(self, sig: Any) -> Any:
        """What lowering calls, for a signature that type inference has settled on."""
        assert self._part is not None
        return self._part.get_overload(sig)


class _Cache(FunctionCache):
    """Machine code on disk."""

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """Load without what is needed for compiling, a third of a second of numba's imports."""
        with self._guard_against_spurious_io_errors():
            return self._load_overload(sig, target_context)


class _Part(CPUDispatcher):
    """A function as others call it."""

    def __init__(self, function: Any, options: Mapping[str, Any]):
        super().__init__(function, targetoptions=dict(options), pipeline_class=_PartOfOthers)

    def add_overload(self, cres: Any) -> None:
        """Keep what was translated; there is nothing that Python could call."""
        self.overloads[tuple(cres.signature.args)] = cres


def _general(kind: Any) -> Any:
    """The type as which a kernel takes an argument of another: numba would compile it anew for each constant, and
    for columns of each width, many times what there is; once inlined all of them come to the same."""
    kind = types.unliteral(kind)
    narrow = isinstance(kind, types.Integer) and kind.signed and kind.bitwidth < 64
    return types.int64 if narrow else kind


class _PartLibrary(JITCodeLibrary):
    """Code that is only linked into others: neither optimised as a module nor made machine code."""

    def finalize(self) -> None:
        """Nothing but a name for the linker."""
        for function in self._final_module.functions:
            if not function.is_declaration and function.linkage == llvm.Linkage.external:
                function.linkage = "linkonce_odr"
        self._shared_module = self._final_module
        self._finalized = True


class _WholeLibrary(JITCodeLibrary):
    """Code that Python calls, with all parts linked in."""

    def finalize(self) -> None:
        """Link what the parts need as well, each once, then optimise and compile."""
        found: dict[Any, None] = {}
        left = self._linking_libraries[::-1]
        while left:
            library = left.pop()
            if library not in found:
                found[library] = None
                left += library._linking_libraries[::-1] if isinstance(library, _PartLibrary) else []
        self._linking_libraries = list(found)
        super().finalize()


class _Passes(PassManager):
    """Numba's passes that a kernel needs, without what numba does between them for others to look at."""

    def __init__(self) -> None:
        super().__init__("kernel")
        for each in (
            untyped_passes.TranslateByteCode,
            untyped_passes.FixupArgs,
            untyped_passes.IRProcessing,
            untyped_passes.RewriteSemanticConstants,
            untyped_passes.DeadBranchPrune,
            untyped_passes.GenericRewrites,
            untyped_passes.ReconstructSSA,
            typed_passes.NopythonTypeInference,
            typed_passes.PreLowerStripPhis,
            typed_passes.IRLegalization,
            typed_passes.NativeLowering,
            typed_passes.NoPythonBackend,
        ):
            self.add_pass(each, each.__name__)
        self.finalize()

    def _runPass(self, index: int, pss: Any, internal_state: Any) -> None:
        pss.analysis = self._analysis
        pss.run_pass(internal_state)


_PASSES = _Passes()


class _Whole(CompilerBase):
    """How a whole is compiled."""

    library: type[JITCodeLibrary] = _WholeLibrary

    def define_pipelines(self) -> list[PassManager]:
        """The passes above, and no fallback."""
        return [_PASSES]

    def compile_extra(self, func: Any) -> Any:
        """Compile a function for the types that the compiler was made with."""
        library = self.library(self.state.targetctx.codegen(), func.__qualname__)
        library.enable_object_caching()
        self.state.library = library
        with _quickly():
            return super().compile_extra(func)


class _PartOfOthers(_Whole):
    """How a part is translated."""

    library = _PartLibrary

    def __init__(self, *args: Any):
        super().__init__(*args)
        self.state.flags.no_compile = self.state.flags.no_cpython_wrapper = True

    def compile_extra(self, func: Any) -> Any:
        """Translate a function; what calls it finds it by its library."""
        made = super().compile_extra(func)
        self.state.targetctx.insert_user_function(made.library, made.fndesc, [made.library])
        return made._replace(entry_point=made.library)


_known: dict[tuple[int, ...], tuple[Any, Any]] = {}
"""What operators and built-in functions give for types that were met: signature and implementation, by numba's numbers
of the function and of its arguments."""


def _remembered(function: Any, context: Any, args: tuple, kws: Mapping[str, Any]) -> Any:
    """The signature of a call of an operator or built-in function; numba asks every overload of ``+`` each time."""
    if kws:
        return _asked(function, context, args, kws)
    key = (function._code, *(each._code for each in args))
    if key not in _known:
        signature = _asked(function, context, args, kws)
        _known[key] = signature, signature and function._impl_keys[signature.args]
    signature, implementation = _known[key]
    if signature is not None:
        function._impl_keys[signature.args] = implementation
    return signature


_asked = types.Function.get_call_type


@contextmanager
def _quickly() -> Generator[None]:
    """While kernels compile: signatures are remembered, and nobody looks for garbage among the millions of objects that
    live until a compilation ends, which takes a third longer."""
    if types.Function.get_call_type is _remembered:  # a part, while its whole is compiled
        yield
        return
    types.Function.get_call_type = _remembered
    try:
        with uncollected():
            yield
    finally:
        types.Function.get_call_type = _asked


@contextmanager
def _alone(folder: str) -> Generator[None]:
    """One process at a time for a folder, as long as it lives: the lock of a process that dies is let go."""
    held = None
    if fcntl is not None:
        with suppress(OSError):  # a file system without locks
            held = os.open(folder, os.O_RDONLY)
            fcntl.flock(held, fcntl.LOCK_EX)
    try:
        yield
    finally:
        if held is not None:
            os.close(held)
