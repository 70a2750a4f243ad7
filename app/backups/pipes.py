"""Pipelines of programs. A failure of any program is raised before the reader sees the end of the output."""

import contextlib
import os
import subprocess
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from typing import IO, Any

from app.errors import FeelbackError

CHUNK = 1_048_576
STALE_SECONDS = 86_400  # leftovers of a killed backup are deleted after this
MOST_SECONDS = 21_600  # then the programs are killed: a dump or a restore that hangs must not run for ever
STDERR_BYTES = 2000  # of a failed program's output, for the error message


def read(commands: Sequence[Sequence[str]], environ: Mapping[str, str] | None = None) -> Iterator[bytes]:
    """Yield the output of the last of `commands` in chunks. `environ` is added to the environment of all.

    Raises:
        FeelbackError: 500 if one fails; raised in place of the end of the chunks.
    """
    with _running(commands, subprocess.DEVNULL, environ) as programs:
        output = programs[-1].stdout
        while chunk := output.read(CHUNK):
            yield chunk


def write(commands: Sequence[Sequence[str]], chunks: Iterator[bytes], environ: Mapping[str, str] | None = None) -> None:
    """Write `chunks` to the first of `commands`. If `chunks` raises, all are killed before they see an end of input.

    Raises:
        FeelbackError: 500 if one fails.
    """
    with _running(commands, subprocess.PIPE, environ) as programs:
        stdin = programs[0].stdin
        with contextlib.suppress(BrokenPipeError):  # it ended early: its exit status says why
            for chunk in chunks:
                stdin.write(chunk)
            stdin.close()
        while programs[-1].stdout.read(CHUNK):
            pass


def run(command: Sequence[str], options: Mapping[str, Any] | None = None) -> None:
    """Run one program to its end. `options` are for `subprocess.run`.

    Raises:
        FeelbackError: 500 if it fails.
    """
    name = os.path.basename(command[0])
    try:
        done = subprocess.run(command, capture_output=True, text=True, cwd="/", **(options or {}))
    except OSError:
        raise FeelbackError(500, f"{name} is not installed.", hint="Install it and try again.") from None
    if done.returncode:
        raise FeelbackError(500, f"{name} failed: {' '.join(done.stderr.split())[-STDERR_BYTES:]}")


class _Program:
    def __init__(self, command: Sequence[str], source: int | IO[bytes], environ: Mapping[str, str]) -> None:
        self.name, self._stderr = os.path.basename(command[0]), tempfile.TemporaryFile()  # noqa: SIM115 - `end` closes it
        try:
            self.process = subprocess.Popen(
                command, stdin=source, stdout=subprocess.PIPE, stderr=self._stderr, env={**os.environ, **environ}
            )
        except OSError:
            self._stderr.close()
            raise FeelbackError(500, f"{self.name} is not installed.", hint="Install it and try again.") from None

    @property
    def stdout(self) -> IO[bytes]:
        assert self.process.stdout is not None
        return self.process.stdout

    @property
    def stdin(self) -> IO[bytes]:
        assert self.process.stdin is not None
        return self.process.stdin

    def error_text(self) -> str:
        self._stderr.seek(0)
        return " ".join(self._stderr.read(STDERR_BYTES).decode(errors="replace").split())

    def end(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout):
            if stream is not None:
                with contextlib.suppress(BrokenPipeError):
                    stream.close()
        self._stderr.close()


@contextlib.contextmanager
def _running(
    commands: Sequence[Sequence[str]], source: int, environ: Mapping[str, str] | None
) -> Iterator[list[_Program]]:
    programs: list[_Program] = []
    overdue = threading.Event()
    try:
        for command in commands:
            programs.append(_Program(command, programs[-1].stdout if programs else source, environ or {}))
            if len(programs) > 1:
                programs[-2].stdout.close()  # only the next program holds it now, so its end breaks the pipe
        timer = threading.Timer(MOST_SECONDS, _kill, [programs, overdue])
        timer.daemon = True
        timer.start()
        try:
            yield programs
        finally:
            timer.cancel()
        if overdue.is_set():
            raise FeelbackError(
                500, f"{programs[0].name} was killed: it took longer than {MOST_SECONDS / 3600:g} hours."
            )
        failed = [program for program in programs if program.process.wait() != 0]
        if failed:  # one that fails breaks the pipes of the others: name all, since one of them is the cause
            errors = (f"{program.name} failed: {program.error_text() or 'no error message'}" for program in failed)
            raise FeelbackError(500, "; ".join(errors))
    finally:
        for program in reversed(programs):
            program.end()


def _kill(programs: Sequence[_Program], overdue: threading.Event) -> None:
    overdue.set()
    for program in programs:
        program.process.kill()
