-- Worker processes and their last sign of life, by the database's clock. They belong to nobody.
CREATE TABLE workers (
    name text COLLATE "C" PRIMARY KEY,
    started_at timestamptz NOT NULL,
    last_beat_at timestamptz NOT NULL,
    last_job_at timestamptz,
    jobs bigint NOT NULL CHECK (jobs >= 0)
);
COMMENT ON COLUMN workers.last_job_at IS 'the beat before which it last took a job; null when it took none';
GRANT SELECT, INSERT, UPDATE, DELETE ON workers TO theo_app;
