"""The files a browser may fetch: our modules, Plotly's bundle, and KaTeX as Streamlit's wheel ships it.

They stand under a path that names them all by one digest, so a browser may keep them for good: whatever changes, an
upgrade included, changes the path, and modules of two versions never meet. Ours are read once, when the server
starts: what is written over them later belongs to the next start.
"""

from hashlib import blake2b
from importlib.util import find_spec
from pathlib import Path

HERE = Path(__file__).parent


def _folder(package: str) -> Path:
    spec = find_spec(package)
    assert spec is not None and spec.origin is not None
    return Path(spec.origin).parent


def plotly_bundle() -> Path:
    """plotly.min.js as the installed plotly package ships it: the browser draws with the same version."""
    return _folder("plotly") / "package_data" / "plotly.min.js"


def katex_bundle() -> Path:
    """KaTeX as an ES module. Its style sheet and its fonts are part of Streamlit's own page."""
    [bundle] = (_folder("streamlit") / "static" / "static" / "js").glob("katex.*.js")
    return bundle


FILES: dict[str, bytes] = {path.relative_to(HERE).as_posix(): path.read_bytes() for path in sorted(HERE.rglob("*.js"))}
BUNDLES: dict[str, Path] = {"plotly.min.js": plotly_bundle(), "katex.js": katex_bundle()}


def digest_of(files: dict[str, bytes], bundles: dict[str, Path]) -> str:
    """One name for all of them, by what is in them."""
    contents = files | {name: path.read_bytes() for name, path in bundles.items()}
    digest = blake2b(digest_size=10)
    for name, content in contents.items():
        digest.update(f"{name} {len(content)} ".encode() + content)
    return digest.hexdigest()


DIGEST = digest_of(FILES, BUNDLES)
