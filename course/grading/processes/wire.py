"""Frames of plain data and raw arrays, between grading and the learner's process.

    4 bytes  length of the tree, as JSON in UTF-8
    4 bytes  length of the raw bytes of all arrays
    the tree, then the raw bytes

Numbers, text, None, True and False stand in the tree as they are; all else is a list
that begins with its type: ["tuple", 1, 2], ["array", "<f4", [2, 3], 0, 24] with the
place of its bytes. What comes is never trusted: sizes, depth, types and numbers are
checked before anything is made of them, and nothing in a frame names code. Left out:
the socket (`connection`), and what is said (`remote`, `learner_side`).
"""

import json
import math
import re
import struct
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from course.errors import CourseError
from course.grading.plain import DEEPEST, MOST_ITEMS

MOST_TREE = 8 << 20  # bytes of JSON; read, they may take twenty times as much memory
MOST_RAW = 64 << 20  # bytes of all arrays
_MOST_DIGITS = 100_000  # of an integer, hexadecimal
HEAD = struct.Struct("!II")
_DTYPE = re.compile(r"[<>|][biufcSUmM]\d{1,6}(\[\d{0,6}[a-zA-Z]{1,2}\])?")
_SEQUENCES = {"list": list, "tuple": tuple, "set": set, "frozenset": frozenset}
_OTHERS = ("int", "complex", "bytes", "array", "tensor", "reference")
_TENSORS = {
    *("bool", "uint8", "int8", "int16", "int32", "int64"),
    *("float16", "bfloat16", "float32", "float64", "complex64", "complex128"),
}


class FrameError(CourseError):
    """What came is no frame, or is larger than one may be."""


@dataclass(frozen=True)
class Reference:
    """What cannot cross: an object of the learner's process, or a function of a case.

    Attributes:
        role: "handle" or "function".
        number: Where its owner keeps it.
        kind: Name of a handle's class.
    """

    role: str
    number: int
    kind: str = ""


def encode(value: Any) -> bytes:
    """Return a frame.

    Args:
        value: Plain data as `copy_plain` makes it, with a `Reference` in place of
            anything else.

    Raises:
        FrameError: If it is too large, or holds something else.

    Example:
        >>> decode(encode({"a": (1, 2.5, b"c")}), None)
        {'a': (1, 2.5, b'c')}
    """
    raw: list[bytes] = []
    tree = json.dumps(_Writer(raw).write(value)).encode()
    joined = b"".join(raw)
    if len(tree) > MOST_TREE or len(joined) > MOST_RAW:
        raise FrameError(
            f"A value of {len(tree) + len(joined):,} bytes is too large to hand over: "
            "return a smaller one."
        )
    return HEAD.pack(len(tree), len(joined)) + tree + joined


class _Writer:
    def __init__(self, raw: list[bytes]) -> None:
        self.raw, self.at = raw, 0

    def write(self, value: Any) -> Any:
        kind = type(value)
        if value is None or kind in (bool, str, float):
            return value
        if kind is int:
            return value if abs(value) < 1 << 60 else ["int", f"{value:x}"]
        if kind is dict:
            pairs = (part for pair in value.items() for part in pair)
            return ["dict", *map(self.write, pairs)]
        if kind.__name__ in _SEQUENCES and kind is _SEQUENCES[kind.__name__]:
            return [kind.__name__, *map(self.write, value)]
        if kind is complex:
            return ["complex", value.real, value.imag]
        if kind is bytes:
            return ["bytes", *self.keep(value)]
        if kind is Reference:
            return ["reference", value.role, value.number, value.kind]
        return self.write_array(value)

    def write_array(self, value: Any) -> list[Any]:
        numpy, torch = sys.modules.get("numpy"), sys.modules.get("torch")
        if numpy and type(value) is numpy.ndarray and _DTYPE.fullmatch(value.dtype.str):
            array = numpy.ascontiguousarray(value)
            return [
                "array",
                value.dtype.str,
                list(value.shape),
                *self.keep(array.tobytes()),
            ]
        name = str(getattr(value, "dtype", "")).removeprefix("torch.")
        is_tensor = torch and type(value) is torch.Tensor and name in _TENSORS
        if is_tensor and value.layout is torch.strided:
            flat = value.detach().resolve_conj().contiguous().reshape(-1)
            raw = flat.view(torch.uint8).numpy().tobytes() if len(flat) else b""
            return ["tensor", name, list(value.shape), *self.keep(raw)]
        raise FrameError(
            f"A {type(value).__name__} cannot be handed over: return plain data."
        )

    def keep(self, raw: bytes) -> tuple[int, int]:
        self.raw.append(raw)
        self.at += len(raw)
        return self.at - len(raw), len(raw)


def check_sizes(head: bytes) -> tuple[int, int]:
    """Return the lengths of the tree and of the raw bytes.

    Args:
        head: The first `HEAD.size` bytes of a frame, or more.

    Raises:
        FrameError: If a frame may not be that large.
    """
    size, raw_size = HEAD.unpack_from(head)
    if size > MOST_TREE or raw_size > MOST_RAW:
        raise FrameError("No frame came (too large): plain data was expected.")
    return size, raw_size


def decode(frame: bytes, refer: Callable[[Reference], Any] | None) -> Any:
    """Return what a frame holds.

    Args:
        frame: All its bytes, from anyone.
        refer: Called for each reference; what it returns stands in its place.

    Raises:
        FrameError: If the frame is not one that `encode` could have made.
    """
    try:
        size, raw_size = check_sizes(frame)
        if len(frame) != HEAD.size + size + raw_size:
            raise ValueError("wrong length")
        tree = json.loads(frame[HEAD.size : HEAD.size + size])
        return _Reader(memoryview(frame)[HEAD.size + size :], refer).read(tree, 0)
    except FrameError:
        raise
    except (ValueError, TypeError, IndexError, KeyError, OverflowError) as error:
        raise FrameError(f"No frame came ({error}): plain data was expected.") from None
    except (struct.error, RecursionError, MemoryError, RuntimeError) as error:
        kind = type(error).__name__
        raise FrameError(f"No frame came ({kind}): plain data was expected.") from None


class _Reader:
    def __init__(
        self, raw: memoryview, refer: Callable[[Reference], Any] | None
    ) -> None:
        self.raw, self.refer = raw, refer
        self.items = 0

    def read(self, tree: Any, depth: int) -> Any:
        if type(tree) is not list:
            if type(tree) is dict:
                raise ValueError("an object of JSON")
            return tree
        kind, *parts = tree
        self.items += len(parts)
        if depth > DEEPEST or self.items > MOST_ITEMS + DEEPEST:
            raise ValueError("too deep or too many items")
        if kind in _SEQUENCES:
            return _SEQUENCES[kind](self.read(part, depth + 1) for part in parts)
        if kind == "dict":
            read = [self.read(part, depth + 1) for part in parts]
            return dict(zip(read[::2], read[1::2], strict=True))
        if kind not in _OTHERS:
            raise ValueError("no type of a value")
        return getattr(self, f"_{kind}")(*parts)

    def _int(self, digits: str) -> int:
        if len(digits) > _MOST_DIGITS:
            raise ValueError("an integer of too many digits")
        return int(digits, 16)

    def _complex(self, real: float, imaginary: float) -> complex:
        return complex(real, imaginary)

    def _bytes(self, start: int, length: int) -> bytes:
        if not (type(start) is type(length) is int) or start < 0 or length < 0:
            raise ValueError("no place in the raw bytes")
        if start + length > len(self.raw):
            raise ValueError("a place behind the raw bytes")
        return bytes(self.raw[start : start + length])

    def _array(self, dtype: str, shape: list[int], start: int, length: int) -> Any:
        import numpy

        if not _DTYPE.fullmatch(dtype):
            raise ValueError("no type of an array")
        kind = numpy.dtype(dtype)
        _check_shape(shape, kind.itemsize, length)
        if not length:
            return numpy.empty(shape, kind)
        return numpy.frombuffer(self._bytes(start, length), kind).reshape(shape).copy()

    def _tensor(self, name: str, shape: list[int], start: int, length: int) -> Any:
        import torch

        if name not in _TENSORS:
            raise ValueError("no type of a tensor")
        kind = getattr(torch, name)
        _check_shape(shape, kind.itemsize, length)
        if not length:
            return torch.empty(shape, dtype=kind)
        raw = bytearray(self._bytes(start, length))  # writable, as a tensor is
        return torch.frombuffer(raw, dtype=kind).reshape(shape)

    def _reference(self, role: str, number: int, kind: str) -> Any:
        fits = type(role) is type(kind) is str and type(number) is int
        if self.refer is None or not fits or len(kind) > 100:
            raise ValueError("a reference where none may be")
        return self.refer(Reference(role, number, kind))


def _check_shape(shape: Any, item: int, length: int) -> None:
    fits = type(shape) is list and len(shape) <= 32
    if not fits or not all(type(size) is int and 0 <= size < 1 << 40 for size in shape):
        raise ValueError("no shape")
    if math.prod(shape) * item != length:
        raise ValueError("a shape that its bytes do not fill")
