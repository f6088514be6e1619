"""The jobs, one module each. Order matters for jobs that are due at the same moment."""

from scheduler.schedule import Job

JOBS: tuple[Job, ...] = ()
