"""pages/components/files.py: one digest names everything that a browser keeps for good."""

import pytest

from pages.components.files import digest_of


@pytest.mark.parametrize(
    ("files", "bundle"),
    [
        ({"a.js": b"one", "b.js": b"twO"}, b"bundle"),
        ({"a.js": b"one", "b.js": b"two"}, b"bundlE"),  # of the same size
        ({"a.js": b"one", "c.js": b"two"}, b"bundle"),
        ({"a.js": b"onet", "b.js": b"wo"}, b"bundle"),
    ],
)
def test_whatever_changes_in_a_file_or_a_bundle_changes_the_path_of_all(files, bundle, tmp_path):
    (tmp_path / "before").write_bytes(b"bundle")
    (tmp_path / "after").write_bytes(bundle)
    before = digest_of({"a.js": b"one", "b.js": b"two"}, {"big.js": tmp_path / "before"})
    assert digest_of(files, {"big.js": tmp_path / "after"}) != before
    assert digest_of({"a.js": b"one", "b.js": b"two"}, {"big.js": tmp_path / "before"}) == before
