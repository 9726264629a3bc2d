"""Nothing in a download is trusted: each hostile entry is left out with a sentence, and the rest is read."""

import io
import stat
import warnings
import zipfile
from contextlib import ExitStack, closing

import pytest

from autograder.collecting import download as downloads
from autograder.collecting.download import UnusableDownload, open_download, read_all
from autograder.submissions.submission import MAX_BYTES


def zipped(entries):
    """A zip file's bytes; an entry is its name and content, or a ZipInfo and content."""
    file = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # names that are there twice
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in entries:
                archive.writestr(name, content)
    return file.getvalue()


def entry(name, mode=0):
    info = zipfile.ZipInfo(name)
    info.external_attr = mode << 16
    return info


def everything(download):
    """Read all files as one person's."""
    return read_all(download, {name: name for name in download.names})


@pytest.fixture
def opened(tmp_path):
    with ExitStack() as left:

        def opened(content):
            path = tmp_path / "download.zip"
            path.write_bytes(content)
            return left.enter_context(closing(open_download(path)))

        yield opened


@pytest.mark.parametrize(
    ("hostile", "why"),
    [
        *((name, "leads out") for name in ("../../etc/passwd", "a/../../b.ipynb", "/etc/passwd")),
        *((name, "leads out") for name in ("C:\\windows\\b.ipynb", "..\\b.ipynb")),
        *((name, "not text") for name in ("two\nlines.ipynb", f"{'x' * 300}.ipynb")),
        (entry("link.ipynb", stat.S_IFLNK | 0o777), "is a link"),
        (entry("pipe.ipynb", stat.S_IFIFO | 0o666), "not an ordinary file"),
    ],
)
def test_a_hostile_entry_is_left_out_and_the_rest_is_read(opened, hostile, why):
    download = opened(zipped([(hostile, b"evil"), ("amara/work.ipynb", b"good")]))
    assert download.names == ["amara/work.ipynb"]
    assert download.read("amara/work.ipynb") == b"good"
    assert [why in reason for reason in download.left_out.values()] == [True]


def test_an_encrypted_entry_is_left_out(opened):
    content = bytearray(zipped([("work.ipynb", b"secret")]))
    content[content.rindex(b"PK\x01\x02") + 8] |= 1
    download = opened(bytes(content))
    assert (download.names, download.left_out) == ([], {"work.ipynb": "it is encrypted"})


def test_a_bomb_is_read_no_further_than_a_submission_may_go(opened):
    download = opened(zipped([("bomb.ipynb", bytes(MAX_BYTES + 1)), ("work.ipynb", b"good")]))
    with pytest.raises(ValueError, match="more than 20 MB"):
        download.read("bomb.ipynb")
    unpacked = everything(download)
    assert unpacked.files == {"work.ipynb": b"good"}
    assert list(unpacked.left_out) == ["bomb.ipynb"]


def test_a_size_that_is_not_true_is_no_way_in(opened):
    content = bytearray(zipped([("bomb.ipynb", bytes(MAX_BYTES + 1))]))
    directory = content.rindex(b"PK\x01\x02")
    content[directory + 24 : directory + 28] = (10).to_bytes(4, "little")
    unpacked = everything(opened(bytes(content)))
    assert sum(map(len, unpacked.files.values())) <= 10
    assert len(unpacked.files) + len(unpacked.left_out) == 1


def test_archives_are_opened_two_deep_and_no_deeper(opened):
    inner = zipped([("work.ipynb", b"deep")])
    for _ in range(3):
        inner = zipped([("in.zip", inner), ("note.txt", b"hello")])
    unpacked = everything(opened(zipped([("work.zip", inner)])))
    assert set(unpacked.files) == {"work/note.txt", "work/in/note.txt"}
    assert any("not unpacked" in why for why in unpacked.left_out.values())


def test_archives_inside_have_bounds_of_entries_and_bytes(opened, monkeypatch):
    monkeypatch.setattr(downloads, "MAX_ENTRIES_INSIDE", 50)
    many = zipped([(f"{n}.txt", b"") for n in range(51)])
    few = zipped([("work.ipynb", b"good")])
    unpacked = everything(opened(zipped([("many.zip", many), ("few.zip", few), ("none.zip", b"no archive")])))
    assert unpacked.files == {"few/work.ipynb": b"good"}
    assert set(unpacked.left_out) == {"many.zip", "none.zip"}


def test_what_is_there_twice_counts_once_and_litter_not_at_all(opened):
    names = ["__MACOSX/a/._work.ipynb", "a/.DS_Store", "a/.ipynb_checkpoints/work-checkpoint.ipynb"]
    entries = [*((name, b"x") for name in names), ("a/work.ipynb", b"old"), ("a/work.ipynb", b"new")]
    download = opened(zipped(entries))
    assert download.names == ["a/work.ipynb"]
    assert download.read("a/work.ipynb") == b"new"
    assert list(download.left_out) == ["a/work.ipynb (again)"]


NO_ARCHIVES = {"nothing": b"", "two letters": b"PK", "words": b"no archive at all"}
NO_ARCHIVES["cut short"] = zipped([("a", b"b")])[:-30]


@pytest.mark.parametrize("what", NO_ARCHIVES)
def test_what_is_no_archive_is_a_sentence(opened, tmp_path, what):
    with pytest.raises(UnusableDownload, match="is not a zip file"):
        opened(NO_ARCHIVES[what])
    with pytest.raises(UnusableDownload, match="is not there"):
        open_download(tmp_path / "nothing.zip")


def test_links_in_a_folder_are_not_followed(tmp_path):
    (tmp_path / "secret.ipynb").write_text("secret")
    folder = tmp_path / "class"
    amara = folder / "amara"
    amara.mkdir(parents=True)
    (amara / "work.ipynb").write_text("good")
    (amara / "link.ipynb").symlink_to(tmp_path / "secret.ipynb")
    (folder / "bruno").symlink_to(tmp_path)
    download = open_download(folder)
    assert download.left_out == {"bruno": "it is a link"}
    unpacked = everything(download)
    assert unpacked.files == {"amara/work.ipynb": b"good"}
    assert unpacked.left_out == {"amara/link.ipynb": "it is a link"}
    (amara / "sub").symlink_to(tmp_path)
    with pytest.raises(ValueError, match="behind a link"):
        download.read("amara/sub/secret.ipynb")
