-- What agents ask for, what became of it, and the record of both.

CREATE TYPE approval_state AS ENUM (
    'pending', 'approved', 'executing', 'executed', 'failed', 'unknown', 'rejected', 'expired', 'stale'
);

CREATE TABLE approvals (
    user_id text COLLATE "C" NOT NULL REFERENCES tenants,
    approval_id text COLLATE "C" NOT NULL,
    version bigint NOT NULL CHECK (version > 0),
    state approval_state NOT NULL,
    requested_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    feed bigint NOT NULL CHECK (feed >= 0),
    body text COLLATE "C" NOT NULL CHECK (body IS JSON OBJECT),
    PRIMARY KEY (user_id, approval_id)
);
COMMENT ON COLUMN approvals.feed IS 'where the change feed was at the last transition';
CREATE INDEX approvals_newest ON approvals (user_id, requested_at DESC, approval_id DESC);
CREATE INDEX approvals_expiring ON approvals (expires_at, approval_id) WHERE state IN ('pending', 'approved');
CREATE INDEX approvals_in_doubt ON approvals (updated_at, approval_id) WHERE state IN ('executing', 'unknown');

CREATE TABLE audit (
    user_id text COLLATE "C" NOT NULL REFERENCES tenants,
    number bigint NOT NULL CHECK (number > 0),
    approval_id text COLLATE "C",
    action text NOT NULL,
    at timestamptz NOT NULL,
    entry text COLLATE "C" NOT NULL CHECK (entry IS JSON OBJECT),
    previous bytea NOT NULL CHECK (octet_length(previous) = 32),
    hash bytea NOT NULL CHECK (octet_length(hash) = 32),
    PRIMARY KEY (user_id, number)
);

CREATE FUNCTION refuse_change_of_audit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'audit records are never changed or removed';
END
$$;
CREATE TRIGGER audit_is_append_only BEFORE UPDATE OR DELETE ON audit
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of_audit();
CREATE TRIGGER audit_is_never_emptied BEFORE TRUNCATE ON audit
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_audit();
