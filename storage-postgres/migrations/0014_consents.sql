-- Consents that people were sent to Google for: each is taken out once, by its person, when they come back.
CREATE TABLE consents (
    user_id text COLLATE "C" NOT NULL REFERENCES tenants,
    state_hash bytea NOT NULL CHECK (octet_length(state_hash) = 32),
    session_hash bytea NOT NULL CHECK (octet_length(session_hash) = 32),
    account_id text COLLATE "C",
    scopes text[] NOT NULL,
    redirect text NOT NULL,
    key_id text NOT NULL,
    nonce bytea NOT NULL CHECK (octet_length(nonce) = 24),
    sealed bytea NOT NULL,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (user_id, state_hash)
);
COMMENT ON COLUMN consents.account_id IS 'the account that is to grant more; null for any';
COMMENT ON COLUMN consents.sealed IS 'XChaCha20-Poly1305 of the PKCE verifier; user, state and key id are authenticated with it';
CREATE INDEX consents_by_expiry ON consents (expires_at);

ALTER TABLE consents ENABLE ROW LEVEL SECURITY;
ALTER TABLE consents FORCE ROW LEVEL SECURITY;
CREATE POLICY own_rows ON consents USING (user_id = current_setting('theo.user_id', true));
CREATE POLICY workers ON consents TO theo_worker USING (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON consents TO theo_app;
-- Who looks among everybody's learns whose consent is over, and no more.
GRANT SELECT (user_id, state_hash, expires_at) ON consents TO theo_worker;
