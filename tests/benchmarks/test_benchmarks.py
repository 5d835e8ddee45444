"""The benchmarks measure what a person's browser does, and their measuring costs little."""

from pathlib import Path

from tests.benchmarks.screen_timings import FLAGS

HERE = Path(__file__)
SOURCES = {path.name: path.read_text(encoding="utf-8") for path in HERE.parent.glob("*.py") if path != HERE}


def test_the_browser_compiles_scripts_as_it_does_for_a_person():
    assert "--headless" in FLAGS
    assert [flag for flag in FLAGS if flag.startswith(("--js-flags", "--no-opt", "--no-maglev", "--jitless"))] == []


def test_no_benchmark_has_the_page_laid_out_at_each_look():
    assert {"screen_timings.py", "core_timings.py"} <= SOURCES.keys()
    assert [name for name, text in SOURCES.items() if ".innerText" in text or "inner_text" in text] == []
