"""Work in a process of its own: what it answers, what it may not take, what it cannot see."""

import io
import json
import subprocess
import sys

import pytest
from PIL import Image

from kernel import confined

LIMITS = confined.Limits(memory=200 << 20, cpu=2, wall=6, output=1 << 20)
TASK = "tests.kernel.confined_tasks"

# A process that is small itself: the peak of a child counts the memory of who started it.
MEASURE = """
import json, resource, sys
from kernel import confined
task, *numbers = sys.argv[1:]
try:
    said = [a for a in confined.Child(task, sys.stdin.buffer.read(), confined.Limits(*map(int, numbers))).answers() if a]
except Exception as error:
    said = [type(error).__name__]
print(json.dumps([said, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024]))
"""


def measured(task, data, limits):
    """Return (what a child answers or the error's name, the most memory it held in MB)."""
    numbers = map(str, (limits.memory, limits.cpu, limits.wall, limits.output))
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, task, *numbers],
        input=data,
        capture_output=True,
        check=True,
        env={"PATH": "", "LANG": "C.UTF-8"},
    )
    return json.loads(done.stdout)


def answers(data, limits=LIMITS):
    """What the task of that name answers."""
    return [a for a in confined.Child(TASK, data, limits).answers() if a is not None]


def test_what_the_child_answers_comes_one_by_one():
    assert answers(b"count") == [1, 2, 3]
    assert confined.answer(TASK, b"length" + b"x" * (3 << 20), LIMITS) == (3 << 20) + 6


@pytest.mark.parametrize(
    ("what", "error"),
    [
        (b"memory", "memory"),
        (b"loop", "signal"),
        (b"sleep", "wall"),
        (b"chatter", "output"),
        (b"abort", "signal 6"),
    ],
)
def test_what_takes_too_much_is_ended(what, error):
    with pytest.raises(confined.LimitReached, match=error):
        answers(what)


def test_an_error_of_the_childs_own_is_told_apart():
    with pytest.raises(confined.ChildFailed):
        answers(b"error")
    # The control: the same limits are enough for what is modest.
    assert answers(b"modest") == [100]


def test_the_child_knows_no_setting_and_writes_no_file(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "of-the-portal")
    assert answers(b"environment") == [["LANG", "MALLOC_ARENA_MAX", "PATH"]]
    assert answers(b"write") == ["OSError"]


def test_leaving_the_loop_ends_the_child():
    child = confined.Child(TASK, b"sleep", LIMITS)
    loop = child.answers()
    assert next(loop) is None
    loop.close()
    assert child.process.returncode == -9


def picture(kind, side, mode="RGBA"):
    """A picture of one colour: tiny as a file, large once decoded."""
    out = io.BytesIO()
    options = {"lossless": True} if kind == "WEBP" else {}
    Image.new(mode, (side, side)).save(out, kind, **options)
    return out.getvalue()


@pytest.mark.parametrize(
    ("kind", "side"), [("WEBP", 7071), ("PNG", 7000), ("WEBP", 4400), ("GIF", 6000)]
)
def test_a_tiny_picture_that_unfolds_stays_below_300_mb(kind, side):
    from kernel import qr

    data = picture(kind, side, "P" if kind == "GIF" else "RGBA")
    said, most = measured("kernel.qr_photo", data, qr.LIMITS)
    assert (len(data) < 300_000, most <= 300) == (True, True)
    assert said in ([{"error": "photo_too_big"}], ["LimitReached"], ["ChildFailed"])
