"""The same city on another machine: without the processor's vector instructions."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[4]

PROGRAM = """
import dataclasses, hashlib
import numpy as np
from ringfence_city.parameters import Parameters
from ringfence_city.truth import build, contacts, days, identity, transport

city = build.city(Parameters(2_500, 14, 9))
who = np.arange(2_500, dtype=np.int32)
made = hashlib.sha256()

def add(told):
    if isinstance(told, np.ndarray):
        made.update(np.ascontiguousarray(told).tobytes())
    elif dataclasses.is_dataclass(told):
        for field in dataclasses.fields(told):
            add(getattr(told, field.name))
    elif isinstance(told, tuple):
        for one in told:
            add(one)

add(city)
for day in (1, 6, 12):
    told = days.lived(city, who, day)
    add(told)
    add(contacts.met(city, told.stays, day))
    add(transport.met_aboard(city, told.rides, day))
made.update(repr(identity.identities(city, who).to_pylist()).encode())
print(made.hexdigest())
"""


def digest(**environment: str) -> str:
    path = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
    told = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env={**os.environ, "PYTHONPATH": path, **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return told.stdout.strip()


def test_a_machine_without_vector_instructions_makes_the_same_city() -> None:
    built: Any = import_module("numpy._core._multiarray_umath")
    used = [word for word in built.__cpu_dispatch__ if built.__cpu_features__.get(word)]
    plain = digest(NPY_DISABLE_CPU_FEATURES=" ".join(used), PYTHONHASHSEED="1")
    assert plain == digest(PYTHONHASHSEED="2")
    assert len(plain) == 64
