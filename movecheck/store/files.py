"""The files of an assessment: copied in, and packed for taking away."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from movecheck.errors import DataError

if TYPE_CHECKING:
    from movecheck.store.models import Visit
    from movecheck.store.store import Store

KEPT = ("assessment.json", "signals.csv", "measures.csv", "landmarks.parquet")
"""Files without a picture of the person."""
OVERLAY, RECORDING = "overlay.mp4", "recording.mp4"
SUMMARY = ("client", "day", "movement", "view", "measure", "side", "value", "uncertainty", "unit")


def read_content(result: Path) -> dict[str, Any]:
    """Return what ``assessment.json`` of a result folder says.

    Raises
    ------
    DataError
        It is not there, or it is not an assessment.
    """
    try:
        content = json.loads((result / "assessment.json").read_bytes())
    except (OSError, ValueError) as error:
        raise DataError("The result files do not hold what they should.") from error
    if not isinstance(content, dict) or not {"movement", "view", "measures"} <= set(content):
        raise DataError("The result files do not hold what they should.")
    return content


def copy_result(result: Path, target: Path, recording: Path | None, *, video: bool) -> None:
    """Copy the files of a result into a new folder open to this user alone, with their times.

    Pictures of the person (overlay, recording) are copied only with `video`.
    """
    target.mkdir(mode=0o700)
    wanted = [*KEPT, *([OVERLAY] if video else [])]
    for name in wanted:
        if (result / name).is_file():
            shutil.copy2(result / name, target / name)
    if video and recording is not None:
        shutil.copy2(recording, target / RECORDING)
    for path in target.iterdir():
        os.chmod(path, 0o600)  # noqa: PTH101 - reads as what it does


def export_zip(store: Store, visits: Sequence[Visit], out: IO[bytes]) -> None:
    """Pack visits as a zip: all rows as JSON, the measures as CSV, and every file.

    Parameters
    ----------
    store : Store
        Where they are kept.
    visits : sequence of Visit
        What to pack, as `Store.visits` gives them.
    out : binary file
        Where the zip goes.
    """
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        rows = [_visit_row(visit) for visit in visits]
        archive.writestr("visits.json", json.dumps(rows, indent=1, ensure_ascii=False))
        archive.writestr("measures.csv", _summary_csv(visits))
        for visit in visits:
            for one in visit.assessments:
                inside = f"{visit.day.isoformat()}-{one.movement}-{one.id}"
                for path in sorted(store.folder_of(one).glob("*")):
                    archive.write(path, f"{inside}/{path.name}")


def _visit_row(visit: Visit) -> dict[str, Any]:
    return {
        "client": visit.client.name if visit.client else None,
        "remark": visit.client.remark if visit.client else None,
        "day": visit.day.isoformat(),
        "scores": {score.kind: score.value for score in visit.scores},
        "questionnaires": [
            {"name": s.kind, "value": s.value, "most": s.most, "items": s.items}
            for s in visit.scores
        ],
        "notes": [{"written": n.created.isoformat(), "text": n.text} for n in visit.notes],
        "assessments": [one.content for one in visit.assessments],
    }


def _summary_csv(visits: Iterable[Visit]) -> str:
    from movecheck.export.tables import guard

    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(SUMMARY)
    for visit in visits:
        client = visit.client.name if visit.client else ""
        for one in visit.assessments:
            for row in _summaries(one.content):
                writer.writerow(
                    [guard(client), visit.day.isoformat(), one.movement, one.view, row["id"],
                     row["side"], row["value"], row["uncertainty"], row["unit"]]
                )  # fmt: skip
        for score in visit.scores:
            writer.writerow(
                [guard(client), visit.day.isoformat(), "", "", guard(score.kind), "",
                 score.value, "", "points"]
            )  # fmt: skip
    return out.getvalue()


def _summaries(content: Any) -> list[dict[str, Any]]:
    return [row for row in content["measures"] if row["rep"] is None]
