"""The pages people use: the workbench, the records, and what they are made of."""

from __future__ import annotations

from fastapi import APIRouter

from visiontools.doors.web import (
    pages_correct,
    pages_record,
    pages_records,
    pages_samples,
    pages_workbench,
)

router = APIRouter(include_in_schema=False)
for _part in (pages_workbench, pages_samples, pages_records, pages_record, pages_correct):
    router.include_router(_part.router)
