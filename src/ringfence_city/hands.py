"""Who does the work: this process alone, or several that hold the same city."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import get_context

from ringfence.errors import StorageError
from ringfence_city.living import DayOfPart, Lived, Order, Registered, Worker
from ringfence_city.truth.city import City
from ringfence_city.truth.followed import Near

_WORKER: dict[str, Worker] = {}
"""The worker of this process; a forked one inherits it with the city, a spawned one builds both."""


class Hands:
    """Gives results in the order of the tasks, whoever does them."""

    def __init__(self, worker: Worker, pool: ProcessPoolExecutor | None) -> None:
        self.worker = worker
        self._pool = pool

    def register(self, numbers: Sequence[int]) -> Iterator[Registered]:
        if self._pool is None:
            return map(self.worker.register, numbers)
        return self._pool.map(_register, numbers)

    def live(self, tasks: Sequence[DayOfPart]) -> Iterator[Lived]:
        if self._pool is None:
            return map(self.worker.live, tasks)
        return self._pool.map(_live, tasks)

    def look(self, tasks: Sequence[DayOfPart]) -> Iterator[Near]:
        if self._pool is None:
            return map(self.worker.look, tasks)
        return self._pool.map(_look, tasks)


@contextmanager
def hands(order: Order, city: City, workers: int) -> Iterator[Hands]:
    worker = Worker(order, city)
    if min(workers, len(worker.parts)) == 1:
        yield Hands(worker, None)
        return
    _WORKER["here"] = worker
    forks = sys.platform == "linux"
    pool = ProcessPoolExecutor(
        min(workers, len(worker.parts)),
        mp_context=get_context("fork" if forks else "spawn"),
        initializer=_begin,
        initargs=(order,),
    )
    try:
        yield Hands(worker, pool)
    except BrokenProcessPool:
        raise StorageError(
            "a process that made the city was ended from outside, perhaps for want of memory; "
            "nothing was left behind. Try again with --workers 1",
            "生成城市的一个进程被外部终止，可能是内存不足；未留下任何内容。请改用 --workers 1 重试",
        ) from None
    except BaseException:
        pool.shutdown(cancel_futures=True)
        raise
    finally:
        pool.shutdown()
        _WORKER.clear()


def _begin(order: Order) -> None:
    if "here" not in _WORKER:
        _WORKER["here"] = Worker(order)


def _register(number: int) -> Registered:
    return _WORKER["here"].register(number)


def _live(task: DayOfPart) -> Lived:
    return _WORKER["here"].live(task)


def _look(task: DayOfPart) -> Near:
    return _WORKER["here"].look(task)
