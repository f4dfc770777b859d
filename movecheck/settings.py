"""Limits and places, each of them settable by an environment variable ``MOVECHECK_<NAME>``."""

from __future__ import annotations

from pathlib import Path

from platformdirs import user_data_path
from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Limits and places. All limits on size and length are our own choice."""

    # An empty variable is one that is not set, not the current folder.
    model_config = SettingsConfigDict(
        env_prefix="MOVECHECK_", extra="ignore", env_ignore_empty=True
    )

    model: Path | None = Field(default=None, description="pose_landmarker .task file to use")
    data_dir: Path = Field(
        default_factory=lambda: user_data_path("movecheck", appauthor=False),
        description="where the pose model is kept",
    )
    max_file_mb: float = Field(default=2000, gt=0, description="largest file that is opened")
    max_side_px: int = Field(
        default=4096, gt=0, description="longest side of a picture that is decoded"
    )
    max_pixels: int = Field(default=9_000_000, gt=0, description="most pixels of a picture")
    max_duration_s: float = Field(default=3600, gt=0, description="longest recording")
    min_duration_s: float = Field(default=1.0, ge=0, description="shortest recording")
    min_frames: int = Field(default=15, ge=1, description="fewest frames")
    pose_long_side_px: int = Field(
        default=960,
        gt=0,
        description="pictures are scaled down to this, the largest size that"
        " the error model was checked with",
    )
    every: int = Field(default=1, ge=1, le=30, description="look at every n-th frame only")
    memory_limit_mb: int = Field(
        default=6000, gt=0, description="address space of the pose process"
    )
