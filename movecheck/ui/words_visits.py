"""The fixed texts about clients, visits, comparing and data."""

from __future__ import annotations

from movecheck.marks import N_

MYSELF = "Myself"
KEEP_TITLE = "Keep this result"
KEEP = (
    "Kept results lie on this computer alone, so that you can compare visits later. You can "
    "export or delete them at any time."
)
KEEP_VIDEO = "Keep the video as well (it shows the person)"
KEPT = "Kept. You find it under 'Clients and visits'."
WHOSE = "Whose visits"
NO_VISITS = (
    "Nothing is kept here yet. Check a movement, then choose 'Keep this result' below the result."
)
NO_STORE = "Kept results cannot be reached at the moment."
NEW_CLIENT = "Add a client"
NEW_CLIENT_HELP = "A name or a code of your own. It stays on this computer."
GONE = "Deleted: neither a row nor a file is left of it."
SURE = "yes, delete it for good"

COMPARE_INTRO = (
    "Two visits of one person, the same movement from the same side. A difference is called a "
    "real change only when it is larger than what the measurement itself can produce."
)
COMPARE_NEEDS = "To compare, keep the same movement at two visits of one person."
VERDICTS = {
    "real change": ":material/change_circle: **Real change**: larger than the measurement error",
    "within measurement error": ":material/drag_handle: **Within measurement error**: the camera "
    "cannot tell the two apart",
}
DETECTABLE = (
    "The smallest change that the measurement can tell (minimal detectable change, 95 %) comes "
    "from the ± of both figures and the spread of the repetitions. How much a person differs from "
    "day to day is not in it; several visits show that. A real change is not by itself a better "
    "or a worse one."
)
CURVES = (
    "All repetitions of a visit as thin lines, their mean as a thick one; from the start of a "
    "repetition (0 %) to its end (100 %)."
)
TREND = "Each visit with its ±. Film from the same place at the same time of day."

PRIVACY: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "What happens to a recording",
        (
            "It is measured on the computer that runs this page and is sent nowhere. The page "
            "listens on this computer alone.",
            "It lies in a private folder while the page is open. It is deleted when you delete it "
            "or measure another one, when the program ends, and two minutes after you close the "
            "page: so a phone that locks in between does not lose it.",
            "No usage statistics are collected.",
        ),
    ),
    (
        "The camera, when you record live",
        (
            "It is on only after you turn it on and your browser has asked you, and it goes off "
            "when the recording is over, when you turn it off, and when you leave the page.",
            "Its pictures go from the browser to this page on the computer that runs it, where "
            "the body is looked for. They go nowhere else, with or without a network.",
            "While you only stand before it, no picture is kept. From the end of the countdown "
            "until the recording ends, pictures are kept; a video is made of them, without sound, "
            "and it goes the way of every recording, as above. If you turn the camera off or "
            "leave before that, they go at once.",
            "The figures and lines that you see meanwhile are not stored.",
        ),
    ),
    (
        "What is kept, and only if you ask for it",
        (
            "A result that you keep: figures, curves, positions of joints, and what you typed "
            "with it (age, sex, height, pain, notes). No picture of the person, unless you tick "
            "'Keep the video as well'.",
            "Ticks on the screen with the warning signs are never stored.",
            "Deleting removes the rows and the files at once, and overwrites the rows in the "
            "SQLite file. Copies that you made yourself, and backups of this computer, are yours "
            "to delete.",
        ),
    ),
    (
        "In a clinic",
        (
            "The name of a client may be a code. Who may open this computer, the encryption of "
            "its disk and the backups are the clinic's to decide.",
            "MOVECHECK_DATABASE_URL puts the tables into a PostgreSQL of your own; the files of "
            "the results stay in the data folder.",
        ),
    ),
)
"""Sections of the page "Privacy and data": title and items."""
DELETE_ALL = "Delete everything that is kept"
EXPORT_ALL = "Export everything (zip)"
BACKUPS = N_("Backups")
BACKUP = N_(
    "A backup holds everything that is kept: clients, visits, notes, answers, results, and videos "
    "where they were kept. It is not encrypted, and it lies where your browser saves files. "
    "Deleting here does not delete backups: those are yours to keep safe and to delete."
)
BACKUP_CAP_MB = 200
BACKUP_LARGE = N_(
    "There is much to save, so it is done outside of the browser. Open a terminal and type: "
    "movecheck backup FILE.zip"
)
RESTORE_EMPTY = N_(
    "A backup can be restored where nothing is kept yet, so that nothing is lost by it."
)
RESTORED = N_("Everything of the backup is here again.")
