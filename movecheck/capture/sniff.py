"""Which kind of file is it? Answered from its first bytes, before FFmpeg sees it.

FFmpeg opens far more than videos: scripts and playlists that name other files, pictures, text
consoles. Here a file is one of four containers or it is refused, and FFmpeg is then told which
demuxer to use, so that it never guesses.
"""

from __future__ import annotations

from movecheck.errors import UnreadableVideo, UnsupportedFormat

HEAD_BYTES = 192 * 8  # eight packets of a transport stream with time codes (our own choice)

_MP4_BOXES = {b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot", b"styp", b"moof"}
_OTHERS: tuple[tuple[bytes, str], ...] = (
    (b"ffconcat", "a list of other files"),
    (b"#EXTM3U", "a playlist"),
    (b"<?xml", "an XML document"),
    (b"<MPD", "a playlist"),
    (b"v=0", "a stream description"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"BM", "a picture"),
    (b"II*\0", "a picture"),
    (b"MM\0*", "a picture"),
    (b"%PDF", "a document"),
    (b"PK\3\4", "an archive"),
    (b"\x1f\x8b", "an archive"),
    (b"OggS", "an Ogg file"),
    (b"FLV", "a Flash video"),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "a Windows Media file"),
    (b"\0\0\1\xba", "an MPEG program stream"),
    (b"ID3", "a sound file"),
    (b"fLaC", "a sound file"),
)


def _is_transport_stream(head: bytes) -> bool:
    """Sync bytes at a spacing of 188, or of 192 after a time code (camcorders)."""
    for first, step in ((0, 188), (4, 192)):
        syncs = head[first::step]
        if len(syncs) >= 4 and set(syncs) == {0x47}:
            return True
    return False


def sniff(head: bytes) -> str:
    """Name of FFmpeg's demuxer for a file that begins with `head`.

    Parameters
    ----------
    head : bytes
        The first `HEAD_BYTES` bytes of the file, or all of a shorter one.

    Returns
    -------
    str
        ``mov`` (MP4, M4V, MOV, 3GP), ``matroska`` (MKV, WebM), ``avi`` or ``mpegts``.

    Raises
    ------
    UnreadableVideo
        An empty file, or bytes that are no known kind of file.
    UnsupportedFormat
        A known kind of file that is not accepted, such as a playlist or a picture.
    """
    if not head:
        raise UnreadableVideo("The file is empty")
    if head[4:8] in _MP4_BOXES:
        return "mov"
    if head.startswith(b"\x1a\x45\xdf\xa3"):
        return "matroska"
    if head.startswith(b"RIFF"):
        if head[8:11] == b"AVI":
            return "avi"
        raise UnsupportedFormat("The file is a sound or picture file (RIFF), not a video")
    if _is_transport_stream(head):
        return "mpegts"
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    for start, what in _OTHERS:
        if head.startswith(start) or text.startswith(start):
            raise UnsupportedFormat(f"The file is {what}, not a video")
    raise UnreadableVideo("The content of the file is not a video")
