"""The trained encoder as one ONNX file: matrices and embeddings in 8 bit, the rest in float32."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic

from tools.encoder_net import EPS, HEADS, LAYERS

MOST_TOKENS = 128
OURS = "com.microsoft"  # onnxruntime's own fused operators
Arrays = Mapping[str, NDArray[np.float32]]


class _Graph:
    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def constant(self, name: str, array: NDArray[np.generic]) -> str:
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(array), name))
        return name

    def add(
        self, op: str, inputs: list[str], name: str, domain: str = "", **options: object
    ) -> str:
        self.nodes.append(helper.make_node(op, inputs, [name], name, domain=domain, **options))
        return name


def export(state: Arrays, path: Path) -> None:
    """Write `path`: input `ids` (1 x tokens, int64), output `scores` (1 x labels)."""
    with TemporaryDirectory() as folder:
        whole = Path(folder) / "float.onnx"
        onnx.save(_model(state), whole)
        quantize_dynamic(
            whole,
            path,
            op_types_to_quantize=["Attention", "MatMul"],
            per_channel=True,
            reduce_range=True,  # 7 bits: AVX2 processors overflow on 8
            weight_type=QuantType.QInt8,
            nodes_to_exclude=["heads"],
            extra_options={"DefaultTensorType": TensorProto.FLOAT},
        )


def export_float(state: Arrays, path: Path) -> None:
    """The same with float32 matrices, for comparing."""
    onnx.save(_model(state), path)


def by_rows(table: NDArray[np.float32]) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Symmetric 8 bit with one scale a row."""
    scale = np.maximum(np.abs(table).max(1, keepdims=True), 1e-8) / 127
    return np.round(table / scale).astype(np.int8), scale.astype(np.float32)


def _model(state: Arrays) -> onnx.ModelProto:
    g = _Graph()
    x = _embedded(g, state)
    for i in range(LAYERS):
        x = _block(g, state, i, x)
    pooled = g.add("ReduceMean", [x, g.constant("axis", np.asarray([1]))], "pooled", keepdims=0)
    matrix = g.constant("heads.w", state["heads.weight"].T)
    scored = g.add("MatMul", [pooled, matrix], "heads")
    g.add("Add", [scored, g.constant("heads.b", state["heads.bias"])], "scores")
    graph = helper.make_graph(
        g.nodes,
        "encoder",
        [helper.make_tensor_value_info("ids", TensorProto.INT64, [1, "tokens"])],
        [helper.make_tensor_value_info("scores", TensorProto.FLOAT, [1, None])],
        g.constants,
    )
    opsets = [helper.make_opsetid("", 18), helper.make_opsetid(OURS, 1)]
    return helper.make_model(graph, opset_imports=opsets, ir_version=10)


def _embedded(g: _Graph, state: Arrays) -> str:
    table, scale = by_rows(state["words.weight"])
    rows = g.add("Gather", [g.constant("words.q", table), "ids"], "words")
    scales = g.add("Gather", [g.constant("words.s", scale), "ids"], "words.scales")
    whole = g.add("Mul", [g.add("Cast", [rows], "words.f", to=1), scales], "words.x")
    # The kind of sentence is always the first one: it goes into the places.
    places = (state["places.weight"][:MOST_TOKENS] + state["types.weight"][0])[None]
    tokens = g.add("Shape", ["ids"], "tokens", start=1, end=2)
    start, axis = g.constant("zero", np.asarray([0])), g.constant("one", np.asarray([1]))
    here = g.add("Slice", [g.constant("places", places), start, tokens, axis], "here")
    both = g.add("Add", [whole, here], "embedded")
    return g.add(
        "LayerNormalization",
        [both, *_both(g, state, "norm", "")],
        "x",
        axis=-1,
        epsilon=EPS,
    )


def _block(g: _Graph, state: Arrays, i: int, x: str) -> str:
    at = f"blocks.{i}."
    three = [f"{at}{part}" for part in ("query", "key", "value")]
    weight = np.concatenate([state[f"{name}.weight"].T for name in three], axis=1)
    bias = np.concatenate([state[f"{name}.bias"] for name in three])
    inputs = [x, g.constant(f"{at}qkv.w", weight), g.constant(f"{at}qkv.b", bias)]
    mixed = g.add("Attention", inputs, f"{at}mixed", OURS, num_heads=HEADS)
    attended = _matmul(g, state, f"{at}attended", mixed)
    skip = [attended, x, *_both(g, state, f"{at}norm1", "")]
    bias_name = g.constant(f"{at}attended.b", state[f"{at}attended.bias"])
    x = g.add("SkipLayerNormalization", [*skip, bias_name], f"{at}x1", OURS, epsilon=EPS)
    inner = _matmul(g, state, f"{at}inner", x)
    bias_name = g.constant(f"{at}inner.b", state[f"{at}inner.bias"])
    bent = g.add("BiasGelu", [inner, bias_name], f"{at}bent", OURS)
    outer = _matmul(g, state, f"{at}outer", bent)
    skip = [outer, x, *_both(g, state, f"{at}norm2", "")]
    bias_name = g.constant(f"{at}outer.b", state[f"{at}outer.bias"])
    return g.add("SkipLayerNormalization", [*skip, bias_name], f"{at}x2", OURS, epsilon=EPS)


def _matmul(g: _Graph, state: Arrays, name: str, x: str) -> str:
    return g.add("MatMul", [x, g.constant(f"{name}.w", state[f"{name}.weight"].T)], name)


def _both(g: _Graph, state: Arrays, name: str, _: str) -> list[str]:
    return [g.constant(f"{name}.{p}", state[f"{name}.{p}"]) for p in ("weight", "bias")]
