select kind, state, n, oldest_ms from guard_job_counts();
