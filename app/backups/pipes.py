"""Programs in a row, each reading what the one before writes; that all of them succeeded is known before the end."""

import contextlib
import os
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from typing import IO

from app.errors import FeelbackError

CHUNK = 1_048_576
STALE_SECONDS = 86_400  # leftovers of a killed backup are deleted after this
TOLD_BYTES = 2000  # of what a program said when it failed


def read(commands: Sequence[Sequence[str]], environ: Mapping[str, str] | None = None) -> Iterator[bytes]:
    """What the last of `commands` writes, in chunks; `environ` is added to every program's environment.

    Raises:
        FeelbackError: 500 where one failed, before the last chunk is told to be the last.
    """
    with _running(commands, subprocess.DEVNULL, environ) as programs:
        output = programs[-1].stdout
        while chunk := output.read(CHUNK):
            yield chunk


def write(commands: Sequence[Sequence[str]], chunks: Iterator[bytes], environ: Mapping[str, str] | None = None) -> None:
    """Hands `chunks` to the first of `commands`; whatever `chunks` raises ends them all before they saw their end.

    Raises:
        FeelbackError: 500 where one failed.
    """
    with _running(commands, subprocess.PIPE, environ) as programs:
        given = programs[0].stdin
        with contextlib.suppress(BrokenPipeError):  # it ended early: its exit code says why
            for chunk in chunks:
                given.write(chunk)
            given.close()
        while programs[-1].stdout.read(CHUNK):
            pass


class _Program:
    def __init__(self, command: Sequence[str], source: int | IO[bytes], environ: Mapping[str, str]) -> None:
        self.name, self._told = os.path.basename(command[0]), tempfile.TemporaryFile()  # noqa: SIM115 - `end` closes it
        try:
            self.process = subprocess.Popen(
                command, stdin=source, stdout=subprocess.PIPE, stderr=self._told, env={**os.environ, **environ}
            )
        except OSError:
            self._told.close()
            raise FeelbackError(500, f"{self.name} is not installed.", hint="Install it and try again.") from None

    @property
    def stdout(self) -> IO[bytes]:
        assert self.process.stdout is not None
        return self.process.stdout

    @property
    def stdin(self) -> IO[bytes]:
        assert self.process.stdin is not None
        return self.process.stdin

    def told(self) -> str:
        self._told.seek(0)
        return " ".join(self._told.read(TOLD_BYTES).decode(errors="replace").split())

    def end(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout):
            if stream is not None:
                with contextlib.suppress(BrokenPipeError):
                    stream.close()
        self._told.close()


@contextlib.contextmanager
def _running(
    commands: Sequence[Sequence[str]], source: int, environ: Mapping[str, str] | None
) -> Iterator[list[_Program]]:
    programs: list[_Program] = []
    try:
        for command in commands:
            programs.append(_Program(command, programs[-1].stdout if programs else source, environ or {}))
            if len(programs) > 1:
                programs[-2].stdout.close()  # so that it learns of the next one's end
        yield programs
        failed = [program for program in programs if program.process.wait() != 0]
        if failed:  # one that fails breaks the others' pipes: all are told, and one of them is the cause
            told = "; ".join(f"{each.name} failed: {each.told() or 'it did not say why'}" for each in failed)
            raise FeelbackError(500, told)
    finally:
        for program in reversed(programs):
            program.end()
