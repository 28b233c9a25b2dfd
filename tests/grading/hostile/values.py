"""Hostile values: what comes back from a function is of no use, or worse."""

from collections.abc import Iterator

from grading.hostile.hostiles import Hostile, of_answers, of_body, of_first

# Name -> what the body of `add` is; wrong, and said to be so.
WRONG = {
    "object-array": "import numpy\nreturn numpy.array([object()], dtype=object)",
    "dates": "import numpy\nreturn numpy.array(['2020-01-01'], dtype='datetime64[D]')",
    "strange-date": "import numpy\nreturn numpy.array(['NaT'], 'datetime64[1000as]')",
    "empty-array": "import numpy\nreturn numpy.empty((0, 1 << 30))",
    "generator": "return (x for x in iter(int, 1))",
    "coroutine": "async def f(): return 7\nreturn f()",
    "function": "return lambda: 7",
    "module": "import os\nreturn os",
    "class": "return int",
    "nan": "return float('nan')",
    "infinite": "return [float('inf'), -0.0, complex('nan')]",
    "half-characters": "return '\\ud800\\udfff \\ud83d'",
    "control-characters": "return '\\0\\x1b[2J\\x07\\u202e\\u2028\\r\\n' * 9",
    "markup": "return '<script>alert(1)</script><img src=x onerror=alert(2)>\"\\'&'",
    "formula": "return '=HYPERLINK(\"http://example.org\")'",
    "lying-class": "class L:\n    __class__ = int\n    def __len__(self): return -1\n"
    "    def __index__(self): return 7\nreturn L()",
    "raising-object": "class R:\n    def __getattribute__(self, name): raise KeyError\n"
    "    def __repr__(self): raise SystemExit\nreturn R()",
    "own-dict": "class D(dict):\n    def items(self): return [(7, 7)]\n"
    "    def __len__(self): return 10 ** 9\nreturn D()",
    "own-text": "class S(str):\n    def __str__(self): return self * 10 ** 9\n"
    "return S('x')",
    "many-handles": "return [object() for _ in range(20000)]",
    "odd-keys": "return {(): 1, frozenset(): 2, b'': 3, None: 4, 1.5: float('nan')}",
    "fifty-thousand-digits": "return 10 ** 50000",
    "class-of-no-name": "return type('<b>' * 99, (), {})()",
    "wide-text": "return 'x' * 4_000_000",
}
# Those that cannot be handed over: the learner's own side says so.
REFUSED = {
    "structured-array": "import numpy\nreturn numpy.zeros(2, dtype='i4,f8')",
    "pickle": "class P:\n    def __reduce__(self): import os; return os.system, ('id',)"
    "\nimport pickle\nreturn {'value': P(), 'raw': pickle.dumps(7), 'self': P}",
    "self-reference": "x = []\nx.append(x)\nreturn x",
    "dict-of-itself": "x = {}\nx[0] = x\nreturn x",
    "deep-list": "x = []\nfor _ in range(100000): x = [x]\nreturn x",
    "deep-tuple": "x = ()\nfor _ in range(100000): x = (x, {1: x})\nreturn x",
    "million-digits": "return 10 ** 1000000",
    "text-of-60-mb": "return 'x' * 60_000_000",
    "wide-array": "import numpy\nreturn numpy.zeros((1 << 27,), 'u1')",
    "many-items": "return [0] * 3_000_000",
    "unending-iteration": "class L(list):\n    def __len__(self): return 1\n"
    "    def __iter__(self):\n        while True: yield 1\nreturn L([1])",
}
RAISED = {
    "no-words": "class E(Exception):\n    def __str__(self): raise self\nraise E",
    "endless-words": "raise ValueError('<i>' * 10_000_000)",
    "base-exception": "class B(BaseException): pass\nraise B('x')",
    "keyboard": "raise KeyboardInterrupt",
    "generator-exit": "raise GeneratorExit",
    "group": "raise BaseExceptionGroup('x', [SystemExit(), KeyboardInterrupt()])",
    "recursion": "return add(a, b)",
    "half-character-error": "raise ValueError('\\ud800')",
    "raising-while-raised": "try:\n    1 / 0\nfinally:\n    raise SystemExit('bye')",
}


def hostile() -> Iterator[Hostile]:
    for name, body in WRONG.items():
        yield of_body(name, body)
    for name, body in REFUSED.items():
        yield of_body(name, body, "failed|error|crashed|memory|timeout")
    for name, body in RAISED.items():
        yield of_body(name, body, "error")
    yield of_body(
        "equal-hashes", "return {i * ((1 << 61) - 1) for i in range(60000)}", "timeout"
    )
    yield of_body(
        "words-without-end",
        "class E(Exception):\n    def __str__(self):\n        while True: pass\n"
        "raise E",
        "timeout",
    )
    yield of_first("name-is-a-value", "add = 7", "failed|error")
    yield of_first(
        "name-without-end",
        "class A:\n    def __call__(self, *_):\n        while True: pass\nadd = A()",
        "timeout",
    )
    yield of_answers(
        "object-that-changes", "passed passed failed", 10,
        third="class Mean:\n    def __getattr__(self, name):\n"
        "        return lambda *_: self",
    )  # fmt: skip
